import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../api/mlflow';
import { csv, fileName } from '../../lib/download';
import {
  column,
  defaultColumns,
  NEWEST,
  nextOrder,
  orderBy,
  parseOrder,
  records,
  rememberColumns,
  rememberedColumns,
  toJson,
  writeOrder,
} from './columns';
import { shared } from './CompareArtifacts';
import { readSettings, writeSettings } from './CompareCharts';
import { drawing } from './CompareParallel';
import { complaintAt, complete, quoteKey, quoteText, words, type Vocabulary } from './filter';
import { nest, overlay, vocabulary } from './runs';
import { inSight, ROW } from './window';

interface Given {
  name?: string;
  status?: string;
  metrics?: Record<string, number | string>;
  params?: Record<string, string>;
  tags?: Record<string, string>;
}

function run(id: string, { name = id, status = 'FINISHED', metrics = {}, params = {}, tags = {} }: Given = {}): Run {
  const kv = (o: Record<string, string>) => Object.entries(o).map(([key, value]) => ({ key, value }));
  return {
    info: { run_id: id, run_name: name, experiment_id: '1', status, start_time: 1000, end_time: 3500 },
    data: {
      metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 0 })),
      params: kv(params),
      tags: kv(tags),
    },
  };
}

const known: Vocabulary = {
  metrics: ['accuracy', 'val/loss'],
  params: new Map([['model', ['forest', "it's"]]]),
  tags: new Map([['team', ['vision']]]),
};
const at = (text: string) => complete(text, text.length, known);
const labels = (text: string) => at(text).options.map((o) => o.label);

describe('completion', () => {
  it('offers names first: what is typed may be the key alone', () => {
    expect(labels('')).toContain('metrics.accuracy');
    expect(labels('acc')).toEqual(['metrics.accuracy']);
    expect(labels('metrics.v')).toEqual(['metrics.`val/loss`']);
    expect(labels('param.m')).toEqual(['params.model']);
    expect(labels('stat')).toEqual(['attributes.status']);
  });
  it('offers operators that fit the name', () => {
    expect(labels('metrics.accuracy ')).toEqual(['>', '>=', '<', '<=', '=', '!=']);
    expect(labels('params.model ')).toEqual(['=', '!=', 'LIKE', 'ILIKE']);
    expect(labels('attributes.run_id ')).toContain('IN');
    expect(labels('params.model i')).toEqual(['ILIKE']);
  });
  it('offers values that were seen, quoted', () => {
    expect(labels('params.model = ')).toEqual(["'forest'", '"it\'s"']);
    expect(labels("params.model = 'fo")).toEqual(["'forest'"]);
    expect(labels('status = ')).toContain("'RUNNING'");
    expect(labels('metrics.accuracy > ')).toEqual([]);
  });
  it('offers AND, then starts anew', () => {
    expect(labels('metrics.accuracy > 0.5 ')).toEqual(['AND']);
    expect(labels("params.model = 'forest' AND t")).toContain('tags.team');
    expect(labels("attributes.run_id IN ('a', ")).toEqual([]);
    expect(labels("attributes.run_id IN ('a') ")).toEqual(['AND']);
  });
  it('replaces the word at the caret only', () => {
    const text = "acc > 0.5 AND params.model = 'forest'";
    const { from, options } = complete(text, 3, known);
    expect([from, options[0]!.insert]).toEqual([0, 'metrics.accuracy ']);
  });
  it('is not confused by quotes that hold AND or spaces', () => {
    expect(words("tags.`a b` = 'x AND y'").map((w) => w.text)).toEqual(['tags.`a b`', '=', "'x AND y'"]);
    expect(labels("params.model = 'x AND ")).toEqual([]);
  });
  it('quotes as the grammar wants it', () => {
    expect([quoteKey('loss'), quoteKey('val/loss'), quoteKey('a`b')]).toEqual(['loss', '`val/loss`', '"a`b"']);
    expect([quoteText('x'), quoteText("it's")]).toEqual(["'x'", '"it\'s"']);
  });
  it('finds where the server points', () => {
    expect(complaintAt('Invalid clause (at character 7)')).toBe(6);
    expect(complaintAt('Something else')).toBeNull();
  });
});

describe('columns', () => {
  it('say how the server sorts', () => {
    expect(column('m:val/loss')?.order).toBe('metrics.`val/loss`');
    expect(column('a:duration')?.order).toBeNull();
    expect(orderBy(NEWEST)).toEqual(['attributes.start_time DESC']);
    expect(orderBy({ id: 'p:lr', direction: 'ascending' })).toEqual(['params.lr ASC', 'attributes.start_time DESC']);
  });
  it('keep their order in an address, and fall back to the newest', () => {
    const order = { id: 'm:loss', direction: 'ascending' } as const;
    expect(parseOrder(writeOrder(order))).toEqual(order);
    expect(parseOrder('a:duration asc')).toEqual(NEWEST);
    expect(parseOrder('nonsense')).toEqual(NEWEST);
  });
  it('sort numbers from the largest first, words from A', () => {
    expect(nextOrder(NEWEST, column('m:auc')!).direction).toBe('descending');
    expect(nextOrder(NEWEST, column('p:model')!).direction).toBe('ascending');
    expect(nextOrder({ id: 'm:auc', direction: 'descending' }, column('m:auc')!).direction).toBe('ascending');
  });
  it('are five metrics and five parameters until chosen', () => {
    expect(defaultColumns(['a', 'b', 'c', 'd', 'e', 'f'], ['x'])).toHaveLength(4 + 5 + 1);
  });
  it('are remembered for each experiment, without what is no column', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (k: string) => kept.get(k) ?? null,
      setItem: (k: string, v: string) => kept.set(k, v),
      removeItem: (k: string) => kept.delete(k),
    });
    rememberColumns('1', ['a:status', 'm:loss']);
    expect(rememberedColumns('1')).toEqual(['a:status', 'm:loss']);
    expect(rememberedColumns('2')).toBeNull();
    kept.set('atelier.runColumns.3', '["a:nothing", "p:lr", 7]');
    expect(rememberedColumns('3')).toEqual(['p:lr']);
    rememberColumns('1', null);
    expect(rememberedColumns('1')).toBeNull();
    vi.unstubAllGlobals();
  });
});

