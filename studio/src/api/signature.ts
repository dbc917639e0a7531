/** Reads MLmodel files: signature and input example, and turns them into a scoring request. */
import { parse } from 'yaml';

export interface SignatureColumn {
  name: string;
  type: string;
  required: boolean;
}

export interface MlModel {
  inputs: SignatureColumn[];
  outputs: SignatureColumn[];
  /** Path of the input example beside the MLmodel file. */
  example: string | null;
  flavors: string[];
  runId: string | null;
  mlflowVersion: string | null;
}

/** Reads an MLmodel file. Throws with a sentence when it is not one. */
export function parseMlModel(text: string): MlModel {
  const doc: unknown = parse(text);
  if (typeof doc !== 'object' || doc === null) throw new Error('The MLmodel file is empty.');
  const model = doc as Record<string, unknown>;
  const signature = (model.signature ?? {}) as Record<string, unknown>;
  const example = (model.saved_input_example_info ?? {}) as Record<string, unknown>;
  return {
    inputs: columns(signature.inputs),
    outputs: columns(signature.outputs),
    example: typeof example.artifact_path === 'string' ? example.artifact_path : null,
    flavors: Object.keys((model.flavors ?? {}) as object),
    runId: typeof model.run_id === 'string' ? model.run_id : null,
    mlflowVersion: model.mlflow_version == null ? null : String(model.mlflow_version),
  };
}

// A signature's columns are JSON inside the YAML text.
function columns(value: unknown): SignatureColumn[] {
  const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!Array.isArray(list)) return [];
  return list.map((c: Record<string, unknown>, i) => {
    const tensor = c['tensor-spec'] as { dtype?: string; shape?: number[] } | undefined;
    return {
      name: typeof c.name === 'string' ? c.name : list.length === 1 ? '(unnamed)' : `${i}`,
      type: tensor
        ? `tensor(${tensor.dtype ?? '?'}, [${(tensor.shape ?? []).join(', ')}])`
        : String(c.type ?? 'unknown'),
      required: c.required !== false && c.optional !== true,
    };
  });
}

/** The body that Azure ML's scoring contract wants: a pandas frame in split form. */
export interface ScoringRequest {
  input_data: { columns: string[]; index: number[]; data: unknown[][] };
}

/** A request from an input example (`{"columns":…,"data":…}`, a list of records, or a scoring body); null if unknown. */
export function requestFromExample(example: unknown, rows = 1): ScoringRequest | null {
  if (Array.isArray(example)) return fromRecords(example.slice(0, rows));
  if (typeof example !== 'object' || example === null) return null;
  const e = example as Record<string, unknown>;
  const inner = e.input_data ?? e.dataframe_split ?? e.dataframe_records;
  if (inner !== undefined) return requestFromExample(inner, rows);
  if (!Array.isArray(e.columns) || !Array.isArray(e.data)) return null;
  const data = (e.data as unknown[][]).slice(0, rows);
  return { input_data: { columns: e.columns.map(String), index: data.map((_, i) => i), data } };
}

function fromRecords(records: unknown[]): ScoringRequest | null {
  const first = records[0];
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return null;
  const names = Object.keys(first);
  const data = records.map((r) => names.map((n) => (r as Record<string, unknown>)[n] ?? null));
  return { input_data: { columns: names, index: data.map((_, i) => i), data } };
}

/** A request with a plausible value per column, when a model has a signature and no example. */
export function requestFromSignature(inputs: readonly SignatureColumn[]): ScoringRequest | null {
  if (inputs.length === 0 || inputs.some((c) => c.type.startsWith('tensor'))) return null;
  return { input_data: { columns: inputs.map((c) => c.name), index: [0], data: [inputs.map((c) => sample(c.type))] } };
}

function sample(type: string): unknown {
  switch (type) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'double':
    case 'float':
      return 0.5;
    case 'datetime':
      return '2025-01-01T00:00:00';
    default:
      return 0;
  }
}
