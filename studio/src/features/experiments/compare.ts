/** Columns and differences of runs side by side. Pure. */
import { metricValue, type KeyValue, type Run } from '../../api/mlflow';

/** Every metric or parameter key among the runs, the most common first, then by name. */
export function keysOf(runs: readonly Run[], pick: (run: Run) => readonly { key: string }[] | undefined): string[] {
  const seen = new Map<string, number>();
  for (const run of runs) for (const { key } of pick(run) ?? []) seen.set(key, (seen.get(key) ?? 0) + 1);
  return [...seen].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([key]) => key);
}

export const metricKeys = (runs: readonly Run[]) => keysOf(runs, (r) => r.data.metrics);
export const tagKeys = (runs: readonly Run[]) => keysOf(runs, (r) => r.data.tags);
export const paramKeys = (runs: readonly Run[]) => keysOf(runs, (r) => r.data.params);

export function metricOf(run: Run, key: string): number | null {
  const found = run.data.metrics?.find((m) => m.key === key);
  return found === undefined ? null : metricValue(found.value);
}

const valueOf = (list: readonly KeyValue[] | undefined, key: string): string | null =>
  list?.find((p) => p.key === key)?.value ?? null;

export const tagOf = (run: Run, key: string): string | null => valueOf(run.data.tags, key);
export const paramOf = (run: Run, key: string): string | null => valueOf(run.data.params, key);

export interface DiffRow {
  key: string;
  values: (string | null)[];
  /** False when all runs say the same. */
  differs: boolean;
}

export function diff(
  runs: readonly Run[],
  keys: readonly string[],
  value: (run: Run, key: string) => string | null,
): DiffRow[] {
  return keys.map((key) => {
    const values = runs.map((r) => value(r, key));
    return { key, values, differs: new Set(values).size > 1 };
  });
}

/** A run's name, made distinct by its id where several share it. */
export function runLabels(runs: readonly Run[]): string[] {
  const names = runs.map((r) => r.info.run_name || r.info.run_id.slice(0, 8));
  return names.map((n, i) =>
    names.indexOf(n) === names.lastIndexOf(n) ? n : `${n} (${runs[i]!.info.run_id.slice(0, 6)})`,
  );
}
