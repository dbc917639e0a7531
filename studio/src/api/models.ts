/** Registered models and their versions; what an MLmodel file says about inputs. */
import { armGet, armList, enc, type Arm, type Workspace } from './arm';
import type { RequestOptions } from './http';

export interface ModelContainer {
  latestVersion?: string | null;
  nextVersion?: string | null;
  description?: string | null;
  isArchived?: boolean;
  tags?: Record<string, string>;
}

export interface ModelVersion {
  modelType?: string;
  modelUri?: string;
  jobName?: string | null;
  description?: string | null;
  stage?: string | null;
  flavors?: Record<string, { data?: Record<string, string> } | null> | null;
  tags?: Record<string, string> | null;
  properties?: Record<string, string> | null;
}

export type ModelVersionResource = Arm<ModelVersion>;

type Signal = Pick<RequestOptions, 'signal'>;

export const listModels = (ws: Workspace, o: Signal = {}) =>
  armList<ModelContainer>(ws, '/models', { ...o, query: { listViewType: 'ActiveOnly' } });

export const getModelContainer = (ws: Workspace, name: string, o: Signal = {}) =>
  armGet<ModelContainer>(ws, `/models/${enc(name)}`, o);

export const listModelVersions = (ws: Workspace, name: string, o: Signal = {}) =>
  armList<ModelVersion>(ws, `/models/${enc(name)}/versions`, o);

export const getModelVersion = (ws: Workspace, name: string, v: string, o: Signal = {}) =>
  armGet<ModelVersion>(ws, `/models/${enc(name)}/versions/${enc(v)}`, o);
