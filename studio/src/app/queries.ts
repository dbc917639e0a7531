/** Loads that more than one page makes, so that they share their cache. */
import { listBatchDeployments, listBatchEndpoints } from '../api/batch';
import { listComputes } from '../api/compute';
import { listData } from '../api/data';
import { listDeployments, listEndpoints } from '../api/endpoints';
import { listEnvironments } from '../api/environments';
import { getJob, listJobs, type Job } from '../api/jobs';
import { getRun, searchExperiments, type Run } from '../api/mlflow';
import { listModels } from '../api/models';
import { listSchedules } from '../api/schedules';
import { orNull } from '../api/arm';
import { isActive } from '../lib/status';
import { useLoad, type Load } from './workspace';

export const useDataAssets = () => useLoad(['data'], listData);
export const useEnvironments = () => useLoad(['environments'], listEnvironments);
export const useModels = () => useLoad(['models'], listModels);
export const useExperiments = () => useLoad(['experiments'], searchExperiments);
export const useComputes = () => useLoad(['computes'], listComputes);

export const useSchedules = () =>
  useLoad(['schedules'], listSchedules, {
    active: (list) => list.some((s) => s.lastFires.some((f) => f.status === 'Submitting')),
  });

export const useJobs = () =>
  useLoad(['jobs'], listJobs, { active: (jobs) => jobs.some((j) => isActive(j.properties.status)) });

export const useJob = (name: string): Load<Job> =>
  useLoad(['job', name], (ws, o) => getJob(ws, name, o), {
    active: (j) => isActive(j.properties.status),
    enabled: name !== '',
  });

/** The MLflow run behind a job; null when the job has logged nothing to MLflow. */
export const useRun = (id: string, active: boolean): Load<Run | null> =>
  useLoad(['run', id], (ws, o) => orNull(getRun(ws, id, o)), { active: (r) => active || r?.info.status === 'RUNNING' });

export const useEndpoints = () =>
  useLoad(['endpoints'], listEndpoints, {
    active: (list) => list.some((e) => isActive(e.properties.provisioningState)),
  });

export const useDeployments = (endpoint: string) =>
  useLoad(['deployments', endpoint], (ws, o) => listDeployments(ws, endpoint, o), {
    active: (list) => list.some((d) => isActive(d.properties.provisioningState)),
  });

export const useBatchEndpoints = () => useLoad(['batchEndpoints'], listBatchEndpoints);

export const useBatchDeployments = (endpoint: string) =>
  useLoad(['batchDeployments', endpoint], (ws, o) => listBatchDeployments(ws, endpoint, o));
