/** What a job read and what came of it: data and environment in, models out. */
import { Text, tokens } from '@fluentui/react-components';
import { listModels, listModelVersions } from '../../api/models';
import { parseAssetRef } from '../../api/refs';
import type { Job } from '../../api/jobs';
import type { Run } from '../../api/mlflow';
import { useLoad } from '../../app/workspace';
import { AppLink, AssetLink } from '../../components/AppLink';
import { KeyValues } from '../../components/KeyValues';

/** Data assets among a job's inputs, as references. */
export function dataInputs(job: Job | null): string[] {
  return Object.values(job?.properties.inputs ?? {}).flatMap((i) => {
    const ref = parseAssetRef(i?.uri);
    return ref?.kind === 'data' || ref?.kind === 'models' ? [i!.uri!] : [];
  });
}

export function Lineage({ job, run }: { job: Job | null; run: Run | null }) {
  const name = job?.name ?? run?.info.run_id ?? '';
  const models = useLoad(['modelsOfJob', name], async (ws, o) => {
    const containers = await listModels(ws, o);
    const versions = await Promise.all(
      containers
        .slice(0, 50)
        .map((c) => listModelVersions(ws, c.name, o).then((vs) => vs.map((v) => ({ model: c.name, version: v })))),
    );
    return versions
      .flat()
      .filter(
        ({ version: { properties: p } }) =>
          p.jobName === name || p.modelUri?.includes(`/${name}/`) || p.tags?.['mlflow.runId'] === name,
      )
      .map(({ model, version }) => ({ model, version: version.name }));
  });
  const inputs = dataInputs(job);
  const datasets = run?.inputs?.dataset_inputs ?? [];
  const none = <Text style={{ color: tokens.colorNeutralForeground2 }}>None</Text>;
  return (
    <KeyValues
      items={[
        [
          'Data',
          inputs.length > 0 ? (
            <Lines key="d">
              {inputs.map((i) => (
                <AssetLink key={i} id={i} />
              ))}
            </Lines>
          ) : datasets.length > 0 ? (
            <Lines key="ds">
              {datasets.map((d) => (
                <span key={d.dataset.digest} title={d.dataset.source}>
                  {d.dataset.name} ({d.dataset.digest})
                </span>
              ))}
            </Lines>
          ) : (
            none
          ),
        ],
        [
          'Environment',
          job?.properties.environmentId ? (
            <AssetLink key="e" id={job.properties.environmentId} kind="environments" />
          ) : (
            none
          ),
        ],
        [
          'Models',
          models.data === undefined ? (
            '…'
          ) : models.data.length === 0 ? (
            none
          ) : (
            <Lines key="m">
              {models.data.map((m) => (
                <AppLink
                  key={`${m.model}:${m.version}`}
                  to={`/models/${encodeURIComponent(m.model)}/${encodeURIComponent(m.version)}`}
                >
                  {m.model}:{m.version}
                </AppLink>
              ))}
            </Lines>
          ),
        ],
      ]}
    />
  );
}

function Lines({ children }: { children: React.ReactNode[] }) {
  return <span style={{ display: 'flex', flexDirection: 'column', gap: 4 }}>{children}</span>;
}
