import { describe, expect, it } from 'vitest';
import type { JobGraph } from '../api/jobs';
import type { Run } from '../api/mlflow';
import type { Trial } from '../api/sweeps';
import { computeState, nodes } from './compute/ComputeList';
import { uploadPath } from './data/upload';
import { trafficText } from './endpoints/EndpointList';
import { asRow, fieldValue, jsonProblem, requestText, withField } from './endpoints/request';
import { curlSnippet } from './endpoints/snippets';
import { parseLock } from './environments/lock';
import { diff, metricKeys, metricOf, paramKeys, paramOf, runLabels } from './experiments/compare';
import { nextStep, steps } from './home/path';
import { firstLog } from './jobs/JobLogs';
import { originJob } from './models/ModelLineage';
import { axisOf, bestSoFar, flat, parallel, parameterNames, progress } from './sweeps/trials';
import { curve, draw, NODE_HEIGHT, NODE_WIDTH, wires } from './pipelines/layout';

const graph: JobGraph = {
  nodes: ['prepare', 'a', 'b', 'evaluate'].map((name) => ({ name, job: null, status: 'NotStarted' })),
  edges: [
    { from: 'inputs', fromPort: 'raw', to: 'prepare', toPort: 'raw' },
    { from: 'prepare', fromPort: 'data', to: 'a', toPort: 'data' },
    { from: 'prepare', fromPort: 'data', to: 'b', toPort: 'data' },
    { from: 'a', fromPort: 'model', to: 'evaluate', toPort: 'model_a' },
    { from: 'b', fromPort: 'model', to: 'evaluate', toPort: 'model_b' },
    { from: 'prepare', fromPort: 'test', to: 'evaluate', toPort: 'test' },
    { from: 'prepare', fromPort: 'names', to: 'evaluate', toPort: 'columns' },
    { from: 'ghost', fromPort: 'x', to: 'a', toPort: 'y' },
  ],
};

describe('pipeline drawing', () => {
  const drawing = draw(graph);
  const at = (id: string) => drawing.placed.find((p) => p.id === id)!;
  it('puts every step below the steps it reads from', () => {
    for (const w of wires(graph)) expect(at(w.from).y).toBeLessThan(at(w.to).y);
  });
  it('lays no two nodes over each other', () => {
    for (const p of drawing.placed) {
      for (const q of drawing.placed) {
        if (p.id >= q.id) continue;
        const apart = p.x + p.width <= q.x || q.x + q.width <= p.x || p.y + p.height <= q.y || q.y + q.height <= p.y;
        expect(apart, `${p.id} and ${q.id}`).toBe(true);
      }
    }
  });
  it('leads a long wire past the nodes between its ends', () => {
    const long = drawing.routed.find((r) => r.from === 'prepare' && r.to === 'evaluate')!;
    for (const id of ['a', 'b']) {
      const n = at(id);
      for (const p of long.points)
        expect(p.x > n.x && p.x < n.x + NODE_WIDTH && p.y > n.y && p.y < n.y + NODE_HEIGHT).toBe(false);
    }
  });
  it('joins ports between the same nodes and drops wires to nowhere', () => {
    const joined = wires(graph).find((w) => w.from === 'prepare' && w.to === 'evaluate')!;
    expect(joined.labels).toEqual(['test', 'names → columns']);
    expect(wires(graph).some((w) => w.from === 'ghost')).toBe(false);
  });
  it('draws ends only where something is connected', () => {
    expect(drawing.placed.some((p) => p.id === 'inputs')).toBe(true);
    expect(drawing.placed.some((p) => p.id === 'outputs')).toBe(false);
    expect(draw({ nodes: [], edges: [] }).placed).toEqual([]);
  });
  it('starts and ends its curves at the given points', () => {
    expect(
      curve([
        { x: 0, y: 0 },
        { x: 10, y: 10 },
        { x: 0, y: 20 },
      ]),
    ).toBe('M0,0 Q10,10 5,15 L0,20');
    expect(curve([])).toBe('');
  });
});

