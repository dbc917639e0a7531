/**
 * The one place that calls `fetch`. Same origin only; the session cookie is the caller. A request that changes
 * something carries `X-Atelier-Studio: 1`, which a foreign page cannot send without a CORS preflight.
 */

/** What went wrong, in the server's own words. `status` 0 means that no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
  get isNotFound(): boolean {
    return this.status === 404;
  }
}

type Listener = () => void;
const sessionListeners = new Set<Listener>();

/** Tells the shell that the session has ended (any 401). Returns the function that stops listening. */
export function onSessionEnded(listener: Listener): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

export function announceSessionEnded(): void {
  for (const listener of sessionListeners) listener();
}

export const STUDIO_HEADER = { 'X-Atelier-Studio': '1' } as const;

export interface RequestOptions {
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | boolean | undefined>;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Set when a 401 says something about the request (a wrong endpoint key), not about the session. */
  ownAuthorization?: boolean;
}

export function withQuery(path: string, query: RequestOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(
    (e): e is [string, string | number | boolean] => e[1] !== undefined,
  );
  if (entries.length === 0) return path;
  const search = new URLSearchParams(entries.map(([k, v]) => [k, String(v)])).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${search}`;
}

/** Sends and returns the answer when it is a success; throws {@link ApiError} otherwise. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { ...options.headers };
  if (method !== 'GET' && method !== 'HEAD') Object.assign(headers, STUDIO_HEADER);
  let body = options.body;
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.json);
  }
  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The server did not answer. Is it running? `./atelier status` tells.', 0, 'NoAnswer');
  }
  if (response.ok) return response;
  if (response.status === 401 && !options.ownAuthorization) announceSessionEnded();
  throw await errorOf(response);
}

export async function json<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  const text = await response.text();
  if (!text) return {} as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(`The answer to ${path.split('?')[0]} is not JSON.`, response.status, 'BadAnswer');
  }
}

export async function text(path: string, options: RequestOptions = {}): Promise<string> {
  return (await send(path, options)).text();
}

async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('x-ms-request-id') ?? response.headers.get('x-request-id');
  const body = await response.text().catch(() => '');
  const { message, code } = readError(body);
  const fallback = `${response.status} ${response.statusText}`.trim();
  return new ApiError(message ?? fallback, response.status, code, requestId);
}

/** Reads the error dialects spoken here: ARM JSON, MLflow JSON, scoring JSON, storage XML, plain text. */
export function readError(body: string): { message: string | null; code: string | null } {
  const trimmed = body.trim();
  if (trimmed.startsWith('{')) {
    try {
      const parsed = JSON.parse(trimmed) as {
        error?: { code?: string; message?: string } | string;
        error_code?: string;
        message?: string;
      };
      if (typeof parsed.error === 'object') {
        return { message: parsed.error.message ?? null, code: parsed.error.code ?? null };
      }
      const plain = typeof parsed.error === 'string' ? parsed.error : null;
      return { message: parsed.message ?? plain, code: parsed.error_code ?? null };
    } catch {
      return { message: trimmed.slice(0, 500), code: null };
    }
  }
  const xml = /<Message>([\s\S]*?)<\/Message>/.exec(trimmed);
  if (xml) {
    const code = /<Code>([\s\S]*?)<\/Code>/.exec(trimmed);
    return { message: (xml[1] ?? '').trim(), code: code?.[1] ?? null };
  }
  if (!trimmed || trimmed.startsWith('<')) return { message: null, code: null };
  return { message: trimmed.slice(0, 500), code: null };
}

/** The path of an absolute URL the server gave (nextLink, operation status), so that the call stays same-origin. */
export function sameOrigin(url: string): string {
  if (url.startsWith('/')) return url;
  const parsed = new URL(url);
  return parsed.pathname + parsed.search;
}
