/** The run table's columns: what they are, how the server sorts by them, what a cell says. Pure but for the memory. */
import type { Run } from '../../api/mlflow';
import { number } from '../../lib/format';
import type { Direction } from '../../lib/table';
import { metricOf, paramOf, tagOf } from './compare';
import { quoteKey } from './filter';

/** `a:` attribute, `m:` metric, `p:` parameter, `t:` tag. */
export type ColumnId = `${'a' | 'm' | 'p' | 't'}:${string}`;

export interface RunColumn {
  id: ColumnId;
  header: string;
  width: number;
  numeric: boolean;
  /** What `order_by` calls it; null when the server cannot sort by it. */
  order: string | null;
}

const ATTRIBUTES: Record<string, Omit<RunColumn, 'id'>> = {
  name: { header: 'Run', width: 250, numeric: false, order: 'attributes.run_name' },
  status: { header: 'Status', width: 132, numeric: false, order: 'attributes.status' },
  started: { header: 'Started', width: 140, numeric: false, order: 'attributes.start_time' },
  duration: { header: 'Duration', width: 104, numeric: true, order: null },
  user: { header: 'User', width: 120, numeric: false, order: 'attributes.user_id' },
  datasets: { header: 'Data', width: 180, numeric: false, order: null },
  id: { header: 'Run id', width: 290, numeric: false, order: 'attributes.run_id' },
};

export const ATTRIBUTE_COLUMNS = Object.keys(ATTRIBUTES).map((k) => `a:${k}` as ColumnId);
export const NAME: ColumnId = 'a:name';
const FIRST: ColumnId[] = ['a:name', 'a:status', 'a:started', 'a:duration'];
const FIRST_KEYS = 5;

export function column(id: ColumnId): RunColumn | null {
  const key = id.slice(2);
  if (id.startsWith('a:')) return ATTRIBUTES[key] ? { id, ...ATTRIBUTES[key] } : null;
  const metric = id.startsWith('m:');
  const family = metric ? 'metrics' : id.startsWith('p:') ? 'params' : 'tags';
  // Wide enough for the header, within reason; the rest is cut, and said in the cell's title.
  const width = Math.min(Math.max(9 * key.length + 48, metric ? 112 : 120), 260);
  return { id, header: key, width, numeric: metric, order: `${family}.${quoteKey(key)}` };
}

/** What is shown until somebody chooses. */
export function defaultColumns(metrics: readonly string[], params: readonly string[]): ColumnId[] {
  return [
    ...FIRST,
    ...metrics.slice(0, FIRST_KEYS).map((k) => `m:${k}` as ColumnId),
    ...params.slice(0, FIRST_KEYS).map((k) => `p:${k}` as ColumnId),
  ];
}

export interface Order {
  id: ColumnId;
  direction: Direction;
}

export const NEWEST: Order = { id: 'a:started', direction: 'descending' };

/** `m:loss asc` in an address; anything else is the newest first. */
export function parseOrder(text: string | null): Order {
  const m = /^([ampt]:.+) (asc|desc)$/s.exec(text ?? '');
  const found = m && column(m[1] as ColumnId);
  return found?.order ? { id: found.id, direction: m![2] === 'asc' ? 'ascending' : 'descending' } : NEWEST;
}

export const writeOrder = (o: Order) => `${o.id} ${o.direction === 'ascending' ? 'asc' : 'desc'}`;

/** For `order_by`; the start breaks ties, so that pages never overlap. */
export function orderBy(o: Order): string[] {
  const by = column(o.id)?.order;
  const first = by ? [`${by} ${o.direction === 'ascending' ? 'ASC' : 'DESC'}`] : [];
  return o.id === 'a:started' ? first : [...first, 'attributes.start_time DESC'];
}

/** The order after a click on a header: numbers and times start with the largest, words with A. */
export function nextOrder(current: Order, c: RunColumn): Order {
  const first: Direction = c.numeric || c.id === 'a:started' ? 'descending' : 'ascending';
  if (current.id !== c.id) return { id: c.id, direction: first };
  return { id: c.id, direction: current.direction === 'ascending' ? 'descending' : 'ascending' };
}

/** A cell's exact value, as exports write it. */
export function valueOf(run: Run, id: ColumnId): string | number | null {
  const key = id.slice(2);
  if (id.startsWith('m:')) return metricOf(run, key);
  if (id.startsWith('p:')) return paramOf(run, key);
  if (id.startsWith('t:')) return tagOf(run, key);
  const { info } = run;
  switch (key) {
    case 'name':
      return info.run_name || info.run_id;
    case 'status':
      return info.status;
    case 'started':
      return info.start_time ? new Date(info.start_time).toISOString() : null;
    case 'duration':
      return info.end_time ? (info.end_time - (info.start_time ?? 0)) / 1000 : null;
    case 'user':
      return info.user_id ?? null;
    case 'datasets':
      return (
        (run.inputs?.dataset_inputs ?? []).map((d) => `${d.dataset.name} (${d.dataset.digest})`).join(', ') || null
      );
    default:
      return info.run_id;
  }
}

/** As the table shows it. */
export function textOf(run: Run, id: ColumnId): string {
  const value = valueOf(run, id);
  if (value === null) return '–';
  return typeof value === 'number' ? number(value) : value;
}

/** The header and one record a run: what both exports are made of. */
export function records(runs: readonly Run[], ids: readonly ColumnId[]) {
  const all: ColumnId[] = ids.includes('a:id') ? [...ids] : ['a:id', ...ids];
  const names: Record<string, string> = { a: 'attributes', m: 'metrics', p: 'params', t: 'tags' };
  const header = all.map((id) =>
    id.startsWith('a:')
      ? ({ 'a:id': 'run_id', 'a:name': 'run_name', 'a:started': 'start_time', 'a:duration': 'duration_seconds' }[
          id as string
        ] ?? id.slice(2))
      : `${names[id[0]!]}.${id.slice(2)}`,
  );
  return { header, rows: runs.map((r) => all.map((id) => valueOf(r, id))) };
}

/** JSON has no NaN and no infinities: they are spelt as MLflow spells them. */
export function toJson({ header, rows }: ReturnType<typeof records>): string {
  const spelt = (v: string | number | null) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v);
  return JSON.stringify(
    rows.map((r) => Object.fromEntries(r.map((v, i) => [header[i]!, spelt(v)]))),
    null,
    2,
  );
}

const KEY = 'atelier.runColumns';

/** The columns chosen for an experiment on this browser; null until somebody chose. */
export function rememberedColumns(experiment: string): ColumnId[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`${KEY}.${experiment}`) ?? 'null');
    if (!Array.isArray(kept)) return null;
    return kept.filter((id): id is ColumnId => typeof id === 'string' && column(id as ColumnId) !== null);
  } catch {
    return null;
  }
}

export function rememberColumns(experiment: string, ids: readonly ColumnId[] | null): void {
  try {
    if (ids) localStorage.setItem(`${KEY}.${experiment}`, JSON.stringify(ids));
    else localStorage.removeItem(`${KEY}.${experiment}`);
  } catch {
    // A browser that keeps nothing still shows the columns until the page is left.
  }
}
