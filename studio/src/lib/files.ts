/** What the file viewer needs to know about files. */
export type FileKind = 'image' | 'json' | 'csv' | 'text' | 'binary';

const IMAGES = new Set(['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp']);
const BINARIES = new Set([
  'pkl',
  'pickle',
  'joblib',
  'onnx',
  'h5',
  'pt',
  'pth',
  'bin',
  'zip',
  'gz',
  'tar',
  'whl',
  'parquet',
  'npy',
  'npz',
  'so',
  'jar',
  'pdf',
  'skops',
  'ubj',
]);

/** By the name's ending; names without one (MLmodel, LICENSE) count as text. */
export function fileKind(name: string): FileKind {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (!ending) return 'text';
  if (IMAGES.has(ending)) return 'image';
  if (ending === 'json') return 'json';
  if (ending === 'csv') return 'csv';
  return BINARIES.has(ending) ? 'binary' : 'text';
}

/** Indented JSON, or the text itself when it is not JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The first `limit` records of a CSV text (RFC 4180: quotes, doubled quotes, line breaks in quotes). */
export function parseCsv(text: string, limit: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let i = 0; i < text.length && rows.length < limit; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n') endRow();
    else if (c !== '\r' || text[i + 1] !== '\n') field += c;
  }
  if (rows.length < limit && (field !== '' || row.length > 0)) endRow();
  return rows;
}

/** What is wrong with a file somebody wants to upload as a table; null when nothing is. Looks at its first bytes only. */
export function csvProblem(name: string, size: number, head: string): string | null {
  if (size === 0) return `${name} is empty.`;
  if (head.includes('\u0000')) return `${name} is not a text file, so not a CSV.`;
  const [header] = parseCsv(head, 1);
  if (!header || header.every((h) => !h.trim())) return `${name} has no header row.`;
  const lines = parseCsv(head, 2);
  if (lines.length < 2) return `${name} has a header but no rows.`;
  const twice = header.find((h, i) => header.indexOf(h) !== i);
  if (twice !== undefined) return `${name} names the column "${twice}" twice.`;
  return null;
}
