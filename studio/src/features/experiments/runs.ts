/** The runs of an experiment, page by page, kept fresh while something runs. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { wsPath } from '../../api/arm';
import { runsById, searchRunPage, tagMap, type Run, type RunPage, type RunQuery } from '../../api/mlflow';
import { FAST_MS, useWs } from '../../app/workspace';
import { isActive } from '../../lib/status';
import type { Vocabulary } from './filter';

/** The first page is small so that rows show at once; the next ones save round trips. */
const FIRST_PAGE = 100;
const NEXT_PAGES = 500;
const WATCHED = 100;

export const PARENT_TAG = 'mlflow.parentRunId';
export const parentRun = (run: Run): string | null => run.data.tags?.find((t) => t.key === PARENT_TAG)?.value ?? null;

/**
 * Pages load as they are scrolled to. While a loaded run is active, the first page and the active runs are asked for
 * again and laid over; when nothing runs, nothing is asked (coming back to the window asks once).
 */
export function useRuns(query: RunQuery) {
  const ws = useWs();
  const key = [wsPath(ws), 'runs', query] as const;
  const pages = useInfiniteQuery({
    queryKey: [...key, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      searchRunPage(ws, query, { token: pageParam, size: pageParam ? NEXT_PAGES : FIRST_PAGE, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: RunPage) => last.next,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    structuralSharing: false,
    retry: false,
  });
  const loaded = useMemo(() => flat(pages.data?.pages ?? []), [pages.data]);
  const running = useMemo(() => loaded.filter((r) => isActive(r.info.status)).map((r) => r.info.run_id), [loaded]);
  const fresh = useQuery({
    queryKey: [...key, 'fresh'],
    queryFn: async ({ signal }) => {
      const head = (await searchRunPage(ws, query, { size: FIRST_PAGE, signal })).runs;
      const seen = new Set(head.map((r) => r.info.run_id));
      const others = running.filter((id) => !seen.has(id)).slice(0, WATCHED);
      return { head, others: await runsById(ws, query.experimentId, others, { signal }) };
    },
    enabled: pages.isSuccess && !pages.isPlaceholderData,
    staleTime: 1000,
    retry: false,
    refetchInterval: (q) => {
      const data = q.state.data;
      const still = data ? [...data.head, ...data.others].some((r) => isActive(r.info.status)) : running.length > 0;
      return still ? FAST_MS : false;
    },
  });
  const runs = useMemo(
    () => (fresh.data && !pages.isPlaceholderData ? overlay(loaded, fresh.data.head, fresh.data.others) : loaded),
    [loaded, fresh.data, pages.isPlaceholderData],
  );
  return { pages, runs, live: running.length > 0 };
}

function flat(pages: readonly RunPage[]): Run[] {
  const seen = new Set<string>();
  // A run that began while pages were loading moves the others on: one may come twice.
  return pages.flatMap((p) => p.runs.filter((r) => !seen.has(r.info.run_id) && seen.add(r.info.run_id)));
}

/** Fresh rows over older ones. The head is the server's word on the first rows and their order. */
export function overlay(loaded: readonly Run[], head: readonly Run[], others: readonly Run[]): Run[] {
  const first = new Set(head.map((r) => r.info.run_id));
  const newer = new Map(others.map((r) => [r.info.run_id, r]));
  return [...head, ...loaded.filter((r) => !first.has(r.info.run_id)).map((r) => newer.get(r.info.run_id) ?? r)];
}

export interface TreeRow {
  run: Run;
  depth: number;
  children: number;
}

/** Child runs under their parent where both are loaded, in the order they came; closed parents hide theirs. */
export function nest(runs: readonly Run[], open: ReadonlySet<string>): TreeRow[] {
  const ids = new Set(runs.map((r) => r.info.run_id));
  const under = new Map<string, Run[]>();
  const roots: Run[] = [];
  for (const run of runs) {
    const parent = parentRun(run);
    if (parent === null || !ids.has(parent) || parent === run.info.run_id) roots.push(run);
    else {
      const siblings = under.get(parent);
      if (siblings) siblings.push(run);
      else under.set(parent, [run]);
    }
  }
  const rows: TreeRow[] = [];
  const put = (run: Run, depth: number) => {
    const children = under.get(run.info.run_id) ?? [];
    rows.push({ run, depth, children: children.length });
    if (open.has(run.info.run_id)) for (const c of children) put(c, depth + 1);
  };
  for (const r of roots) put(r, 0);
  return rows;
}

const VALUES = 30;
/** Tags that MLflow and Azure write for themselves are offered last. */
const inner = (key: string) => /^(mlflow|azureml)\./.test(key);

/** Keys among the runs, the most common first, and some of their values. */
export function vocabulary(runs: readonly Run[]): Vocabulary & { tagKeys: string[] } {
  const metrics = new Map<string, number>();
  const params = new Map<string, Map<string, number>>();
  const tags = new Map<string, Map<string, number>>();
  const add = (to: Map<string, Map<string, number>>, key: string, value: string) => {
    const values = to.get(key) ?? new Map<string, number>();
    if (values.size < VALUES || values.has(value)) values.set(value, (values.get(value) ?? 0) + 1);
    to.set(key, values);
  };
  for (const run of runs) {
    for (const m of run.data.metrics ?? []) metrics.set(m.key, (metrics.get(m.key) ?? 0) + 1);
    for (const p of run.data.params ?? []) add(params, p.key, p.value);
    for (const [k, v] of Object.entries(tagMap(run.data.tags))) add(tags, k, v);
  }
  const total = (values: Map<string, number>) => [...values.values()].reduce((a, b) => a + b, 0);
  const sorted = (from: Map<string, Map<string, number>>) =>
    new Map(
      [...from]
        .sort(([a, x], [b, y]) => Number(inner(a)) - Number(inner(b)) || total(y) - total(x) || a.localeCompare(b))
        .map(([k, v]) => [k, [...v].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([value]) => value)]),
    );
  const tagMapSorted = sorted(tags);
  return {
    metrics: [...metrics].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([k]) => k),
    params: sorted(params),
    tags: tagMapSorted,
    tagKeys: [...tagMapSorted.keys()],
  };
}