describe('comparing runs', () => {
  const run = (id: string, name: string, params: Record<string, string>, auc?: number): Run => ({
    info: { run_id: id, run_name: name, experiment_id: '1', status: 'FINISHED' },
    data: {
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      metrics: auc === undefined ? [] : [{ key: 'AUC', value: auc, timestamp: 1 }],
    },
  });
  const runs = [run('aaaaaaaa', 'same', { seed: '7', rate: '0.1' }, 0.9), run('bbbbbbbb', 'same', { seed: '7' })];
  it('puts the commonest keys first', () => {
    expect(paramKeys(runs)).toEqual(['seed', 'rate']);
    expect(metricKeys(runs)).toEqual(['AUC']);
    expect(metricOf(runs[1]!, 'AUC')).toBeNull();
  });
  it('marks what differs, a missing value included', () => {
    expect(diff(runs, ['seed', 'rate'], paramOf)).toEqual([
      { key: 'seed', values: ['7', '7'], differs: false },
      { key: 'rate', values: ['0.1', null], differs: true },
    ]);
  });
  it('tells runs of one name apart', () => {
    expect(runLabels(runs)).toEqual(['same (aaaaaa)', 'same (bbbbbb)']);
  });
});

describe('scoring requests', () => {
  const request = { input_data: { columns: ['age', 'diet'], index: [0], data: [[61, 'mixed']] } };
  it('survive the way to text and back', () => {
    expect(asRow(requestText(request))).toEqual(request);
  });
  it('are only a form when there is one row that fits its columns', () => {
    expect(asRow('{"input_data":{"columns":["a"],"data":[[1],[2]]}}')).toBeNull();
    expect(asRow('{"input_data":[[1,2]]}')).toBeNull();
    expect(asRow('{')).toBeNull();
  });
  it('take the type that the signature asks for', () => {
    expect(fieldValue('1.5', 'double', null)).toBe(1.5);
    expect(fieldValue('5', 'string', null)).toBe('5');
    expect(fieldValue('yes', 'boolean', null)).toBe(true);
    expect(fieldValue('', 'double', 1)).toBeNull();
    expect(fieldValue('7', undefined, 3)).toBe(7);
    expect(fieldValue('abc', 'long', 3)).toBe('abc');
    expect(withField(request, 0, '40', new Map()).input_data.data).toEqual([[40, 'mixed']]);
  });
  it('are refused as text with the reason', () => {
    expect(jsonProblem('{"a":')).toContain('Not valid JSON');
    expect(jsonProblem(' ')).toContain('Write');
    expect(jsonProblem('[1]')).toBeNull();
  });
  it('quote themselves for a shell', () => {
    expect(curlSnippet('https://h/score', '{"a":"it\'s"}')).toContain(`-d '{"a":"it'\\''s"}'`);
  });
});

describe('the path from environment to endpoint', () => {
  it('knows the next step once everything has answered', () => {
    expect(nextStep(steps({}))).toBeNull();
    const some = {
      environments: [{ id: '', name: 'e', properties: {} }],
      data: [],
      experiments: [],
      jobs: [],
      models: [],
      endpoints: [],
    };
    expect(nextStep(steps(some))).toBe('dataset');
  });
  it('does not count the empty Default experiment', () => {
    expect(
      steps({ experiments: [{ experiment_id: '0', name: 'Default' }] }).find((s) => s.key === 'experiment')?.count,
    ).toBe(0);
  });
});

it('reads locks with extras, markers, hashes and comments', () => {
  const lock =
    '# by uv\nMLflow==2.22.0 \\\n    --hash=sha256:abc\nuvicorn[standard]==0.30 ; python_version > "3.8"\n-i nowhere\n';
  expect(parseLock(lock)).toEqual([
    { name: 'mlflow', version: '2.22.0' },
    { name: 'uvicorn', version: '0.30' },
  ]);
});

