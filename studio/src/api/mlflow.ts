/** MLflow tracking REST, read side: experiments, runs, metric histories, artifacts. */
import { wsPath, type Workspace } from './arm';
import { json, type RequestOptions } from './http';
import type { Entry } from './blob';

export interface KeyValue {
  key: string;
  value: string;
}

export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  creation_time?: number;
  last_update_time?: number;
  tags?: KeyValue[];
}

export interface Metric {
  key: string;
  /** A number, or the text "NaN". */
  value: number | string;
  timestamp: number;
  step?: number;
}

export interface MetricPoint {
  key: string;
  value: number;
  timestamp: number;
  step: number;
}

export interface Run {
  info: {
    run_id: string;
    run_name?: string;
    experiment_id: string;
    status: string;
    lifecycle_stage?: string;
    start_time?: number;
    end_time?: number;
    artifact_uri?: string;
    user_id?: string;
  };
  data: { metrics?: Metric[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: {
    dataset_inputs?: {
      dataset: { name: string; digest: string; source_type?: string; source?: string };
      tags?: KeyValue[];
    }[];
  };
}

type Signal = Pick<RequestOptions, 'signal'>;

export const mlflowPath = (ws: Workspace) => `/mlflow/v2.0${wsPath(ws)}/api/2.0`;

export function call<T>(ws: Workspace, rpc: string, options: RequestOptions): Promise<T> {
  return json<T>(`${mlflowPath(ws)}/mlflow/${rpc}`, options);
}

/** All pages of a search; `read` picks the items of one. */
async function pages<P extends { next_page_token?: string }, T>(
  ws: Workspace,
  rpc: string,
  body: Record<string, unknown>,
  read: (page: P) => T[] | undefined,
  { signal }: Signal,
  limit = 5000,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const page: P = await call<P>(ws, rpc, {
      method: 'POST',
      json: { ...body, ...(token ? { page_token: token } : {}) },
      signal,
    });
    all.push(...(read(page) ?? []));
    token = page.next_page_token;
  } while (token && all.length < limit);
  return all;
}

export const searchExperiments = (ws: Workspace, o: Signal = {}) =>
  pages<{ experiments?: Experiment[]; next_page_token?: string }, Experiment>(
    ws,
    'experiments/search',
    { max_results: 1000 },
    (p) => p.experiments,
    o,
  );

export const getExperiment = (ws: Workspace, id: string, o: Signal = {}) =>
  call<{ experiment: Experiment }>(ws, 'experiments/get', { ...o, query: { experiment_id: id } }).then(
    (r) => r.experiment,
  );

export const searchRuns = (ws: Workspace, experimentId: string, o: Signal = {}, limit = 1000) =>
  pages<{ runs?: Run[]; next_page_token?: string }, Run>(
    ws,
    'runs/search',
    { experiment_ids: [experimentId], max_results: Math.min(limit, 1000), order_by: ['start_time DESC'] },
    (p) => p.runs,
    o,
    limit,
  );

export interface RunQuery {
  experimentId: string;
  filter: string;
  orderBy: string[];
  deleted: boolean;
}

export interface RunPage {
  runs: Run[];
  next: string | undefined;
}

/** One page of runs, filtered and sorted by the server. */
export async function searchRunPage(
  ws: Workspace,
  q: RunQuery,
  { token, size, signal }: Signal & { token?: string | undefined; size: number },
): Promise<RunPage> {
  const page = await call<{ runs?: Run[]; next_page_token?: string }>(ws, 'runs/search', {
    method: 'POST',
    json: {
      experiment_ids: [q.experimentId],
      max_results: size,
      order_by: q.orderBy,
      run_view_type: q.deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
      ...(q.filter ? { filter: q.filter } : {}),
      ...(token ? { page_token: token } : {}),
    },
    signal,
  });
  return { runs: page.runs ?? [], next: page.next_page_token || undefined };
}

/** Runs of one experiment by their ids, deleted ones too, in the order of the ids; unknown ids are left out. */
export async function runsById(ws: Workspace, experimentId: string, ids: readonly string[], o: Signal = {}) {
  if (ids.length === 0) return [];
  const { runs = [] } = await call<{ runs?: Run[] }>(ws, 'runs/search', {
    method: 'POST',
    json: {
      experiment_ids: [experimentId],
      max_results: ids.length,
      run_view_type: 'ALL',
      filter: `attributes.run_id IN (${ids.map((id) => `'${id.replaceAll("'", '')}'`).join(',')})`,
    },
    ...o,
  });
  const found = new Map(runs.map((r) => [r.info.run_id, r]));
  return ids.map((id) => found.get(id)).filter((r): r is Run => r !== undefined);
}

export const deleteRun = (ws: Workspace, runId: string) =>
  call<object>(ws, 'runs/delete', { method: 'POST', json: { run_id: runId } });
export const restoreRun = (ws: Workspace, runId: string) =>
  call<object>(ws, 'runs/restore', { method: 'POST', json: { run_id: runId } });

export type Axis = 'step' | 'time' | 'relative';

/** One metric of one run, for a chart. */
export interface Series {
  /** Epoch milliseconds of the run's first point of the metric; undefined when there is none. */
  start: number | undefined;
  /** Points in the range asked for. */
  count: number;
  /** Whether `points` are all of them; else they keep the ends and the extremes of each part. */
  exact: boolean;
  points: MetricPoint[];
}

/**
 * One metric of several runs, thinned by the server where there are more than some 2 * `buckets` points between `from`
 * and `to` (whole numbers on the axis: steps, epoch milliseconds, or milliseconds since the run's first point).
 */
export async function metricSeries(
  ws: Workspace,
  runIds: readonly string[],
  key: string,
  { x, buckets, from, to }: { x: Axis; buckets: number; from?: number; to?: number },
  { signal }: Signal = {},
): Promise<Map<string, Series>> {
  const query = new URLSearchParams([
    ...runIds.map((id) => ['run', id]),
    ['key', key],
    ['x', x],
    ['buckets', String(buckets)],
    ...(from === undefined ? [] : [['from', String(from)]]),
    ...(to === undefined ? [] : [['to', String(to)]]),
  ]);
  const { series = [] } = await json<{
    series?: (Omit<Series, 'points' | 'start'> & { runId: string; start?: number; points?: Omit<Metric, 'key'>[] })[];
  }>(`${wsPath(ws)}/atelier/mlflow/metrics/series?${query.toString()}`, { signal });
  return new Map(
    series.map((s) => [
      s.runId,
      {
        start: s.start,
        count: s.count,
        exact: s.exact,
        points: (s.points ?? []).map((p) => toPoint({ ...p, key })),
      },
    ]),
  );
}

export const getRun = (ws: Workspace, runId: string, o: Signal = {}) =>
  call<{ run: Run }>(ws, 'runs/get', { ...o, query: { run_id: runId } }).then((r) => r.run);

/** The points of one metric of one run, in the server's order: all, or the first `limit` or some more. */
export async function metricHistory(
  ws: Workspace,
  runId: string,
  key: string,
  o: Signal = {},
  limit = Infinity,
): Promise<MetricPoint[]> {
  const all: MetricPoint[] = [];
  let token: string | undefined;
  do {
    const page = await call<{ metrics?: Metric[]; next_page_token?: string }>(ws, 'metrics/get-history', {
      ...o,
      query: { run_id: runId, metric_key: key, max_results: 24_000, page_token: token },
    });
    for (const m of page.metrics ?? []) all.push(toPoint(m));
    token = page.next_page_token;
  } while (token && all.length < limit);
  return all;
}

/** JSON has no NaN: the wire spells it (and infinities of some servers) as text. */
export function metricValue(value: number | string): number {
  return typeof value === 'number' ? value : Number(value);
}

function toPoint(m: Metric): MetricPoint {
  return { key: m.key, value: metricValue(m.value), timestamp: m.timestamp, step: m.step ?? 0 };
}

interface FileInfo {
  path: string;
  is_dir?: boolean;
  file_size?: number;
}

/** One folder of a run's artifacts; `path` "" is the root. */
export async function listArtifacts(
  ws: Workspace,
  runId: string,
  path: string,
  o: Signal = {},
): Promise<{ root: string; entries: Entry[] }> {
  const page = await call<{ root_uri?: string; files?: FileInfo[] }>(ws, 'artifacts/list', {
    ...o,
    query: { run_id: runId, path: path || undefined },
  });
  const entries = (page.files ?? []).map((f) => ({
    path: f.path,
    name: f.path.split('/').pop() ?? f.path,
    folder: f.is_dir ?? false,
    bytes: f.is_dir ? null : (f.file_size ?? 0),
  }));
  entries.sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name));
  return { root: page.root_uri ?? '', entries };
}

/** The address of an artifact's bytes, from the root the listing named; null for roots that are not proxied. */
export function artifactUrl(ws: Workspace, rootUri: string, path: string): string | null {
  const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(rootUri);
  if (!root) return null;
  const whole = [root[1]!.replace(/\/+$/, ''), path].filter(Boolean).join('/');
  return `${mlflowPath(ws)}/mlflow-artifacts/artifacts/${whole.split('/').map(encodeURIComponent).join('/')}`;
}

export function tagMap(list: readonly KeyValue[] | undefined): Record<string, string> {
  return Object.fromEntries((list ?? []).map((t) => [t.key, t.value]));
}
