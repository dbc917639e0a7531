/** Loads a model's MLmodel file and input example, through whatever place its URI names. */
import type { Workspace } from '../../api/arm';
import { blobUrl, join, locate } from '../../api/blob';
import { ApiError, text } from '../../api/http';
import type { ModelVersionResource } from '../../api/models';
import { parseBlobPlace } from '../../api/refs';
import type { MlModel, ScoringRequest } from '../../api/signature';

export interface ModelFile {
  model: MlModel;
  raw: string;
  /** A scoring request to try, from the example or else the signature; null when neither says. */
  request: ScoringRequest | null;
}

/** Null for models without an MLmodel file: custom models have none. */
export async function loadModelFile(
  ws: Workspace,
  version: ModelVersionResource,
  o: { signal?: AbortSignal },
): Promise<ModelFile | null> {
  const place = parseBlobPlace(version.properties.modelUri);
  if (!place) return null;
  const at = await locate(ws, place);
  const read = (name: string) =>
    absent(text(blobUrl(at, join(at.prefix, name)), { headers: { 'x-ms-version': '2023-11-03' }, signal: o.signal }));
  const raw = await read('MLmodel');
  if (raw === null) return null;
  // The YAML parser is only worth loading once there is something to parse.
  const { parseMlModel, requestFromExample, requestFromSignature } = await import('../../api/signature');
  const model = parseMlModel(raw);
  const example = model.example ? await read(model.example) : null;
  const fromExample = example === null ? null : requestFromExample(tryJson(example));
  return { model, raw, request: fromExample ?? requestFromSignature(model.inputs) };
}

async function absent(read: Promise<string>): Promise<string | null> {
  try {
    return await read;
  } catch (problem) {
    if (problem instanceof ApiError && (problem.status === 404 || problem.status === 400)) return null;
    throw problem;
  }
}

function tryJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