it('opens the program’s own log first', () => {
  expect(firstLog(['system_logs/x.log', 'user_logs/std_log.txt'])).toBe('user_logs/std_log.txt');
  expect(firstLog(['logs/azureml/executionlogs.txt'])).toBe('logs/azureml/executionlogs.txt');
  expect(firstLog([])).toBeNull();
});

it('finds the job a model came from', () => {
  const version = (modelUri: string, jobName?: string) => ({ id: '', name: '1', properties: { modelUri, jobName } });
  expect(originJob(version('azureml://datastores/x/paths/y', 'j'))).toBe('j');
  expect(originJob(version('azureml://jobs/j2/outputs/artifacts/paths/model'))).toBe('j2');
  expect(originJob(version('azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.j3/model'))).toBe(
    'j3',
  );
  expect(originJob(version('azureml://datastores/x/paths/y'))).toBeNull();
});

it('says traffic, nodes and states in words', () => {
  expect(trafficText({ green: 10, blue: 90, old: 0 })).toBe('blue 90%, green 10%');
  expect(trafficText(null)).toBe('No traffic');
  expect(
    nodes({
      computeType: 'AmlCompute',
      properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 2 }, currentNodeCount: 1 },
    }),
  ).toBe('1 of 0–2');
  expect(
    computeState({ computeType: 'ComputeInstance', provisioningState: 'Succeeded', properties: { state: 'Stopped' } }),
  ).toBe('Stopped');
  expect(uploadPath('a.csv', new Date(Date.UTC(2026, 0, 2, 3, 4, 5)))).toBe('UI/2026-01-02_03-04-05-000_UTC/a.csv');
});

describe('trials of a sweep', () => {
  const trial = (number: number, metric: number | null, parameters = {}, status = 'Completed'): Trial => ({
    name: `s_${number}`,
    number,
    displayName: `s_${number}`,
    status,
    best: false,
    parameters,
    metric,
    points: 1,
    reason: null,
    startedAt: null,
    finishedAt: null,
  });
  it('follows the best so far in the direction of the goal, without failed trials', () => {
    const all = [trial(0, 0.5), trial(1, 0.7), trial(2, null), trial(3, 0.9, {}, 'Failed'), trial(4, 0.6)];
    expect(bestSoFar(all, 'maximize')).toEqual([
      [0, 0.5],
      [1, 0.7],
      [4, 0.7],
    ]);
    expect(bestSoFar(all, 'minimize').at(-1)).toEqual([4, 0.5]);
  });
  it('takes members of dictionaries as parameters of their own', () => {
    expect([...flat({ lr: 1, opt: { name: 'adam', beta: 0.9 } }).keys()]).toEqual(['lr', 'opt.name', 'opt.beta']);
    expect(parameterNames([trial(0, 1, { a: 1 }), trial(1, 1, { b: 2, a: 3 })])).toEqual(['a', 'b']);
  });
  it('chooses an axis by the values', () => {
    expect(axisOf('lr', [0.001, 1]).type).toBe('log');
    expect(axisOf('n', [1, 50]).type).toBe('value');
    expect(axisOf('k', ['a', 1, 'a'])).toEqual({ name: 'k', type: 'category', categories: ['a', '1'] });
  });
  it('draws a line for each trial with a metric', () => {
    const drawing = parallel(
      [trial(0, 0.5, { k: 'a', n: 2 }), trial(1, null, { k: 'b' }), trial(2, 0.6, { k: 'b' })],
      'auc',
    );
    expect(drawing.axes.map((a) => a.name)).toEqual(['k', 'n', 'auc']);
    expect(drawing.lines.map((l) => l.value)).toEqual([
      ['a', 2, 0.5],
      ['b', '-', 0.6],
    ]);
  });
  it('says how far it is', () => {
    expect(progress([trial(0, 1), trial(1, 1), trial(2, null, {}, 'Running')])).toBe('2 completed, 1 running');
  });
});
