/** Managed online endpoints: resources, keys, scoring, deployment logs, Atelier's request metrics. */
import { armGet, armJson, armList, armLongRunning, enc, type Arm, type LroOptions, type Workspace } from './arm';
import { send, type RequestOptions } from './http';

export interface OnlineEndpoint {
  authMode?: string;
  scoringUri?: string | null;
  swaggerUri?: string | null;
  provisioningState?: string;
  traffic?: Record<string, number> | null;
  description?: string | null;
  properties?: Record<string, string>;
}

export interface OnlineDeployment {
  endpointComputeType?: string;
  model?: string | null;
  environmentId?: string | null;
  codeConfiguration?: { codeId?: string; scoringScript?: string } | null;
  environmentVariables?: Record<string, string> | null;
  instanceType?: string | null;
  provisioningState?: string;
  description?: string | null;
  properties?: Record<string, string> | null;
}

export interface EndpointKeys {
  primaryKey?: string | null;
  secondaryKey?: string | null;
}

export interface EndpointMetrics {
  requests: number;
  errors: number;
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
  series: { time: string; requests: number; errors: number; p50: number | null; p95: number | null }[];
}

export type EndpointResource = Arm<OnlineEndpoint>;
export type DeploymentResource = Arm<OnlineDeployment>;

type Signal = Pick<RequestOptions, 'signal'>;
const at = (name: string) => `/onlineEndpoints/${enc(name)}`;

export const listEndpoints = (ws: Workspace, o: Signal = {}) => armList<OnlineEndpoint>(ws, '/onlineEndpoints', o);
export const getEndpoint = (ws: Workspace, name: string, o: Signal = {}) => armGet<OnlineEndpoint>(ws, at(name), o);
export const listDeployments = (ws: Workspace, name: string, o: Signal = {}) =>
  armList<OnlineDeployment>(ws, `${at(name)}/deployments`, o);
export const listKeys = (ws: Workspace, name: string) =>
  armJson<EndpointKeys>(ws, `${at(name)}/listKeys`, { method: 'POST', json: {} });
export const getEndpointMetrics = (ws: Workspace, name: string, minutes: number, o: Signal = {}) =>
  armJson<EndpointMetrics>(ws, `/atelier${at(name)}/metrics`, { ...o, query: { minutes } });
export const getDeploymentLogs = (ws: Workspace, endpoint: string, deployment: string, tail = 200, o: Signal = {}) =>
  armJson<{ content?: string }>(ws, `${at(endpoint)}/deployments/${enc(deployment)}/getLogs`, {
    ...o,
    method: 'POST',
    json: { tail },
  });

export const putEndpoint = (ws: Workspace, name: string, properties: OnlineEndpoint, lro: LroOptions = {}) =>
  armLongRunning(
    ws,
    at(name),
    {
      method: 'PUT',
      json: { location: ws.location, identity: { type: 'SystemAssigned' }, tags: {}, properties },
    },
    lro,
  );

export const putDeployment = (ws: Workspace, endpoint: string, name: string, modelId: string, lro: LroOptions = {}) =>
  armLongRunning(
    ws,
    `${at(endpoint)}/deployments/${enc(name)}`,
    {
      method: 'PUT',
      json: {
        location: ws.location,
        tags: {},
        sku: { name: 'Default', capacity: 1 },
        properties: {
          endpointComputeType: 'Managed',
          model: modelId,
          instanceType: 'Standard_DS3_v2',
          scaleSettings: { scaleType: 'Default' },
        },
      },
    },
    lro,
  );

export const deleteEndpoint = (ws: Workspace, name: string, lro: LroOptions = {}) =>
  armLongRunning(ws, at(name), { method: 'DELETE' }, lro);

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where the page can reach a scoring URI: the path alone when host or loopback is ours, else the whole URI. */
export function reachable(scoringUri: string, pageHostname: string): string {
  const url = new URL(scoringUri);
  const ours = url.hostname === pageHostname || (LOOPBACK.has(url.hostname) && LOOPBACK.has(pageHostname));
  return ours ? url.pathname + url.search : scoringUri;
}

export interface Score {
  body: string;
  latencyMs: number;
  deployment: string | null;
}

/** One scoring call, timed from the browser. `deployment` goes past the traffic split. */
export async function score(
  uri: string,
  key: string,
  body: string,
  deployment: string | null,
  signal?: AbortSignal,
): Promise<Score> {
  const started = performance.now();
  const response = await send(reachable(uri, window.location.hostname), {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${key}`,
      ...(deployment ? { 'azureml-model-deployment': deployment } : {}),
    },
    ownAuthorization: true,
    signal,
  });
  const text = await response.text();
  return {
    body: text,
    latencyMs: performance.now() - started,
    deployment: response.headers.get('azureml-model-deployment'),
  };
}
