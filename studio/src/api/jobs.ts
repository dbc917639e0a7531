/** Jobs: the ARM resource, Atelier's logs and graph, and what the studio derives from them. */
import { instant } from '../lib/format';
import { armGet, armJson, armList, armLongRunning, enc, wsPath, type Arm, type Workspace } from './arm';
import { send, type RequestOptions } from './http';

export interface JobInput {
  jobInputType?: string;
  uri?: string;
  value?: string | number | boolean;
  mode?: string;
}

export interface JobOutput {
  jobOutputType?: string;
  uri?: string | null;
  mode?: string;
  assetName?: string | null;
}

export interface JobProperties {
  jobType: string;
  status?: string;
  displayName?: string | null;
  description?: string | null;
  experimentName?: string;
  computeId?: string | null;
  environmentId?: string | null;
  codeId?: string | null;
  componentId?: string | null;
  command?: string;
  parentJobName?: string | null;
  inputs?: Record<string, JobInput | null> | null;
  outputs?: Record<string, JobOutput | null> | null;
  environmentVariables?: Record<string, string> | null;
  tags?: Record<string, string> | null;
  properties?: Record<string, string> | null;
  services?: Record<string, { endpoint?: string | null } | null> | null;
  isArchived?: boolean;
  startTimeUtc?: string;
  endTimeUtc?: string;
}

export type Job = Arm<JobProperties>;

export interface LogFile {
  name: string;
  bytes: number;
}

export interface GraphNode {
  name: string;
  displayName?: string | null;
  component?: string | null;
  type?: string;
  /** The child job's name, once there is one. */
  job: string | null;
  status: string;
  reused?: boolean;
  reusedFrom?: string | null;
  reason?: string | null;
  startedAt?: string | null;
  finishedAt?: string | null;
}

export interface GraphEdge {
  /** A node's name, or "inputs" for the pipeline's own inputs. */
  from: string;
  fromPort: string;
  /** A node's name, or "outputs". */
  to: string;
  toPort: string;
}

export interface JobGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface LogChunk {
  bytes: Uint8Array;
  nextOffset: number;
  complete: boolean;
}

type Signal = Pick<RequestOptions, 'signal'>;

export const listJobs = (ws: Workspace, o: Signal = {}) =>
  armList<JobProperties>(ws, '/jobs', { ...o, query: { listViewType: 'ActiveOnly' } });

export const getJob = (ws: Workspace, name: string, o: Signal = {}) =>
  armGet<JobProperties>(ws, `/jobs/${enc(name)}`, o);

export const cancelJob = (ws: Workspace, name: string) =>
  armLongRunning(ws, `/jobs/${enc(name)}/cancel`, { method: 'POST' });

export const listLogs = (ws: Workspace, name: string, o: Signal = {}) =>
  armJson<{ value: LogFile[]; complete: boolean }>(ws, `/atelier/jobs/${enc(name)}/logs`, o);

export const getGraph = (ws: Workspace, name: string, o: Signal = {}) =>
  armJson<JobGraph>(ws, `/atelier/jobs/${enc(name)}/graph`, o);

export function logUrl(ws: Workspace, job: string, path: string): string {
  return `${wsPath(ws)}/atelier/jobs/${enc(job)}/logs/${path.split('/').map(enc).join('/')}`;
}

/** The bytes of a log from `offset` to its present end. */
export async function readLog(
  ws: Workspace,
  job: string,
  path: string,
  offset: number,
  signal?: AbortSignal,
): Promise<LogChunk> {
  const response = await send(logUrl(ws, job, path), { query: { offset }, signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const next = response.headers.get('x-atelier-next-offset');
  return {
    bytes,
    nextOffset: next === null ? offset + bytes.length : Number(next),
    complete: response.headers.get('x-atelier-complete') === 'true',
  };
}

/** When a job was made, began and ended, from whichever field says so. Epoch milliseconds. */
export function jobTimes(job: Job): { created: number | null; started: number | null; ended: number | null } {
  const extra = job.properties.properties ?? {};
  const first = (...keys: string[]) => keys.map((k) => instant(extra[k])).find((t) => t !== null) ?? null;
  return {
    created: instant(job.systemData?.createdAt),
    started: instant(job.properties.startTimeUtc) ?? first('StartTimeUtc', 'startTimeUtc', 'startTime'),
    ended: instant(job.properties.endTimeUtc) ?? first('EndTimeUtc', 'endTimeUtc', 'endTime'),
  };
}

/** How long the job ran, or has been running until `now`; null before it started. */
export function jobDuration(job: Job, now: number, active: boolean): number | null {
  const { started, ended } = jobTimes(job);
  if (started === null) return null;
  if (ended !== null) return ended - started;
  return active ? now - started : null;
}

export function jobTitle(job: Job): string {
  return job.properties.displayName || job.name;
}

/** The pipeline job a step belongs to; null for a job of its own. */
export function parentOf(job: Job): string | null {
  const p = job.properties;
  const extra = p.properties ?? {};
  return (
    p.parentJobName ??
    extra['azureml.pipelinerunid'] ??
    extra['azureml.parentRunId'] ??
    p.tags?.['mlflow.parentRunId'] ??
    null
  );
}

export function isPipeline(job: Job): boolean {
  return job.properties.jobType.toLowerCase() === 'pipeline';
}
