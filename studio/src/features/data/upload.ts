/** A local CSV becomes the next version of a data asset: check, upload, register. */
import type { Workspace } from '../../api/arm';
import { containerOf, uploadBlob } from '../../api/blob';
import { nextDataVersion, putDataVersion } from '../../api/data';
import { csvProblem } from '../../lib/files';

const DEFAULT_DATASTORE = 'workspaceblobstore';
const HEAD = 64 * 1024;

/** What is wrong with the file; null when it may be uploaded. Reads its first 64 KB. */
export async function fileProblem(file: File): Promise<string | null> {
  if (!/\.(csv|tsv|txt)$/i.test(file.name)) return `${file.name} is not a CSV file.`;
  const head = await file.slice(0, HEAD).text();
  return csvProblem(file.name, file.size, head);
}

/** A folder of its own per upload, named by time as Azure's studio does, so that no upload overwrites another. */
export function uploadPath(fileName: string, now: Date): string {
  return `UI/${now.toISOString().replace(/[:.]/g, '-').replace('T', '_').replace('Z', '_UTC')}/${fileName}`;
}

export interface UploadRequest {
  name: string;
  description: string;
  file: File;
}

/** Returns the new version. Nothing is registered when the upload fails or is aborted. */
export async function uploadData(
  ws: Workspace,
  r: UploadRequest,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const container = await containerOf(ws, DEFAULT_DATASTORE);
  const path = uploadPath(r.file.name, new Date());
  await uploadBlob(container, path, r.file, { onProgress, signal });
  const version = await nextDataVersion(ws, r.name);
  await putDataVersion(ws, r.name, version, {
    dataType: 'uri_file',
    dataUri: `azureml://datastores/${DEFAULT_DATASTORE}/paths/${path}`,
    description: r.description || null,
    tags: {},
    isAnonymous: false,
  });
  return version;
}
