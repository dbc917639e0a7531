/** The six steps of the way of work, and which of them comes next. Pure. */
import type { Arm } from '../../api/arm';
import type { DataContainer } from '../../api/data';
import type { EnvironmentContainer } from '../../api/environments';
import type { OnlineEndpoint } from '../../api/endpoints';
import { isPipeline, jobTitle, type Job } from '../../api/jobs';
import type { Experiment } from '../../api/mlflow';
import type { ModelContainer } from '../../api/models';

export type StepKey = 'environment' | 'dataset' | 'experiment' | 'pipeline' | 'model' | 'endpoint';

export interface Step {
  key: StepKey;
  title: string;
  what: string;
  to: string;
  /** Null while unknown. */
  count: number | null;
  latest: { label: string; to: string } | null;
  next: string;
}

export interface Inventory {
  environments?: Arm<EnvironmentContainer>[] | undefined;
  data?: Arm<DataContainer>[] | undefined;
  experiments?: Experiment[] | undefined;
  jobs?: Job[] | undefined;
  models?: Arm<ModelContainer>[] | undefined;
  endpoints?: Arm<OnlineEndpoint>[] | undefined;
}

const newestFirst = (a: { systemData?: { createdAt?: string; lastModifiedAt?: string } }, b: typeof a) =>
  (b.systemData?.lastModifiedAt ?? b.systemData?.createdAt ?? '').localeCompare(
    a.systemData?.lastModifiedAt ?? a.systemData?.createdAt ?? '',
  );

function newest<T extends { systemData?: { createdAt?: string } }>(list: T[] | undefined): T | undefined {
  return list && [...list].sort(newestFirst)[0];
}

export function steps(inv: Inventory): Step[] {
  const experiments = inv.experiments?.filter((e) => e.name !== 'Default' || e.experiment_id !== '0');
  const pipelines = inv.jobs?.filter(isPipeline);
  const env = newest(inv.environments);
  const data = newest(inv.data);
  const exp = experiments && [...experiments].sort((a, b) => (b.last_update_time ?? 0) - (a.last_update_time ?? 0))[0];
  const pipe = newest(pipelines);
  const model = newest(inv.models);
  const endpoint = newest(inv.endpoints);
  const seg = encodeURIComponent;
  return [
    {
      key: 'environment',
      title: 'Environment',
      what: 'The Python your code runs in',
      to: '/environments',
      count: inv.environments?.length ?? null,
      latest: env ? { label: env.name, to: `/environments/${seg(env.name)}` } : null,
      next: 'ml.environments.create_or_update(env)',
    },
    {
      key: 'dataset',
      title: 'Dataset',
      what: 'Versioned data with a profile',
      to: '/data',
      count: inv.data?.length ?? null,
      latest: data ? { label: data.name, to: `/data/${seg(data.name)}` } : null,
      next: 'Upload a CSV',
    },
    {
      key: 'experiment',
      title: 'Experiment',
      what: 'Runs with metrics and artifacts',
      to: '/jobs',
      count: experiments?.length ?? null,
      latest: exp ? { label: exp.name, to: `/experiments/${seg(exp.experiment_id)}` } : null,
      next: 'mlflow.autolog()',
    },
    {
      key: 'pipeline',
      title: 'Pipeline',
      what: 'Steps, reused when unchanged',
      to: '/pipelines',
      count: pipelines?.length ?? null,
      latest: pipe ? { label: jobTitle(pipe), to: `/jobs/${seg(pipe.name)}` } : null,
      next: 'ml.jobs.create_or_update(pipeline)',
    },
    {
      key: 'model',
      title: 'Model',
      what: 'Registered, with its lineage',
      to: '/models',
      count: inv.models?.length ?? null,
      latest: model ? { label: model.name, to: `/models/${seg(model.name)}` } : null,
      next: 'mlflow.register_model(...)',
    },
    {
      key: 'endpoint',
      title: 'Endpoint',
      what: 'Predictions over HTTP',
      to: '/endpoints',
      count: inv.endpoints?.length ?? null,
      latest: endpoint ? { label: endpoint.name, to: `/endpoints/${seg(endpoint.name)}` } : null,
      next: 'Deploy a registered model',
    },
  ];
}

/** The first step with nothing in it yet; null when all have something or something is still unknown. */
export function nextStep(all: readonly Step[]): StepKey | null {
  for (const s of all) {
    if (s.count === null) return null;
    if (s.count === 0) return s.key;
  }
  return null;
}
