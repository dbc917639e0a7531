/** Where a model came from: the job, and that job's data and environment; where it went: deployments. */
import { Text, tokens } from '@fluentui/react-components';
import { orNull, type Workspace } from '../../api/arm';
import { listDeployments, listEndpoints } from '../../api/endpoints';
import { getJob, jobTitle, parentOf, type Job } from '../../api/jobs';
import type { ModelVersionResource } from '../../api/models';
import { parseAssetRef, parseBlobPlace } from '../../api/refs';
import { useLoad } from '../../app/workspace';
import { AppLink, AssetLink } from '../../components/AppLink';
import { Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { dataInputs } from '../jobs/Lineage';

interface Origin {
  job: Job | null;
  pipeline: Job | null;
}

/** The job that a version names, or whose artifacts it was registered from. */
export function originJob(version: ModelVersionResource): string | null {
  const p = version.properties;
  if (p.jobName) return p.jobName;
  const place = parseBlobPlace(p.modelUri);
  if (place && place.kind !== 'datastore') return place.job;
  return (
    /ExperimentRun\/dcid\.([^/]+)\//.exec(p.modelUri ?? '')?.[1] ??
    p.tags?.['mlflow.runId'] ??
    p.properties?.['mlflow.runId'] ??
    null
  );
}

async function loadOrigin(ws: Workspace, version: ModelVersionResource, o: { signal: AbortSignal }): Promise<Origin> {
  const name = originJob(version);
  const job = name ? await orNull(getJob(ws, name, o)) : null;
  const parent = job ? parentOf(job) : null;
  return { job, pipeline: parent ? await orNull(getJob(ws, parent, o)) : null };
}

export function ModelLineage({ model, version }: { model: string; version: ModelVersionResource }) {
  const origin = useLoad(['models', model, version.name, 'origin'], (ws, o) => loadOrigin(ws, version, o));
  const served = useLoad(['models', model, version.name, 'served'], async (ws, o) => {
    const endpoints = await listEndpoints(ws, o);
    const all = await Promise.all(
      endpoints.map((e) =>
        listDeployments(ws, e.name, o).then((ds) =>
          ds.map((d) => ({ endpoint: e.name, deployment: d.name, ref: parseAssetRef(d.properties.model, 'models') })),
        ),
      ),
    );
    return all.flat().filter((d) => d.ref?.name === model && d.ref.version === version.name);
  });
  const none = <Text style={{ color: tokens.colorNeutralForeground2 }}>Not recorded</Text>;
  return (
    <Loaded load={origin} rows={3}>
      {({ job, pipeline }) => {
        const data = [...new Set([...dataInputs(job), ...dataInputs(pipeline)])];
        const tagged = version.properties.tags?.data ?? version.properties.tags?.data_asset;
        const run = originJob(version);
        return (
          <KeyValues
            items={[
              [
                'Run',
                job ? (
                  <AppLink key="j" to={`/jobs/${encodeURIComponent(job.name)}`}>
                    {jobTitle(job)}
                  </AppLink>
                ) : run ? (
                  <AppLink key="r" to={`/jobs/${encodeURIComponent(run)}`}>
                    {run}
                  </AppLink>
                ) : (
                  none
                ),
              ],
              pipeline
                ? [
                    'Pipeline',
                    <AppLink key="p" to={`/jobs/${encodeURIComponent(pipeline.name)}`}>
                      {jobTitle(pipeline)}
                    </AppLink>,
                  ]
                : null,
              [
                'Data',
                data.length ? (
                  <span key="d">
                    {data.map((d) => (
                      <div key={d}>
                        <AssetLink id={d} />
                      </div>
                    ))}
                  </span>
                ) : tagged ? (
                  <AssetLink key="t" id={tagged} kind="data" />
                ) : (
                  none
                ),
              ],
              [
                'Environment',
                job?.properties.environmentId ? (
                  <AssetLink key="e" id={job.properties.environmentId} kind="environments" />
                ) : version.properties.tags?.environment ? (
                  <AssetLink key="et" id={version.properties.tags.environment} kind="environments" />
                ) : (
                  none
                ),
              ],
              [
                'Served by',
                served.data === undefined ? (
                  '…'
                ) : served.data.length === 0 ? (
                  'No endpoint'
                ) : (
                  <span key="s">
                    {served.data.map((d) => (
                      <div key={`${d.endpoint}/${d.deployment}`}>
                        <AppLink to={`/endpoints/${encodeURIComponent(d.endpoint)}`}>{d.endpoint}</AppLink> (
                        {d.deployment})
                      </div>
                    ))}
                  </span>
                ),
              ],
            ]}
          />
        );
      }}
    </Loaded>
  );
}
