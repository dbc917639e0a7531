// The mock workspace: one finished pipeline, one that runs while you look, runs to compare, a model, an endpoint.
import { CONDA, curve, INPUT_EXAMPLE, LOCK, MLMODEL, patients, profile, ROC_SVG } from './samples.mjs';

export const SUB = '00000000-0000-0000-0000-000000000001';
export const workspace = {
  subscriptionId: SUB,
  resourceGroup: 'atelier',
  name: 'main',
  location: 'local',
  workspaceId: '6b1d9c1e-52a1-4f0a-9a37-0d6f6a3c7a11',
};
export const WS = `/subscriptions/${SUB}/resourceGroups/atelier/providers/Microsoft.MachineLearningServices/workspaces/main`;

const MIN = 60_000,
  HOUR = 60 * MIN,
  DAY = 24 * HOUR;
const iso = (ms) => new Date(ms).toISOString();

export function arm(kind, name, properties, createdMs, extra = {}) {
  return {
    id: `${WS}/${kind}/${name}`,
    name: name.split('/').pop(),
    type: `Microsoft.MachineLearningServices/workspaces/${kind}`,
    systemData: {
      createdAt: iso(createdMs),
      createdBy: 'Ada Okafor',
      createdByType: 'User',
      lastModifiedAt: iso(createdMs),
    },
    properties,
    ...extra,
  };
}

const STEPS = [
  ['prepare', 'Prepare data', 'diabetes_prepare:1', 4],
  ['train_logistic', 'Train: logistic regression', 'diabetes_train:1', 5],
  ['train_forest', 'Train: random forest', 'diabetes_train:1', 9],
  ['train_boosting', 'Train: gradient boosting', 'diabetes_train:1', 14],
  ['evaluate', 'Evaluate candidates', 'diabetes_evaluate:1', 5],
  ['register', 'Register the best', 'diabetes_register:1', 4],
];
const EDGES = [
  ['inputs', 'raw_data', 'prepare', 'raw_data'],
  ['inputs', 'target', 'prepare', 'target'],
  ...['logistic', 'forest', 'boosting'].flatMap((t) => [
    ['prepare', 'train_data', `train_${t}`, 'train_data'],
    [`train_${t}`, 'model', 'evaluate', `model_${t}`],
  ]),
  ['prepare', 'test_data', 'evaluate', 'test_data'],
  ['evaluate', 'best_model', 'register', 'model'],
  ['evaluate', 'report', 'outputs', 'report'],
].map(([from, fromPort, to, toPort]) => ({ from, fromPort, to, toPort }));
const DEPENDS = {
  prepare: [],
  train_logistic: ['prepare'],
  train_forest: ['prepare'],
  train_boosting: ['prepare'],
  evaluate: ['train_logistic', 'train_forest', 'train_boosting'],
  register: ['evaluate'],
};

