import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { parentOf, type Job, type JobInput, type JobOutput } from '../../api/jobs';
import { isTrial } from '../../api/sweeps';
import { metricValue, tagMap, type Run } from '../../api/mlflow';
import { AppLink, AssetLink } from '../../components/AppLink';
import { CodeBlock } from '../../components/CodeBlock';
import { DataTable } from '../../components/DataTable';
import { KeyValues, Tags } from '../../components/KeyValues';
import { Card, Grid } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { number } from '../../lib/format';
import { Lineage } from './Lineage';

const useStyles = makeStyles({
  stack: { display: 'flex', flexDirection: 'column', gap: '18px', minWidth: 0 },
  none: { color: tokens.colorNeutralForeground2 },
});

/** Tags that MLflow and Azure ML write for themselves; shown apart from people's own. */
const SYSTEM = /^(mlflow\.|azureml\.|_azureml)/;

export function JobOverview({ job, run }: { job: Job | null; run: Run | null }) {
  const styles = useStyles();
  const p = job?.properties;
  const tags = { ...tagMap(run?.data.tags), ...p?.tags };
  const own = Object.fromEntries(Object.entries(tags).filter(([k]) => !SYSTEM.test(k)));
  const params = run?.data.params ?? [];
  const metrics = run?.data.metrics ?? [];
  return (
    <Grid>
      <div className={styles.stack} style={{ gridColumn: 'span 7' }}>
        <Card title="Properties">
          <KeyValues
            items={[
              ['Name', <code key="n">{job?.name ?? run?.info.run_id}</code>],
              p
                ? [
                    'Experiment',
                    run ? (
                      <AppLink key="e" to={`/experiments/${encodeURIComponent(run.info.experiment_id)}`}>
                        {p.experimentName ?? run.info.experiment_id}
                      </AppLink>
                    ) : (
                      p.experimentName
                    ),
                  ]
                : null,
              ['Created', <TimeAgo key="c" at={job?.systemData?.createdAt ?? run?.info.start_time} />],
              ['Created by', job?.systemData?.createdBy ?? run?.info.user_id],
              p ? ['Compute', p.computeId ? <AssetLink key="co" id={p.computeId} kind="computes" /> : 'local'] : null,
              p?.environmentId
                ? ['Environment', <AssetLink key="en" id={p.environmentId} kind="environments" />]
                : null,
              job && parentOf(job)
                ? [
                    isTrial(job) ? 'Sweep' : 'Pipeline',
                    <AppLink key="pa" to={`/jobs/${encodeURIComponent(parentOf(job)!)}`}>
                      {parentOf(job)}
                    </AppLink>,
                  ]
                : null,
              p?.description ? ['Description', p.description] : null,
              ['Tags', <Tags key="t" tags={own} label="Tags" />],
            ]}
          />
        </Card>
        {p?.command && (
          <Card title="Command">
            <CodeBlock code={p.command} wrap label="Command" />
          </Card>
        )}
        {p && (
          <Card title="Inputs">
            <Ports kind="input" ports={p.inputs} />
          </Card>
        )}
        {p && (
          <Card title="Outputs">
            <Ports kind="output" ports={p.outputs} />
          </Card>
        )}
        <Card title="Parameters" flush={params.length > 0}>
          {params.length > 0 ? (
            <DataTable
              label="Parameters"
              noun="parameter"
              rows={params}
              rowKey={(r) => r.key}
              filterable={params.length > 8}
              columns={[
                { key: 'key', header: 'Parameter', value: (r) => r.key, render: (r) => r.key },
                {
                  key: 'value',
                  header: 'Value',
                  value: (r) => r.value,
                  render: (r) => <code style={{ overflowWrap: 'anywhere' }}>{r.value}</code>,
                },
              ]}
            />
          ) : (
            <Text className={styles.none}>No parameters were logged.</Text>
          )}
        </Card>
      </div>
      <div className={styles.stack} style={{ gridColumn: 'span 5' }}>
        <Card title="Lineage">
          <Lineage job={job} run={run} />
        </Card>
        <Card title="Metrics" flush={metrics.length > 0}>
          {metrics.length > 0 ? (
            <DataTable
              label="Metrics"
              noun="metric"
              rows={metrics}
              rowKey={(m) => m.key}
              filterable={metrics.length > 8}
              columns={[
                { key: 'key', header: 'Metric', value: (m) => m.key, render: (m) => m.key },
                {
                  key: 'value',
                  header: 'Last value',
                  numeric: true,
                  value: (m) => metricValue(m.value),
                  render: (m) => number(metricValue(m.value)),
                },
              ]}
            />
          ) : (
            <Text className={styles.none}>No metrics were logged.</Text>
          )}
        </Card>
      </div>
    </Grid>
  );
}

function Ports({
  kind,
  ports,
}: {
  kind: 'input' | 'output';
  ports: Record<string, JobInput | JobOutput | null> | null | undefined;
}) {
  const styles = useStyles();
  const entries = Object.entries(ports ?? {});
  if (entries.length === 0) return <Text className={styles.none}>No {kind}s.</Text>;
  return (
    <KeyValues
      items={entries.map(([name, port]) => {
        const value = port && 'value' in port ? port.value : undefined;
        const uri = port?.uri;
        const type = port && ('jobInputType' in port ? port.jobInputType : (port as JobOutput).jobOutputType);
        return [
          name,
          <span key={name}>
            {value !== undefined ? (
              <code>{String(value)}</code>
            ) : uri ? (
              <AssetLink id={uri} />
            ) : (
              <span className={styles.none}>default place</span>
            )}{' '}
            {type && (
              <Text size={200} className={styles.none}>
                {type}
              </Text>
            )}
          </span>,
        ] as const;
      })}
    />
  );
}
