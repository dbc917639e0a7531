/** Which workspace the page shows, and the one hook that all pages load with. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { useSearchParams } from 'react-router-dom';
import { wsPath, type Workspace } from '../api/arm';
import type { Me } from '../api/workspace';

interface Current {
  me: Me;
  ws: Workspace;
  choose(ws: Workspace): void;
}

const CurrentContext = createContext<Current | null>(null);
const KEY = 'atelier.workspace';

/** Azure's habit: `?wsid=<ARM id>` names the workspace, so that a link shows the same thing to everybody. */
export function WorkspaceProvider({ me, children }: { me: Me; children: ReactNode }) {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('wsid') ?? sessionStorage.getItem(KEY);
  const ws = me.workspaces.find((w) => wsPath(w).toLowerCase() === wanted?.toLowerCase()) ?? me.workspaces[0];
  const several = me.workspaces.length > 1;
  const id = ws ? wsPath(ws) : null;
  useEffect(() => {
    if (!id || !several || search.get('wsid') === id) return;
    sessionStorage.setItem(KEY, id);
    setSearch((s) => (s.set('wsid', id), s), { replace: true });
  }, [id, several, search, setSearch]);
  const value = useMemo<Current | null>(
    () => (ws ? { me, ws, choose: (next) => setSearch((s) => (s.set('wsid', wsPath(next)), s)) } : null),
    [me, ws, setSearch],
  );
  return <CurrentContext.Provider value={value}>{children}</CurrentContext.Provider>;
}

export function useCurrent(): Current {
  const current = useContext(CurrentContext);
  if (!current) throw new Error('No workspace chosen yet');
  return current;
}

export const useWs = (): Workspace => useCurrent().ws;

/** Polling: soon while something moves, seldom otherwise, never while the page is hidden. */
export const FAST_MS = 1500;
export const SLOW_MS = 10_000;

export interface LoadOptions<T> {
  enabled?: boolean;
  /** True while the loaded thing is still changing. */
  active?: (data: T) => boolean;
  /** For what never changes, such as an immutable version's profile. */
  once?: boolean;
  /** Keeps showing the old answer while one under a new key is on its way. */
  keep?: boolean;
}

export type Load<T> = UseQueryResult<T, Error>;

/** Loads something of the current workspace and keeps it fresh. `key` must name everything `load` depends on. */
export function useLoad<T>(
  key: readonly unknown[],
  load: (ws: Workspace, options: { signal: AbortSignal }) => Promise<T>,
  { enabled = true, active, once = false, keep = false }: LoadOptions<T> = {},
): Load<T> {
  const ws = useWs();
  return useQuery<T, Error, T>({
    queryKey: [wsPath(ws), ...key],
    queryFn: ({ signal }) => load(ws, { signal }),
    enabled,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    staleTime: once ? Infinity : 1000,
    refetchInterval: once
      ? false
      : (query) => (query.state.data !== undefined && active?.(query.state.data) ? FAST_MS : SLOW_MS),
  });
}
