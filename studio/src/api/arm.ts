/** Azure Resource Manager conventions: envelopes, lists with nextLink, long-running operations. */
import { ApiError, json, sameOrigin, send, type RequestOptions } from './http';

export const API_VERSION = '2024-04-01';

export interface SystemData {
  createdAt?: string;
  createdBy?: string;
  createdByType?: string;
  lastModifiedAt?: string;
}

export interface Arm<P> {
  id: string;
  name: string;
  type?: string;
  systemData?: SystemData;
  location?: string;
  tags?: Record<string, string>;
  properties: P;
}

interface ArmList<P> {
  value?: Arm<P>[];
  nextLink?: string | null;
}

/** A workspace and the path that all its ARM resources start with. */
export interface Workspace {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  workspaceId: string;
}

export function wsPath(ws: Workspace): string {
  return (
    `/subscriptions/${enc(ws.subscriptionId)}/resourceGroups/${enc(ws.resourceGroup)}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${enc(ws.name)}`
  );
}

export const enc = encodeURIComponent;

function withVersion(options: RequestOptions): RequestOptions {
  return { ...options, query: { 'api-version': API_VERSION, ...options.query } };
}

export function armGet<P>(ws: Workspace, path: string, options: RequestOptions = {}): Promise<Arm<P>> {
  return json<Arm<P>>(`${wsPath(ws)}${path}`, withVersion(options));
}

/** Atelier's additions and POST verbs share ARM's address and errors but not its envelope. */
export function armJson<T>(ws: Workspace, path: string, options: RequestOptions = {}): Promise<T> {
  return json<T>(`${wsPath(ws)}${path}`, withVersion(options));
}

/** Null for what does not exist, instead of an error. */
export async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (problem) {
    if (problem instanceof ApiError && problem.isNotFound) return null;
    throw problem;
  }
}

/** All pages of a list, up to `maxPages`: the studio shows assets by the thousand, not by the million. */
export async function armList<P>(
  ws: Workspace,
  path: string,
  options: RequestOptions = {},
  maxPages = 20,
): Promise<Arm<P>[]> {
  const first = withVersion(options);
  let page = await json<ArmList<P>>(`${wsPath(ws)}${path}`, first);
  const all = [...(page.value ?? [])];
  for (let i = 1; page.nextLink && i < maxPages; i++) {
    page = await json<ArmList<P>>(sameOrigin(page.nextLink), options.signal ? { signal: options.signal } : {});
    all.push(...(page.value ?? []));
  }
  return all;
}

export interface Operation {
  status: string;
  error?: { code?: string; message?: string } | null;
}

export interface LroOptions {
  onStatus?: (status: string) => void;
  signal?: AbortSignal;
  /** Between polls, in milliseconds; the server's Retry-After wins when it is longer. */
  intervalMs?: number;
  sleep?: (ms: number) => Promise<void>;
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * Sends a request and follows it to its end: `Azure-AsyncOperation` until the status is terminal, or `Location`
 * until it no longer answers 202. Throws {@link ApiError} with the operation's own message when it fails.
 */
export async function armLongRunning(
  ws: Workspace,
  path: string,
  request: RequestOptions,
  { onStatus, signal, intervalMs = 1000, sleep = pause }: LroOptions = {},
): Promise<void> {
  const response = await send(`${wsPath(ws)}${path}`, withVersion({ ...request, signal }));
  const operation = response.headers.get('azure-asyncoperation');
  const location = response.headers.get('location');
  const retryAfter = Number(response.headers.get('retry-after') ?? 0) * 1000;
  const wait = Math.max(intervalMs, Math.min(retryAfter, 5000));
  if (operation) {
    for (;;) {
      const state = await json<Operation>(sameOrigin(operation), { signal });
      onStatus?.(state.status);
      if (state.status === 'Succeeded') return;
      if (state.status === 'Failed' || state.status === 'Canceled') {
        throw new ApiError(
          state.error?.message ?? `The operation ended as ${state.status}.`,
          200,
          state.error?.code ?? null,
        );
      }
      await sleep(wait);
    }
  }
  while (response.status === 202 && location) {
    const state = await send(sameOrigin(location), { signal });
    if (state.status !== 202) return;
    onStatus?.('InProgress');
    await sleep(wait);
  }
}
