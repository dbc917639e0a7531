import { armList, type Workspace } from './arm';
import type { RequestOptions } from './http';

export interface Compute {
  computeType: string;
  provisioningState?: string;
  description?: string | null;
  isAttachedCompute?: boolean;
  properties?: {
    vmSize?: string;
    state?: string;
    allocationState?: string;
    scaleSettings?: { minNodeCount?: number; maxNodeCount?: number; nodeIdleTimeBeforeScaleDown?: string };
    currentNodeCount?: number;
    targetNodeCount?: number;
  } | null;
}

export const listComputes = (ws: Workspace, o: Pick<RequestOptions, 'signal'> = {}) =>
  armList<Compute>(ws, '/computes', o);
