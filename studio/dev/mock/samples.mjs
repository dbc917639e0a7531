// Sample numbers for the mock: seeded, so that two starts show the same workspace.

/** A small deterministic generator (mulberry32). */
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (r) => Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());

const DIETS = ['mixed', 'vegetarian', 'fast food', 'mediterranean'];
export const COLUMNS = [
  'patient_id',
  'age',
  'gender',
  'diet',
  'bmi',
  'glucose',
  'systolic',
  'smoker',
  'visited',
  'diabetic',
];

export function patients(n, seed = 7) {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const age = Math.round(Math.min(90, Math.max(18, 47 + 17 * normal(r))));
    const bmi = Number((26 + 5 * normal(r)).toFixed(1));
    const glucose = Math.round(98 + 0.5 * age + 18 * normal(r));
    return [
      100000 + i,
      age,
      r() < 0.5 ? 'female' : 'male',
      r() < 0.06 ? null : DIETS[Math.floor(r() * r() * 4)],
      r() < 0.08 ? null : bmi,
      glucose,
      Math.round(118 + 0.3 * age + 12 * normal(r)),
      r() < 0.22,
      new Date(Date.UTC(2024, 0, 1) + Math.floor(r() * 500) * 86400000).toISOString().slice(0, 10),
      r() < 1 / (1 + Math.exp(-(0.05 * (glucose - 135) + 0.12 * (bmi - 28)))) ? 1 : 0,
    ];
  });
}

const TYPES = {
  patient_id: 'integer',
  age: 'integer',
  gender: 'string',
  diet: 'string',
  bmi: 'number',
  glucose: 'integer',
  systolic: 'integer',
  smoker: 'boolean',
  visited: 'timestamp',
  diabetic: 'integer',
};

export function profile(rows) {
  const columns = COLUMNS.map((name, c) => {
    const all = rows.map((r) => r[c]);
    const values = all.filter((v) => v !== null);
    const column = { name, type: TYPES[name], nulls: all.length - values.length, distinct: new Set(values).size };
    if (typeof values[0] === 'number') {
      const sorted = [...values].sort((a, b) => a - b);
      const q = (p) => sorted[Math.floor(p * (sorted.length - 1))];
      const mean = values.reduce((s, v) => s + v, 0) / values.length;
      const min = sorted[0],
        max = sorted.at(-1),
        bins = Math.min(20, column.distinct),
        width = (max - min) / bins || 1;
      const histogram = Array.from({ length: bins }, (_, i) => ({
        from: min + i * width,
        to: min + (i + 1) * width,
        count: 0,
      }));
      for (const v of values) histogram[Math.min(bins - 1, Math.floor((v - min) / width))].count++;
      return {
        ...column,
        min,
        max,
        mean,
        std: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length),
        q25: q(0.25),
        q50: q(0.5),
        q75: q(0.75),
        histogram,
      };
    }
    const counts = new Map();
    for (const v of values) counts.set(String(v), (counts.get(String(v)) ?? 0) + 1);
    const top = [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 10)
      .map(([value, count]) => ({ value, count }));
    const words = [...counts.keys()].sort();
    return { ...column, min: words[0], max: words.at(-1), top };
  });
  return { rows: rows.length, columns, computedInMs: 41, file: 'patients.csv', bytes: 512_340 };
}

/** Loss curves: falling, noisy, one value a step. */
export function curve(steps, from, to, seed, startMs) {
  const r = random(seed);
  return Array.from({ length: steps }, (_, i) => ({
    value: to + (from - to) * Math.exp((-4 * i) / steps) + (r() - 0.5) * 0.06 * Math.abs(from - to),
    step: i,
    timestamp: startMs + i * 350,
  }));
}

/** A one-colour chart-like PNG would teach the eye nothing; an SVG curve does. */
export const ROC_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 320"><rect width="420" height="320" fill="#fff"/><path d="M50 270V30M50 270H390" stroke="#555" fill="none"/><path d="M50 270 390 30" stroke="#aaa" stroke-dasharray="5"/><path d="M50 270C58 90 110 48 390 30" stroke="#4759CE" stroke-width="3" fill="none"/><text x="160" y="305" font-family="sans-serif" font-size="14">False positive rate</text><text x="230" y="160" font-family="sans-serif" font-size="15">AUC 0.93</text></svg>`;

export const MLMODEL = `artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.10.13
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.5.2
mlflow_version: 2.22.0
model_uuid: 8a3a2b1c00000000000000000000beef
run_id: train_gradient_boosting
saved_input_example_info:
  artifact_path: input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "long", "name": "age", "required": true}, {"type": "string",
    "name": "gender", "required": true}, {"type": "string", "name": "diet", "required":
    false}, {"type": "double", "name": "bmi", "required": false}, {"type": "long",
    "name": "glucose", "required": true}, {"type": "long", "name": "systolic", "required":
    true}, {"type": "boolean", "name": "smoker", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`;
export const INPUT_EXAMPLE = JSON.stringify({
  columns: ['age', 'gender', 'diet', 'bmi', 'glucose', 'systolic', 'smoker'],
  data: [
    [61, 'female', 'mixed', 31.4, 158, 142, false],
    [33, 'male', 'mediterranean', 23.1, 96, 118, false],
  ],
});

export const CONDA = `name: diabetes
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip
  - pip:
      - mlflow==2.22.*
      - scikit-learn==1.5.2
      - pandas==1.5.3
`;
export const LOCK =
  [
    'alembic==1.13.3',
    'blinker==1.8.2',
    'cachetools==5.5.0',
    'certifi==2024.8.30',
    'click==8.1.7',
    'cloudpickle==3.1.0',
    'contourpy==1.3.0',
    'cycler==0.12.1',
    'databricks-sdk==0.36.0',
    'docker==7.1.0',
    'flask==3.0.3',
    'fonttools==4.54.1',
    'gitpython==3.1.43',
    'graphene==3.4.1',
    'greenlet==3.1.1',
    'gunicorn==23.0.0',
    'idna==3.10',
    'jinja2==3.1.4',
    'joblib==1.4.2',
    'kiwisolver==1.4.7',
    'mako==1.3.6',
    'markdown==3.7',
    'markupsafe==3.0.2',
    'matplotlib==3.7.5',
    'mlflow==2.22.0',
    'mlflow-skinny==2.22.0',
    'numpy==1.23.5',
    'opentelemetry-api==1.27.0',
    'packaging==24.1',
    'pandas==1.5.3',
    'pillow==11.0.0',
    'protobuf==5.28.3',
    'psutil==5.9.8',
    'pyarrow==17.0.0',
    'python-dateutil==2.9.0',
    'pytz==2024.2',
    'pyyaml==6.0.2',
    'requests==2.32.3',
    'scikit-learn==1.5.2',
    'scipy==1.10.1',
    'six==1.16.0',
    'sqlalchemy==2.0.36',
    'threadpoolctl==3.5.0',
    'tqdm==4.66.5',
    'urllib3==2.2.3',
    'werkzeug==3.1.1',
  ].join('\n') + '\n';
