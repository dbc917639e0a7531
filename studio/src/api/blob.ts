/** The blob protocol, as far as a browser needs it: list, address, upload with progress. */
import { armGet, enc, type Workspace } from './arm';
import { ApiError, announceSessionEnded, readError, STUDIO_HEADER, text } from './http';
import type { BlobPlace } from './refs';

const STORAGE_VERSION = '2023-11-03';
/** Files up to this size go in one request; larger ones in blocks of it. */
export const BLOCK_BYTES = 16 * 1024 * 1024;

export interface Datastore {
  datastoreType: string;
  accountName?: string;
  containerName?: string;
  isDefault?: boolean;
}

export interface Container {
  account: string;
  container: string;
}

export interface Entry {
  /** Path relative to where the listing started; no slash at the end. */
  path: string;
  name: string;
  folder: boolean;
  bytes: number | null;
}

/** The container behind a datastore. The account's name may carry a host in front (`localhost:8443/atelier`). */
export async function containerOf(ws: Workspace, datastore: string): Promise<Container> {
  const { properties } = await armGet<Datastore>(ws, `/datastores/${enc(datastore)}`);
  if (!properties.containerName) {
    throw new ApiError(`Datastore ${datastore} (${properties.datastoreType}) has no blob container to look into.`, 0);
  }
  return { account: properties.accountName?.split('/').pop() || 'atelier', container: properties.containerName };
}

/** The container and prefix that hold a job's artifacts, a named output, or a datastore path. */
export async function locate(ws: Workspace, place: BlobPlace): Promise<Container & { prefix: string }> {
  switch (place.kind) {
    case 'datastore':
      return { ...(await containerOf(ws, place.datastore)), prefix: place.path };
    case 'artifacts': {
      const at = await containerOf(ws, 'workspaceartifactstore');
      return { ...at, prefix: join('ExperimentRun', `dcid.${place.job}`, place.path) };
    }
    case 'output': {
      const at = await containerOf(ws, 'workspaceblobstore');
      return { ...at, prefix: join('azureml', place.job, place.output, place.path) };
    }
  }
}

export function join(...parts: string[]): string {
  return parts
    .map((p) => p.replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/');
}

export function blobUrl({ account, container }: Container, path: string): string {
  return `/blob/${enc(account)}/${enc(container)}/${path.split('/').map(enc).join('/')}`;
}

/** One folder's entries, folders first. `prefix` has no slash at its end; a prefix that is itself a file lists as that file. */
export async function listBlobs(at: Container, prefix: string, signal?: AbortSignal): Promise<Entry[]> {
  const base = `/blob/${enc(at.account)}/${enc(at.container)}`;
  const wanted = prefix ? `${prefix}/` : '';
  const entries: Entry[] = [];
  let marker = '';
  do {
    const xml = await text(base, {
      query: { restype: 'container', comp: 'list', delimiter: '/', prefix: wanted, marker: marker || undefined },
      headers: { 'x-ms-version': STORAGE_VERSION },
      signal,
    });
    const page = parseListing(xml, wanted);
    entries.push(...page.entries);
    marker = page.next;
  } while (marker && entries.length < 5000);
  return entries.sort((a, b) => Number(b.folder) - Number(a.folder) || a.name.localeCompare(b.name));
}

/** Reads a List Blobs answer. Names are made relative to `prefix`. */
export function parseListing(xml: string, prefix: string): { entries: Entry[]; next: string } {
  const entries: Entry[] = [];
  const relative = (name: string) => name.slice(prefix.length).replace(/\/+$/, '');
  for (const [, body] of xml.matchAll(/<BlobPrefix>([\s\S]*?)<\/BlobPrefix>/g)) {
    const path = relative(tag(body!, 'Name'));
    if (path) entries.push({ path, name: path, folder: true, bytes: null });
  }
  for (const [, body] of xml.matchAll(/<Blob>([\s\S]*?)<\/Blob>/g)) {
    const path = relative(tag(body!, 'Name'));
    if (path) entries.push({ path, name: path, folder: false, bytes: Number(tag(body!, 'Content-Length') || 'NaN') });
  }
  return { entries, next: tag(xml, 'NextMarker') };
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function tag(xml: string, name: string): string {
  const found = new RegExp(`<${name}[^>/]*>([\\s\\S]*?)</${name}>`).exec(xml);
  return (found?.[1] ?? '').replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    return String.fromCodePoint(entity[1] === 'x' ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10));
  });
}

export interface UploadOptions {
  onProgress?: (sentBytes: number) => void;
  signal?: AbortSignal;
}

/** Writes a file as a block blob. Progress counts bytes handed to the network. */
export async function uploadBlob(at: Container, path: string, file: Blob, options: UploadOptions = {}): Promise<void> {
  const url = blobUrl(at, path);
  const type = file.type || 'application/octet-stream';
  if (file.size <= BLOCK_BYTES) {
    await put(url, file, { 'x-ms-blob-type': 'BlockBlob', 'Content-Type': type }, options);
    return;
  }
  const ids: string[] = [];
  for (let from = 0; from < file.size; from += BLOCK_BYTES) {
    // Block ids must have one length within a blob.
    const id = btoa(String(ids.length).padStart(8, '0'));
    const sent = from;
    const onProgress = (bytes: number) => options.onProgress?.(sent + bytes);
    const block = file.slice(from, from + BLOCK_BYTES);
    await put(`${url}?comp=block&blockid=${enc(id)}`, block, {}, { ...options, onProgress });
    ids.push(id);
  }
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((i) => `<Latest>${i}</Latest>`).join('')}</BlockList>`;
  await put(`${url}?comp=blocklist`, new Blob([list]), { 'x-ms-blob-content-type': type }, { signal: options.signal });
}

// `fetch` reports no upload progress, so uploads go by XMLHttpRequest.
function put(
  url: string,
  body: Blob,
  headers: Record<string, string>,
  { onProgress, signal }: { onProgress?: (sent: number) => void; signal?: AbortSignal | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [k, v] of Object.entries({ ...STUDIO_HEADER, 'x-ms-version': STORAGE_VERSION, ...headers })) {
      request.setRequestHeader(k, v);
    }
    request.upload.onprogress = (e) => onProgress?.(e.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      if (request.status === 401) announceSessionEnded();
      const { message, code } = readError(request.responseText);
      reject(new ApiError(message ?? `The upload was refused (${request.status}).`, request.status, code));
    };
    request.onerror = () =>
      reject(new ApiError('The connection broke during the upload. Nothing was registered.', 0, 'NoAnswer'));
    request.onabort = () => reject(new DOMException('Upload cancelled', 'AbortError'));
    if (signal?.aborted) return reject(new DOMException('Upload cancelled', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}
