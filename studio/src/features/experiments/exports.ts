/** All runs that a question finds, with the columns shown, as a file. */
import type { Workspace } from '../../api/arm';
import { searchRunPage, type Run, type RunQuery } from '../../api/mlflow';
import { csv, download, fileName } from '../../lib/download';
import { records, toJson, type ColumnId } from './columns';

const PAGE = 1000;

/** Asks for everything anew, so the file is whole however far the table was scrolled. Returns the number of runs. */
export async function exportRuns(
  ws: Workspace,
  query: RunQuery,
  columns: readonly ColumnId[],
  name: string,
  format: 'csv' | 'json',
  onProgress: (runs: number) => void,
): Promise<number> {
  const seen = new Map<string, Run>();
  let token: string | undefined;
  do {
    const page = await searchRunPage(ws, query, { token, size: PAGE });
    for (const r of page.runs) if (!seen.has(r.info.run_id)) seen.set(r.info.run_id, r);
    token = page.next;
    onProgress(seen.size);
  } while (token);
  const table = records([...seen.values()], columns);
  if (format === 'csv') download(`${fileName(name)}-runs.csv`, 'text/csv', csv(table.header, table.rows));
  else download(`${fileName(name)}-runs.json`, 'application/json', toJson(table));
  return seen.size;
}
