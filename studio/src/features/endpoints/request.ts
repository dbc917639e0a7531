/** The request a person tries an endpoint with: between JSON text and a form of one row. Pure. */
import type { ScoringRequest, SignatureColumn } from '../../api/signature';

/** Readable JSON: rows on a line of their own, not one number a line. */
export function requestText(request: ScoringRequest): string {
  const { columns, index, data } = request.input_data;
  const rows = data.map((r) => `      ${JSON.stringify(r)}`).join(',\n');
  return `{\n  "input_data": {\n    "columns": ${JSON.stringify(columns)},\n    "index": ${JSON.stringify(index)},\n    "data": [\n${rows}\n    ]\n  }\n}`;
}

/** What is wrong with the text as JSON; null when nothing is. */
export function jsonProblem(text: string): string | null {
  if (!text.trim()) return 'Write a JSON request.';
  try {
    JSON.parse(text);
    return null;
  } catch (problem) {
    return `Not valid JSON: ${problem instanceof Error ? problem.message : String(problem)}`;
  }
}

/** The request when the text is one row in split form, so that a form can show it; else null. */
export function asRow(text: string): ScoringRequest | null {
  try {
    const parsed = JSON.parse(text) as Partial<ScoringRequest>;
    const d = parsed.input_data;
    if (
      !d ||
      !Array.isArray(d.columns) ||
      !Array.isArray(d.data) ||
      d.data.length !== 1 ||
      d.data[0]?.length !== d.columns.length
    )
      return null;
    return { input_data: { columns: d.columns, index: Array.isArray(d.index) ? d.index : [0], data: d.data } };
  } catch {
    return null;
  }
}

/** A form's text as the JSON value that the column's type asks for; an empty field is missing. */
export function fieldValue(text: string, type: string | undefined, before: unknown): unknown {
  if (text === '') return null;
  const kind = type ?? (typeof before === 'number' ? 'double' : typeof before === 'boolean' ? 'boolean' : 'string');
  if (kind === 'boolean') return /^(true|1|yes)$/i.test(text);
  if (kind === 'string' || kind === 'datetime') return text;
  const n = Number(text);
  return Number.isFinite(n) ? n : text;
}

export function withField(
  request: ScoringRequest,
  column: number,
  text: string,
  types: ReadonlyMap<string, SignatureColumn>,
): ScoringRequest {
  const { columns, index, data } = request.input_data;
  const row = [...(data[0] ?? [])];
  row[column] = fieldValue(text, types.get(columns[column] ?? '')?.type, row[column]);
  return { input_data: { columns, index, data: [row] } };
}
