/** Data assets: containers, versions, and Atelier's profile and preview. */
import { armGet, armJson, armList, enc, orNull, type Arm, type Workspace } from './arm';
import type { RequestOptions } from './http';

export type DataType = 'uri_file' | 'uri_folder' | 'mltable';

export interface DataContainer {
  dataType?: DataType;
  description?: string | null;
  latestVersion?: string | null;
  nextVersion?: string | null;
  isArchived?: boolean;
  tags?: Record<string, string>;
}

export interface DataVersion {
  dataType: DataType;
  dataUri: string;
  description?: string | null;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  isAnonymous?: boolean;
}

export type ColumnType = 'integer' | 'number' | 'boolean' | 'string' | 'timestamp';

export interface ProfileColumn {
  name: string;
  type: ColumnType;
  nulls: number;
  distinct: number;
  /** Numbers for numeric columns, ISO text for timestamps, text for strings. */
  min?: number | string | null;
  max?: number | string | null;
  mean?: number | null;
  std?: number | null;
  q25?: number | null;
  q50?: number | null;
  q75?: number | null;
  histogram?: { from: number; to: number; count: number }[];
  top?: { value: string | null; count: number }[];
}

export interface DataProfile {
  rows: number;
  columns: ProfileColumn[];
  computedInMs?: number;
  file?: string;
  bytes?: number;
}

export interface DataPreview {
  columns: string[];
  rows: (string | number | boolean | null)[][];
  total: number;
}

const version = (name: string, v: string) => `/data/${enc(name)}/versions/${enc(v)}`;
type Signal = Pick<RequestOptions, 'signal'>;

export const listData = (ws: Workspace, o: Signal = {}) =>
  armList<DataContainer>(ws, '/data', { ...o, query: { listViewType: 'ActiveOnly' } });

export const getDataContainer = (ws: Workspace, name: string, o: Signal = {}) =>
  armGet<DataContainer>(ws, `/data/${enc(name)}`, o);

export const listDataVersions = (ws: Workspace, name: string, o: Signal = {}) =>
  armList<DataVersion>(ws, `/data/${enc(name)}/versions`, o);

export const getDataProfile = (ws: Workspace, name: string, v: string, o: Signal = {}) =>
  armJson<DataProfile>(ws, `/atelier${version(name, v)}/profile`, o);

export const getDataPreview = (ws: Workspace, name: string, v: string, offset: number, limit: number, o: Signal = {}) =>
  armJson<DataPreview>(ws, `/atelier${version(name, v)}/preview`, { ...o, query: { offset, limit } });

/** The version a new upload should get: the server's word, or "1" for a name nobody used yet. */
export async function nextDataVersion(ws: Workspace, name: string): Promise<string> {
  const container = await orNull(getDataContainer(ws, name));
  return container?.properties.nextVersion ?? '1';
}

export const putDataVersion = (ws: Workspace, name: string, v: string, properties: DataVersion) =>
  armGet<DataVersion>(ws, version(name, v), { method: 'PUT', json: { properties } });

export type DataAsset = Arm<DataContainer>;
