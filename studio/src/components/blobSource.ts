import type { Workspace } from '../api/arm';
import { blobUrl, join, listBlobs, locate } from '../api/blob';
import { ApiError } from '../api/http';
import { parseBlobPlace } from '../api/refs';
import type { FileSource } from './Files';

/** The files under an `azureml://` (or `runs:/`) URI. */
export function blobSource(ws: Workspace, uri: string): FileSource {
  const place = parseBlobPlace(uri);
  const where = async () => {
    if (!place) throw new ApiError(`The studio cannot look into ${uri}.`, 0);
    return locate(ws, place);
  };
  return {
    key: ['blob', ws.workspaceId, uri],
    list: async (folder, signal) => {
      const at = await where();
      const entries = await listBlobs(at, join(at.prefix, folder), signal);
      if (entries.length > 0 || folder || !at.prefix) return entries.map((e) => ({ ...e, path: join(folder, e.path) }));
      // The URI may name one file, not a folder.
      const cut = at.prefix.lastIndexOf('/');
      const name = at.prefix.slice(cut + 1);
      const siblings = await listBlobs(at, at.prefix.slice(0, Math.max(cut, 0)), signal);
      return siblings.filter((e) => e.name === name && !e.folder);
    },
    url: async (path) => {
      const at = await where();
      const itself = at.prefix === path || at.prefix.endsWith(`/${path}`);
      const listed = itself && (await listBlobs(at, at.prefix)).length === 0;
      return blobUrl(at, listed ? at.prefix : join(at.prefix, path));
    },
  };
}
