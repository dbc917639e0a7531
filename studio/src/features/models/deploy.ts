/** Deploying a model version: endpoint, deployment, traffic, each followed to its end. */
import { armGet, enc, orNull, type Workspace } from '../../api/arm';
import { putDeployment, putEndpoint, type OnlineEndpoint } from '../../api/endpoints';

export type DeployStep = 'endpoint' | 'deployment' | 'traffic';

export interface DeployRequest {
  endpoint: string;
  deployment: string;
  modelId: string;
  /** Send all traffic to the new deployment once it works. */
  takeTraffic: boolean;
}

/** Creates what is missing. Traffic moves only after the deployment has succeeded. */
export async function deploy(
  ws: Workspace,
  r: DeployRequest,
  onStep: (step: DeployStep, status: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const at = `/onlineEndpoints/${enc(r.endpoint)}`;
  onStep('endpoint', 'Checking');
  const existing = await orNull(armGet<OnlineEndpoint>(ws, at, { signal }));
  if (!existing) {
    await putEndpoint(ws, r.endpoint, { authMode: 'Key' }, { signal, onStatus: (s) => onStep('endpoint', s) });
  }
  onStep('deployment', 'Creating');
  await putDeployment(ws, r.endpoint, r.deployment, r.modelId, { signal, onStatus: (s) => onStep('deployment', s) });
  if (r.takeTraffic) {
    onStep('traffic', 'Updating');
    const now = existing ? existing.properties : { authMode: 'Key' };
    await putEndpoint(
      ws,
      r.endpoint,
      { authMode: now.authMode ?? 'Key', description: now.description ?? null, traffic: { [r.deployment]: 100 } },
      { signal, onStatus: (s) => onStep('traffic', s) },
    );
  }
}