export function makeWorld({ now = Date.now(), empty = false, speed = 1 } = {}) {
  const w = {
    t0: now,
    blobs: new Map(),
    data: new Map(),
    environments: new Map(),
    models: new Map(),
    endpoints: new Map(),
    batch: new Map(),
    jobs: new Map(),
    runs: new Map(),
    experiments: [],
    computes: [],
    schedules: new Map(),
    builds: new Map(),
    operations: new Map(),
    profiles: new Map(),
    scores: [],
  };
  w.version = (map, name, v, kind, properties, at) => {
    const c = map.get(name) ?? { versions: new Map(), at };
    c.versions.set(v, arm(kind, `${name}/versions/${v}`, properties, at));
    c.latest = v;
    c.modified = at;
    map.set(name, c);
  };
  w.blob = (container, path, body) =>
    w.blobs.set(`${container}/${path}`, Buffer.isBuffer(body) ? body : Buffer.from(body));
  if (empty) return w;

  const rows = patients(10_000);
  w.rows = rows;
  w.profiles.set('patients', profile(rows));
  for (const v of ['1', '2']) {
    w.version(
      w.data,
      'patients',
      v,
      'data',
      {
        dataType: 'uri_file',
        dataUri: `azureml://datastores/workspaceblobstore/paths/UI/patients/${v}/patients.csv`,
        description: 'Synthetic patients',
        tags: { synthetic: 'true' },
      },
      now - (v === '1' ? 3 * DAY : 2 * HOUR),
    );
    w.blob('azureml-blobstore-6b1d', `UI/patients/${v}/patients.csv`, 'patient_id,age\n100000,61\n');
  }
  w.version(
    w.data,
    'clinic-notes',
    '1',
    'data',
    { dataType: 'uri_folder', dataUri: 'azureml://datastores/workspaceblobstore/paths/UI/notes/', description: null },
    now - 9 * DAY,
  );

  w.version(
    w.environments,
    'AzureML-sklearn-1.5',
    '1',
    'environments',
    {
      image: 'mcr.microsoft.com/azureml/curated/sklearn-1.5',
      condaFile: CONDA,
      osType: 'Linux',
      description: 'scikit-learn 1.5 with MLflow 2.22',
    },
    now - 12 * DAY,
  );
  w.version(
    w.environments,
    'diabetes',
    '1',
    'environments',
    { image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04', condaFile: CONDA, osType: 'Linux' },
    now - 3 * HOUR,
  );
  w.version(
    w.environments,
    'broken-env',
    '1',
    'environments',
    { condaFile: CONDA.replace('pandas==1.5.3', 'pandass==1.5.3') },
    now - 5 * HOUR,
  );
  const built = {
    status: 'Succeeded',
    python: '3.10.13',
    hash: '5f1c9a77e02b4d1f9a0c',
    lock: LOCK,
    log: 'Resolved 46 packages in 214ms\nInstalled 46 packages in 1.82s\n + mlflow==2.22.0\n + scikit-learn==1.5.2\n',
    sizeBytes: 648_213_504,
    startedAt: iso(now - 3 * HOUR),
    finishedAt: iso(now - 3 * HOUR + 21_400),
    error: null,
  };
  w.builds.set('AzureML-sklearn-1.5', built);
  w.builds.set('broken-env', {
    status: 'Failed',
    python: '3.10.13',
    hash: null,
    lock: null,
    sizeBytes: null,
    startedAt: iso(now - HOUR),
    finishedAt: iso(now - HOUR + 900),
    log: 'Resolving…\n  × No solution found when resolving dependencies:\n  ╰─▶ Because pandass was not found in the package registry and you require\n      pandass==1.5.3, we can conclude that your requirements are unsatisfiable.\n',
    error:
      'Because pandass was not found in the package registry and you require pandass==1.5.3, your requirements are unsatisfiable.',
  });

  w.experiments = [
    {
      experiment_id: '0',
      name: 'Default',
      lifecycle_stage: 'active',
      creation_time: now - 12 * DAY,
      last_update_time: now - 12 * DAY,
    },
    {
      experiment_id: '1',
      name: 'diabetes-training',
      lifecycle_stage: 'active',
      creation_time: now - 5 * DAY,
      last_update_time: now - 30 * MIN,
    },
    {
      experiment_id: '2',
      name: 'diabetes-pipeline',
      lifecycle_stage: 'active',
      creation_time: now - 3 * HOUR,
      last_update_time: now,
    },
  ];
  const run = (id, o) =>
    w.runs.set(id, { id, experiment: '1', status: 'FINISHED', params: {}, metrics: {}, tags: {}, ...o });
  const pipeline = (name, o) =>
    w.jobs.set(name, { name, type: 'Pipeline', experiment: 'diabetes-pipeline', created: o.start, ...o });

  for (const [i, [model, rate, auc]] of [
    ['logistic-regression', 0.01, 0.851],
    ['logistic-regression', 0.1, 0.8487],
    ['random-forest', null, 0.9391],
    ['gradient-boosting', 0.1, 0.9642],
    ['gradient-boosting', 0.3, 0.9617],
    ['mlp', 0.001, 0.9123],
  ].entries()) {
    const id = `tidy_lamp_${'abcdef'[i]}x${i}k4`;
    const start = now - (6 - i) * 40 * MIN;
    run(id, {
      name: `${model}-${i + 1}`,
      start,
      end: start + 12_000 + i * 4_000,
      job: true,
      params: {
        model,
        seed: '7',
        ...(rate === null ? { n_estimators: '200', max_depth: '9' } : { learning_rate: String(rate) }),
        target: 'diabetic',
      },
      metrics: {
        AUC: [{ value: auc, step: 0, timestamp: start }],
        accuracy: [{ value: auc - 0.05, step: 0, timestamp: start }],
        train_seconds: [{ value: 0.8 + i, step: 0, timestamp: start }],
        loss: curve(60, 0.69, 1 - auc, i + 1, start),
        val_loss: curve(60, 0.7, 1.06 - auc, i + 20, start),
      },
      tags: { model_type: model },
    });
    w.jobs.set(id, {
      name: id,
      type: 'Command',
      display: `${model}-${i + 1}`,
      experiment: 'diabetes-training',
      created: start,
      start,
      end: start + 12_000 + i * 4_000,
      status: 'Completed',
    });
  }
  w.jobs.set('gray_fox_failed1', {
    name: 'gray_fox_failed1',
    type: 'Command',
    display: 'train-without-pandas',
    experiment: 'diabetes-training',
    created: now - 26 * HOUR,
    start: now - 26 * HOUR,
    end: now - 26 * HOUR + 1800,
    status: 'Failed',
  });
  run('gray_fox_failed1', {
    name: 'train-without-pandas',
    start: now - 26 * HOUR,
    end: now - 26 * HOUR + 1800,
    status: 'FAILED',
  });
  run('1f0c7b2ad2f94a9c8f1f5a3e77aa0001', {
    name: 'notebook-run-42',
    start: now - 28 * HOUR,
    end: now - 28 * HOUR + 65_000,
    params: { model: 'svc', C: '1.5' },
    metrics: { AUC: [{ value: 0.881, step: 0, timestamp: now }] },
  });

  // One sweep has ended, one runs while you look.
  const rates = [0.01, 0.03, 0.1, 0.3, 1];
  const trial = (i) => ({
    learning_rate: 10 ** (-3 + ((i * 7) % 12) / 4),
    max_depth: [3, 5, 7, 9][i % 4],
    booster: ['gbtree', 'dart'][(i >> 1) % 2],
    optimizer: i % 3 ? { name: 'adam', beta: 0.9 + (i % 5) / 60 } : { name: 'sgd' },
  });
  w.jobs.set('brave_wave_5w33p0', {
    name: 'brave_wave_5w33p0',
    type: 'Sweep',
    display: 'tune-boosting',
    experiment: 'diabetes-training',
    created: now - 50 * MIN,
    start: now - 50 * MIN,
    end: now - 44 * MIN,
    status: 'Completed',
    trials: Array.from({ length: 18 }, (_, i) => ({
      parameters: trial(i),
      status: i === 4 ? 'Failed' : i === 7 || i === 11 ? 'Canceled' : 'Completed',
      metric:
        i === 4
          ? null
          : 0.96 - 0.05 * Math.abs(Math.log10(trial(i).learning_rate) + 1.2) - 0.01 * ((i * 5) % 3) - 0.002 * (i % 4),
      reason:
        i === 4
          ? 'The command ended with exit code 1.'
          : i === 7 || i === 11
            ? 'Stopped early at interval 5: its best AUC is outside the slack of the best trial.'
            : null,
      start: now - 50 * MIN + i * 18_000,
      end: now - 50 * MIN + i * 18_000 + 15_000 + (i % 5) * 4_000,
    })),
  });
  w.jobs.set('quiet_wave_5w33p1', {
    name: 'quiet_wave_5w33p1',
    type: 'Sweep',
    display: 'tune-logistic',
    experiment: 'diabetes-training',
    created: now - 3_000,
    start: now - 3_000,
    end: null,
    status: 'Running',
    trials: rates.slice(0, 4).map((rate, i) => ({
      parameters: { reg_rate: rate },
      status: i < 2 ? 'Completed' : 'Running',
      metric: i < 2 ? 0.84 + 0.01 * i : null,
      reason: null,
      start: now - 3_000 + i * 500,
      end: i < 2 ? now - 1_000 + i * 500 : null,
    })),
  });

  pipeline('jolly_river_1a2b3c', { display: 'diabetes-pipeline', start: now - 2 * HOUR, done: true });
  pipeline('calm_stone_9z8y7x', {
    display: 'diabetes-pipeline',
    start: now - 6_000,
    speed,
    reuse: ['prepare', 'train_logistic'],
  });

  w.version(
    w.models,
    'diabetes-classifier',
    '1',
    'models',
    {
      modelType: 'mlflow_model',
      modelUri: 'azureml://jobs/jolly_river_1a2b3c_train_boosting/outputs/artifacts/paths/model/',
      jobName: 'jolly_river_1a2b3c_train_boosting',
      flavors: { python_function: { data: {} }, sklearn: { data: {} } },
      description: 'Best of three candidates by test AUC',
      tags: { auc: '0.964', algorithm: 'gradient boosting' },
    },
    now - 2 * HOUR + 50_000,
  );
  w.version(
    w.models,
    'diabetes-classifier',
    '2',
    'models',
    {
      modelType: 'mlflow_model',
      modelUri: 'azureml://jobs/jolly_river_1a2b3c_train_boosting/outputs/artifacts/paths/model/',
      jobName: 'jolly_river_1a2b3c_train_boosting',
      flavors: { python_function: { data: {} }, sklearn: { data: {} } },
      tags: { auc: '0.967' },
    },
    now - HOUR,
  );
  for (const [p, b] of [
    ['MLmodel', MLMODEL],
    ['input_example.json', INPUT_EXAMPLE],
    ['conda.yaml', CONDA],
    ['model.pkl', Buffer.alloc(181_224)],
    ['requirements.txt', 'mlflow==2.22.0\nscikit-learn==1.5.2\n'],
  ])
    w.blob('azureml', `ExperimentRun/dcid.jolly_river_1a2b3c_train_boosting/model/${p}`, b);
  w.blob('azureml', 'ExperimentRun/dcid.jolly_river_1a2b3c_train_boosting/plots/roc.svg', ROC_SVG);
  w.blob(
    'azureml',
    'ExperimentRun/dcid.jolly_river_1a2b3c_train_boosting/evaluation.json',
    JSON.stringify({
      auc: 0.9642,
      threshold: 0.41,
      confusion: [
        [1620, 71],
        [88, 221],
      ],
    }),
  );
  w.blob(
    'azureml',
    'ExperimentRun/dcid.jolly_river_1a2b3c_train_boosting/importances.csv',
    'feature,importance\nglucose,0.41\nbmi,0.23\nage,0.19\nsystolic,0.09\ndiet,0.05\nsmoker,0.03\n',
  );

  w.endpoints.set('diabetes', {
    at: now - HOUR,
    traffic: { blue: 100 },
    deployments: new Map([
      ['blue', { at: now - HOUR, model: `${WS}/models/diabetes-classifier/versions/2`, ready: now - HOUR + 8000 }],
    ]),
  });
  const schedule = (name, properties, nextFireTime, fires) =>
    w.schedules.set(name, {
      ...arm(
        'schedules',
        name,
        { provisioningState: 'Succeeded', tags: {}, properties: {}, ...properties },
        now - 9 * DAY,
      ),
      nextFireTime,
      lastFires: fires,
    });
  const createJob = (jobType) => ({ actionType: 'CreateJob', jobDefinition: { jobType } });
  const nights = [0, 1, 2].map((n) => now - n * DAY - 9 * HOUR);
  schedule(
    'nightly',
    {
      displayName: 'nightly',
      isEnabled: true,
      trigger: { triggerType: 'Cron', expression: '0 3 * * *', timeZone: 'UTC' },
      action: createJob('Pipeline'),
    },
    iso(now + 15 * HOUR),
    nights.map((at, i) => ({
      number: 3 - i,
      scheduledTime: iso(at),
      firedTime: iso(at),
      trigger: 'Schedule',
      status: 'Submitted',
      jobName: `nightly-${iso(at).replace(/[-:]|\.\d+/g, '')}`,
    })),
  );
  schedule(
    'weekly',
    {
      displayName: 'Weekly retraining',
      isEnabled: true,
      trigger: {
        triggerType: 'Recurrence',
        frequency: 'Week',
        interval: 1,
        schedule: { hours: [10], minutes: [15], weekDays: ['Monday', 'Friday'] },
        timeZone: 'W. Europe Standard Time',
      },
      action: createJob('Command'),
    },
    iso(now + 3 * DAY),
    [
      {
        number: 1,
        scheduledTime: iso(now - 4 * DAY),
        firedTime: iso(now - 4 * DAY),
        trigger: 'Schedule',
        status: 'Failed',
        jobName: 'weekly-20260111T091500Z',
        error: { code: 'ResourceNotFound', message: 'The job was refused: there is no compute aml-cluster-2.' },
      },
    ],
  );
  schedule(
    'drift-check',
    {
      displayName: 'Drift check',
      isEnabled: false,
      trigger: { triggerType: 'Recurrence', frequency: 'Hour', interval: 6 },
      action: createJob('Pipeline'),
    },
    null,
    [],
  );
  w.batch.set('nightly', {
    at: now - HOUR,
    chosen: 'classifier',
    jobs: [{ name: 'batchjob-1', status: 'Completed', at: now - HOUR / 2 }],
  });
  w.blob('azureml-blobstore-6b1d', 'azureml/batchjob-1-step/score/predictions.csv', '0,1,day-1.csv\n1,0,day-1.csv\n');
  w.computes = [
    arm(
      'computes',
      'aml-cluster',
      {
        computeType: 'AmlCompute',
        provisioningState: 'Succeeded',
        properties: {
          vmSize: 'STANDARD_DS11_V2',
          allocationState: 'Steady',
          scaleSettings: { minNodeCount: 0, maxNodeCount: 2 },
          currentNodeCount: 1,
        },
      },
      now - 5 * DAY,
    ),
    arm(
      'computes',
      'ada-laptop',
      {
        computeType: 'ComputeInstance',
        provisioningState: 'Succeeded',
        properties: { vmSize: 'STANDARD_DS11_V2', state: 'Running' },
      },
      now - 4 * DAY,
    ),
  ];
  return w;
}

/** Where each step of a pipeline job stands at a moment. */
export function nodes(job, now) {
  const speed = job.speed ?? 1;
  const at = new Map();
  const out = STEPS.map(([name, displayName, component, seconds]) => {
    const reused = job.reuse?.includes(name) ?? false;
    const start = Math.max(job.start + 1200, ...DEPENDS[name].map((d) => at.get(d)));
    const end = start + (reused ? 150 : (seconds * 1000) / speed);
    at.set(name, end);
    const done = job.done || now >= end;
    const stopped = job.cancelled && job.cancelled < end;
    const running = !done && now >= start;
    const status = stopped
      ? job.cancelled > start
        ? 'Canceled'
        : 'NotStarted'
      : done
        ? 'Completed'
        : running
          ? 'Running'
          : 'NotStarted';
    return {
      name,
      displayName,
      component,
      type: 'command',
      job: status === 'NotStarted' ? null : `${job.name}_${name}`,
      status,
      reused: reused && done,
      reusedFrom: reused && done ? `jolly_river_1a2b3c_${name}` : null,
      reason:
        reused && done
          ? 'Code, inputs, environment and parameters are those of jolly_river_1a2b3c.'
          : name === 'train_forest' && job.reuse
            ? 'Parameter n_estimators changed from 100 to 200.'
            : 'No earlier run had these inputs.',
      startedAt: status === 'NotStarted' ? null : iso(start),
      finishedAt: status === 'Completed' ? iso(end) : null,
    };
  });
  return { nodes: out, edges: EDGES };
}

/** The trials of a sweep as the server tells them. */
export function trials(job) {
  const best = job.trials
    .filter((t) => t.status === 'Completed')
    .reduce((a, b) => (a === null || b.metric > a.metric ? b : a), null);
  return {
    objective: { goal: 'maximize', primaryMetric: 'AUC' },
    maxTotalTrials: 20,
    spaceSize: job.trials.some((t) => t.parameters.learning_rate) ? null : 5,
    best: best && `${job.name}_${job.trials.indexOf(best)}`,
    value: job.trials.map((t, number) => ({
      name: `${job.name}_${number}`,
      number,
      displayName: `${job.name}_${number}`,
      status: t.status,
      best: t === best,
      parameters: t.parameters,
      metric: t.metric,
      points: t.metric === null ? 0 : 5,
      reason: t.reason,
      startedAt: iso(t.start),
      finishedAt: t.end === null ? null : iso(t.end),
    })),
  };
}

/** A pipeline's own status follows its steps. */
export function statusOf(job, now) {
  if (job.type !== 'Pipeline') return job.status;
  const states = nodes(job, now).nodes.map((n) => n.status);
  if (job.cancelled) return 'Canceled';
  if (states.every((s) => s === 'Completed')) return 'Completed';
  return now < job.start + 1200 ? 'Preparing' : 'Running';
}

export function allJobs(w, now) {
  const list = [];
  for (const j of w.jobs.values()) {
    if (j.type !== 'Pipeline') {
      list.push({ ...j });
      continue;
    }
    const status = statusOf(j, now);
    const ns = nodes(j, now).nodes;
    const ends = ns.map((n) => n.finishedAt && Date.parse(n.finishedAt));
    list.push({ ...j, status, end: status === 'Completed' ? Math.max(...ends) : (j.cancelled ?? null) });
    for (const n of ns) {
      if (!n.job) continue;
      list.push({
        name: n.job,
        type: 'Command',
        display: n.displayName,
        experiment: j.experiment,
        parent: j.name,
        step: n.name,
        created: Date.parse(n.startedAt),
        start: Date.parse(n.startedAt),
        end: n.finishedAt ? Date.parse(n.finishedAt) : null,
        status: n.status,
      });
    }
  }
  return list;
}

/** The log of a step, as far as it has got. */
export function logOf(job, now) {
  const until = job.end ?? now;
  const lines = [];
  for (let t = job.start, i = 0; t < until && i < 400; t += 400, i++) {
    lines.push(
      i === 0
        ? `${iso(t)} Environment diabetes:1 is ready (cached).`
        : i === 1
          ? `$ python train.py --target diabetic`
          : `${iso(t)} \u001b[32mINFO\u001b[0m epoch ${i - 1}: loss ${(0.69 * Math.exp(-i / 14)).toFixed(4)} val_loss ${(0.7 * Math.exp(-i / 16) + 0.02).toFixed(4)}`,
    );
  }
  if (job.status === 'Failed')
    lines.push(
      'Traceback (most recent call last):',
      '  File "train.py", line 3, in <module>',
      '    import pandas',
      "ModuleNotFoundError: No module named 'pandas'",
    );
  if (job.end && job.status === 'Completed') lines.push(`${iso(job.end)} Finished with exit code 0.`);
  return `${lines.join('\n')}\n`;
}