describe('export', () => {
  const runs = [
    run('r1', { name: 'a, "b"', metrics: { loss: 0.1 + 0.2 }, params: { lr: '1e-3' } }),
    run('r2', { metrics: { loss: 'NaN' } }),
  ];
  const table = records(runs, ['a:name', 'm:loss', 'p:lr', 'a:duration']);
  it('is exact, with the run id', () => {
    expect(csv(table.header, table.rows)).toBe(
      'run_id,run_name,metrics.loss,params.lr,duration_seconds\r\n' +
        'r1,"a, ""b""",0.30000000000000004,1e-3,2.5\r\nr2,r2,NaN,,2.5\r\n',
    );
  });
  it('is JSON that every parser reads', () => {
    const read = JSON.parse(toJson(table)) as Record<string, unknown>[];
    expect(read[0]!['metrics.loss']).toBe(0.30000000000000004);
    expect(read[1]!['metrics.loss']).toBe('NaN');
    expect(read[1]!['params.lr']).toBeNull();
  });
  it('has a name that file systems take', () => expect(fileName('a/b: c')).toBe('a-b-c'));
});

describe('rows', () => {
  it('in sight are few, with some to spare', () => {
    const { first, last } = inSight(5000 * ROW, 700, 10_000);
    expect(first).toBeLessThanOrEqual(5000);
    expect(last).toBeGreaterThanOrEqual(5000 + 700 / ROW);
    expect(last - first).toBeLessThan(60);
    expect(inSight(0, 700, 3)).toEqual({ first: 0, last: 3 });
    expect(inSight(900 * ROW, 700, 0)).toEqual({ first: 0, last: 0 });
  });
  it('are laid over by fresh ones: the head in the server’s order, the others where they were', () => {
    const old = ['b', 'c', 'd'].map((id) => run(id, { status: 'RUNNING' }));
    const got = overlay(old, [run('a'), run('b')], [run('d')]);
    expect(got.map((r) => `${r.info.run_id} ${r.info.status}`)).toEqual([
      'a FINISHED',
      'b FINISHED',
      'c RUNNING',
      'd FINISHED',
    ]);
  });
  it('nest children under a parent that is there', () => {
    const child = (id: string, parent: string) => run(id, { tags: { 'mlflow.parentRunId': parent } });
    const runs = [child('c1', 'p'), run('p'), child('c2', 'p'), child('lost', 'elsewhere')];
    const ids = (open: string[]) => nest(runs, new Set(open)).map((r) => `${r.run.info.run_id}${r.depth}${r.children}`);
    expect(ids([])).toEqual(['p02', 'lost00']);
    expect(ids(['p'])).toEqual(['p02', 'c110', 'c210', 'lost00']);
  });
  it('give the vocabulary, inner tags last', () => {
    const v = vocabulary([
      run('1', { metrics: { a: 1 }, params: { p: 'x' }, tags: { 'mlflow.user': 'u', team: 't' } }),
      run('2', { metrics: { b: 1, a: 2 }, params: { p: 'y' }, tags: { 'mlflow.user': 'u' } }),
      run('3', { params: { p: 'y' } }),
    ]);
    expect(v.metrics).toEqual(['a', 'b']);
    expect(v.params.get('p')).toEqual(['y', 'x']);
    expect(v.tagKeys).toEqual(['team', 'mlflow.user']);
  });
});

describe('comparing', () => {
  it('keeps chart settings in the address', () => {
    const settings = { by: 'wall', log: true, logX: true, weight: 0.6 } as const;
    const s = writeSettings(new URLSearchParams('runs=a'), settings);
    expect(s.toString()).toBe('runs=a&x=wall&log=xy&smooth=0.6');
    expect(readSettings(s)).toEqual(settings);
    expect(writeSettings(s, { by: 'step', log: false, logX: false, weight: 0 }).toString()).toBe('runs=a');
    expect(readSettings(new URLSearchParams('x=no&smooth=7')).weight).toBe(0);
  });
  it('draws a line for each run that has the last metric', () => {
    const runs = [
      run('a', { params: { lr: '0.1', kind: 'x' }, metrics: { auc: 0.9 } }),
      run('b', { params: { lr: '0.2' }, metrics: { auc: 0.8 } }),
      run('c', { params: { lr: '0.3', kind: 'y' }, metrics: { auc: 'NaN' } }),
    ];
    const d = drawing(runs, ['A', 'B', 'C'], ['p:lr', 'p:kind', 'm:auc']);
    expect(d.axes.map((a) => a.type)).toEqual(['value', 'category', 'value']);
    expect(d.lines).toEqual([
      { name: 'A', value: [0.1, 'x', 0.9] },
      { name: 'B', value: [0.2, '-', 0.8] },
    ]);
  });
  it('lists files that most runs have first', () => {
    const file = (path: string, folder = false) => ({ path, name: path, folder, bytes: 1 });
    const lists = [
      [file('b.png'), file('model', true)],
      [file('a.txt'), file('b.png')],
    ];
    expect(shared(lists).map((s) => `${s.entry.name} ${s.runs}`)).toEqual(['model 1', 'b.png 2', 'a.txt 1']);
  });
});

beforeEach(() => vi.unstubAllGlobals());
