/** Batch endpoints: resources, and the jobs that their scoring address starts. */
import { armGet, armList, armLongRunning, enc, wsPath, type Arm, type LroOptions, type Workspace } from './arm';
import { getJob, getGraph } from './jobs';
import { json, type RequestOptions } from './http';

export interface BatchEndpoint {
  authMode?: string;
  scoringUri?: string | null;
  provisioningState?: string;
  description?: string | null;
  defaults?: { deploymentName?: string | null } | null;
}

export interface BatchDeployment {
  model?: { assetId?: string } | null;
  environmentId?: string | null;
  codeConfiguration?: { codeId?: string; scoringScript?: string } | null;
  deploymentConfiguration?: { componentId?: { assetId?: string } } | null;
  compute?: string | null;
  provisioningState?: string;
  description?: string | null;
  miniBatchSize?: number;
  maxConcurrencyPerInstance?: number;
  errorThreshold?: number;
  outputAction?: string;
  outputFileName?: string;
  retrySettings?: { maxRetries?: number; timeout?: string } | null;
  resources?: { instanceCount?: number } | null;
}

export interface BatchJob {
  status: string;
  displayName?: string;
  tags?: Record<string, string>;
}

export type BatchEndpointResource = Arm<BatchEndpoint>;
export type BatchDeploymentResource = Arm<BatchDeployment>;
export type BatchJobResource = Arm<BatchJob>;

type Signal = Pick<RequestOptions, 'signal'>;
const at = (name: string) => `/batchEndpoints/${enc(name)}`;
const jobsOf = (ws: Workspace, name: string) => `/mferp/managementfrontend${wsPath(ws)}${at(name)}/jobs`;

export const listBatchEndpoints = (ws: Workspace, o: Signal = {}) => armList<BatchEndpoint>(ws, '/batchEndpoints', o);
export const getBatchEndpoint = (ws: Workspace, name: string, o: Signal = {}) => armGet<BatchEndpoint>(ws, at(name), o);
export const listBatchDeployments = (ws: Workspace, name: string, o: Signal = {}) =>
  armList<BatchDeployment>(ws, `${at(name)}/deployments`, o);

export async function listBatchJobs(ws: Workspace, name: string, o: Signal = {}): Promise<BatchJobResource[]> {
  return (await json<{ value?: BatchJobResource[] }>(jobsOf(ws, name), o)).value ?? [];
}

export const deleteBatchEndpoint = (ws: Workspace, name: string, lro: LroOptions = {}) =>
  armLongRunning(ws, at(name), { method: 'DELETE' }, lro);

/** Starts a job over a data asset. */
export const startBatchJob = (
  ws: Workspace,
  endpoint: string,
  deployment: string,
  data: { id: string; file: boolean },
) =>
  json<BatchJobResource>(jobsOf(ws, endpoint), {
    method: 'POST',
    headers: { 'azureml-model-deployment': deployment },
    json: {
      properties: { inputData: { data: { jobInputType: data.file ? 'UriFile' : 'UriFolder', uri: data.id } } },
    },
  });

/** Address of the rows of a model's job; null for a job of another kind or one without rows yet. */
export async function predictionsOf(ws: Workspace, job: string, o: Signal = {}): Promise<string | null> {
  const graph = await getGraph(ws, job, o);
  const step = graph.nodes.find((n) => n.name === 'batchscoring')?.job;
  if (!step) return null;
  const output = (await getJob(ws, step, o)).properties.outputs?.score;
  return output?.uri ?? null;
}
