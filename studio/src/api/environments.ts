/** Environments: named, versioned software, and the state of their build. */
import { armGet, armJson, armList, enc, type Workspace } from './arm';
import type { RequestOptions } from './http';

export interface EnvironmentContainer {
  latestVersion?: string | null;
  nextVersion?: string | null;
  description?: string | null;
  isArchived?: boolean;
  tags?: Record<string, string>;
}

export interface EnvironmentVersion {
  image?: string | null;
  condaFile?: string | null;
  build?: { contextUri?: string; dockerfilePath?: string } | null;
  description?: string | null;
  environmentType?: string;
  osType?: string;
  stage?: string | null;
  tags?: Record<string, string>;
  isAnonymous?: boolean;
}

export interface EnvironmentBuild {
  status: 'NotBuilt' | 'Building' | 'Succeeded' | 'Failed';
  python?: string | null;
  hash?: string | null;
  /** One `name==version` a line. */
  lock?: string | null;
  log?: string | null;
  sizeBytes?: number | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  error?: string | null;
}

type Signal = Pick<RequestOptions, 'signal'>;
const build = (name: string, v: string) => `/atelier/environments/${enc(name)}/versions/${enc(v)}/build`;

export const listEnvironments = (ws: Workspace, o: Signal = {}) =>
  armList<EnvironmentContainer>(ws, '/environments', { ...o, query: { listViewType: 'ActiveOnly' } });

export const listEnvironmentVersions = (ws: Workspace, name: string, o: Signal = {}) =>
  armList<EnvironmentVersion>(ws, `/environments/${enc(name)}/versions`, o);

export const getEnvironmentContainer = (ws: Workspace, name: string, o: Signal = {}) =>
  armGet<EnvironmentContainer>(ws, `/environments/${enc(name)}`, o);

export const getEnvironmentBuild = (ws: Workspace, name: string, v: string, o: Signal = {}) =>
  armJson<EnvironmentBuild>(ws, build(name, v), o);

export const startEnvironmentBuild = (ws: Workspace, name: string, v: string) =>
  armJson<unknown>(ws, build(name, v), { method: 'POST', json: {} });
