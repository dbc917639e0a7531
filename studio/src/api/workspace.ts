import type { Workspace } from './arm';
import { json } from './http';

/** `GET /atelier/me`: who is looking, at what. */
export interface Me {
  user: string;
  version: string;
  workspaces: Workspace[];
  /** The MLflow tracking URI's path prefix. */
  tracking?: string;
}

export const getMe = (signal?: AbortSignal): Promise<Me> => json<Me>('/atelier/me', { signal });
