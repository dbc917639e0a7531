/** MLflow's registry REST for what Azure ML's models have no words for, and Atelier's history of it. */
import { armJson, enc, type Workspace } from './arm';
import { sameOrigin, json, type RequestOptions } from './http';
import { call, type KeyValue } from './mlflow';

type Signal = Pick<RequestOptions, 'signal'>;

export interface RegisteredVersion {
  name: string;
  version: string;
  current_stage?: string;
  description?: string;
  aliases?: string[];
  tags?: KeyValue[];
  run_id?: string;
}

export const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;

export const getRegisteredVersion = (ws: Workspace, name: string, version: string, { signal }: Signal = {}) =>
  call<{ model_version: RegisteredVersion }>(ws, 'model-versions/get', { query: { name, version }, signal }).then(
    (r) => r.model_version,
  );

export interface RegisteredModel {
  name: string;
  description?: string;
  aliases?: { alias: string; version: string }[];
  tags?: KeyValue[];
}

export const getRegisteredModel = (ws: Workspace, name: string, { signal }: Signal = {}) =>
  call<{ registered_model: RegisteredModel }>(ws, 'registered-models/get', { query: { name }, signal }).then(
    (r) => r.registered_model,
  );

const change = (ws: Workspace, rpc: string, body: object, method: 'POST' | 'DELETE' | 'PATCH' = 'POST') =>
  call<object>(ws, rpc, { method, json: body });

/** Moves the alias when another version has it. */
export const setAlias = (ws: Workspace, name: string, version: string, alias: string) =>
  change(ws, 'registered-models/alias', { name, version, alias });
export const deleteAlias = (ws: Workspace, name: string, alias: string) =>
  change(ws, 'registered-models/alias', { name, alias }, 'DELETE');
export const setStage = (ws: Workspace, name: string, version: string, stage: string) =>
  change(ws, 'model-versions/transition-stage', { name, version, stage, archive_existing_versions: false });
export const setVersionTag = (ws: Workspace, name: string, version: string, key: string, value: string) =>
  change(ws, 'model-versions/set-tag', { name, version, key, value });
export const deleteVersionTag = (ws: Workspace, name: string, version: string, key: string) =>
  change(ws, 'model-versions/delete-tag', { name, version, key }, 'DELETE');
export const describeVersion = (ws: Workspace, name: string, version: string, description: string) =>
  change(ws, 'model-versions/update', { name, version, description }, 'PATCH');

/** One change of a model; `before` and `after` mean what `kind` says (see the server's models feature). */
export interface ModelChange {
  name: string;
  version: string;
  kind: 'created' | 'deleted' | 'renamed' | 'stage' | 'alias' | 'deployment';
  what: string;
  alias?: string;
  endpointType?: 'online' | 'batch';
  endpoint?: string;
  deployment?: string;
  before: string;
  after: string;
  who: string;
  at: string;
}

/** Newest first; at most `limit` and the rest of their page. */
export async function modelHistory(ws: Workspace, name: string, o: Signal = {}, limit = 1000): Promise<ModelChange[]> {
  type Page = { value: ModelChange[]; nextLink?: string };
  let page = await armJson<Page>(ws, `/atelier/models/${enc(name)}/history`, o);
  const all = [...page.value];
  while (page.nextLink && all.length < limit) {
    page = await json<Page>(sameOrigin(page.nextLink), o);
    all.push(...page.value);
  }
  return all;
}

export interface Because {
  kind: 'stage' | 'alias' | 'deployment';
  alias?: string;
  stage?: string;
  endpointType?: 'online' | 'batch';
  endpoint?: string;
  deployment?: string;
  traffic?: number;
  who: string;
  since: string;
}

export interface Production {
  at: string;
  aliases: string[];
  value: { name: string; version: string; because: Because[] }[];
}

/** What was in production at a moment, or at the end of a day (UTC); null is now. */
export const inProduction = (ws: Workspace, at: string | null, { signal }: Signal = {}) =>
  armJson<Production>(ws, '/atelier/models/production', { query: { at: at ?? undefined }, signal });
