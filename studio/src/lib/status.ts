/**
 * One vocabulary for every state the APIs speak: Azure ML job statuses, MLflow run statuses, ARM provisioning
 * states, environment build states and compute states. Unknown words are shown as they came, never hidden.
 */
export type Tone = 'waiting' | 'active' | 'success' | 'danger' | 'stopped' | 'warning' | 'unknown';

export interface StatusView {
  readonly label: string;
  readonly tone: Tone;
}

const VIEWS: Record<string, StatusView> = {
  // Azure ML jobs
  notstarted: { label: 'Not started', tone: 'waiting' },
  queued: { label: 'Queued', tone: 'waiting' },
  provisioning: { label: 'Provisioning', tone: 'active' },
  preparing: { label: 'Preparing', tone: 'active' },
  starting: { label: 'Starting', tone: 'active' },
  running: { label: 'Running', tone: 'active' },
  finalizing: { label: 'Finalizing', tone: 'active' },
  cancelrequested: { label: 'Cancelling', tone: 'active' },
  completed: { label: 'Completed', tone: 'success' },
  failed: { label: 'Failed', tone: 'danger' },
  canceled: { label: 'Canceled', tone: 'stopped' },
  notresponding: { label: 'Not responding', tone: 'warning' },
  paused: { label: 'Paused', tone: 'stopped' },
  // MLflow runs
  scheduled: { label: 'Queued', tone: 'waiting' },
  finished: { label: 'Completed', tone: 'success' },
  killed: { label: 'Canceled', tone: 'stopped' },
  // ARM resources
  creating: { label: 'Creating', tone: 'active' },
  updating: { label: 'Updating', tone: 'active' },
  deleting: { label: 'Deleting', tone: 'active' },
  succeeded: { label: 'Succeeded', tone: 'success' },
  // Environment builds
  notbuilt: { label: 'Not built', tone: 'waiting' },
  building: { label: 'Building', tone: 'active' },
  // Schedules and what they submit
  enabled: { label: 'Enabled', tone: 'success' },
  disabled: { label: 'Disabled', tone: 'stopped' },
  submitting: { label: 'Submitting', tone: 'active' },
  submitted: { label: 'Submitted', tone: 'success' },
  // Computes
  stopped: { label: 'Stopped', tone: 'stopped' },
  stopping: { label: 'Stopping', tone: 'active' },
  resizing: { label: 'Resizing', tone: 'active' },
  steady: { label: 'Ready', tone: 'success' },
};

/** How to show a status word. Case does not matter; null shows as "Unknown". */
export function statusView(status: string | null | undefined): StatusView {
  if (!status) return { label: 'Unknown', tone: 'unknown' };
  return VIEWS[status.toLowerCase()] ?? { label: status, tone: 'unknown' };
}

/** True while the thing is still on its way, so a page should ask again soon. */
export function isActive(status: string | null | undefined): boolean {
  const tone = statusView(status).tone;
  return tone === 'active' || (tone === 'waiting' && status?.toLowerCase() !== 'notbuilt');
}

/** True for a job that can still be cancelled. */
export function isCancellable(status: string | null | undefined): boolean {
  const s = status?.toLowerCase();
  return isActive(s) && s !== 'cancelrequested' && s !== 'finalizing';
}
