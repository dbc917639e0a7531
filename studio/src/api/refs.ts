/**
 * References between assets, in all the spellings the wire uses: ARM ids (with or without `azureml:` in front),
 * `azureml:name:version`, `azureml:name@label`, `azureml://…/{kind}/{name}/versions/{v}` and registry URIs.
 */
export type AssetKind = 'data' | 'environments' | 'models' | 'components' | 'codes' | 'jobs' | 'computes';

export interface AssetRef {
  readonly kind: AssetKind | null;
  readonly name: string;
  readonly version: string | null;
  readonly registry: string | null;
}

const KINDS: readonly AssetKind[] = ['data', 'environments', 'models', 'components', 'codes', 'jobs', 'computes'];

/** The reference, or null when the text refers to no asset (a datastore path, a literal). */
export function parseAssetRef(text: string | null | undefined, fallbackKind: AssetKind | null = null): AssetRef | null {
  if (!text) return null;
  const stripped = text.replace(/^azureml:(?=\/)(?!\/\/)/, '');
  if (stripped.startsWith('/subscriptions/') || stripped.startsWith('azureml://')) return fromPath(stripped);
  const name = /^azureml:([^:@/]+)(?:[:@]([^/]+))?$/.exec(text) ?? /^([\w.-]+)[:@]([\w.-]+)$/.exec(text);
  if (!name?.[1]) return null;
  return { kind: fallbackKind, name: name[1], version: name[2] ?? null, registry: null };
}

function fromPath(path: string): AssetRef | null {
  if (/\/datastores\//i.test(path) || /\/outputs\//i.test(path)) return null;
  const parts = path.split(/[/?]+/).map(safeDecode);
  const registryAt = parts.findIndex((p) => p.toLowerCase() === 'registries');
  for (let i = parts.length - 1; i >= 0; i--) {
    const kind = KINDS.find((k) => k === parts[i]?.toLowerCase());
    const name = parts[i + 1];
    if (!kind || !name) continue;
    const marker = parts[i + 2]?.toLowerCase();
    const versioned = marker === 'versions' || marker === 'labels' || marker === 'version';
    return {
      kind,
      name,
      version: versioned ? (parts[i + 3] ?? null) : null,
      registry: registryAt >= 0 ? (parts[registryAt + 1] ?? null) : null,
    };
  }
  return null;
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** How people write it: `name:version`, `name@latest`, or the name alone. */
export function refLabel(ref: AssetRef): string {
  if (!ref.version) return ref.name;
  return `${ref.name}${ref.version === 'latest' ? '@' : ':'}${ref.version}`;
}

/** The studio page of a referenced asset; null when there is none. */
export function refPath(ref: AssetRef): string | null {
  const name = encodeURIComponent(ref.name);
  const version = ref.version && ref.version !== 'latest' ? `/${encodeURIComponent(ref.version)}` : '';
  switch (ref.kind) {
    case 'data':
      return `/data/${name}${version}`;
    case 'environments':
      return `/environments/${name}${version}`;
    case 'models':
      return `/models/${name}${version}`;
    case 'jobs':
      return `/jobs/${name}`;
    case 'computes':
      return '/compute';
    case 'components':
    case 'codes':
    case null:
      return null;
  }
}

/** Where bytes are: a datastore path, a job's artifacts, or a job's named output. */
export type BlobPlace =
  | { readonly kind: 'datastore'; readonly datastore: string; readonly path: string }
  | { readonly kind: 'artifacts'; readonly job: string; readonly path: string }
  | { readonly kind: 'output'; readonly job: string; readonly output: string; readonly path: string };

/** Reads `azureml://` and `runs:/` URIs; null for anything else. Paths have no slash at either end. */
export function parseBlobPlace(uri: string | null | undefined): BlobPlace | null {
  if (!uri) return null;
  const trim = (p: string | undefined) => (p ?? '').replace(/^\/+|\/+$/g, '');
  const datastore = /^azureml:\/\/(?:.*\/)?datastores\/([^/]+)\/paths\/(.*)$/i.exec(uri);
  if (datastore) return { kind: 'datastore', datastore: datastore[1]!, path: trim(datastore[2]) };
  const output = /^azureml:\/\/(?:.*\/)?jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths\/?(.*))?$/i.exec(uri);
  if (output) {
    const [, job, name, rest] = output;
    return name === 'artifacts'
      ? { kind: 'artifacts', job: job!, path: trim(rest) }
      : { kind: 'output', job: job!, output: name!, path: trim(rest) };
  }
  const run = /^runs:\/([^/]+)\/?(.*)$/.exec(uri);
  if (run) return { kind: 'artifacts', job: run[1]!, path: trim(run[2]) };
  const proxied = /^mlflow-artifacts:\/*(?:[^/]*\/)*ExperimentRun\/dcid\.([^/]+)\/(.*)$/.exec(uri);
  if (proxied) return { kind: 'artifacts', job: proxied[1]!, path: trim(proxied[2]) };
  return null;
}
