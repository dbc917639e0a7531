import { Button, Field, makeStyles, tokens } from '@fluentui/react-components';
import { EyeOffRegular, EyeRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { listKeys, type DeploymentResource, type EndpointResource } from '../../api/endpoints';
import { useWs, type Load } from '../../app/workspace';
import { AssetLink } from '../../components/AppLink';
import { CodeBlock } from '../../components/CodeBlock';
import { DataTable } from '../../components/DataTable';
import { ErrorBar, Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { Card, Grid } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';

const useStyles = makeStyles({
  traffic: { display: 'flex', alignItems: 'center', gap: '10px', minWidth: '120px' },
  track: {
    flexGrow: 1,
    height: '6px',
    borderRadius: '3px',
    backgroundColor: tokens.colorNeutralBackground5,
    overflow: 'hidden',
    minWidth: '60px',
  },
  fill: { display: 'block', height: '100%', backgroundColor: tokens.colorBrandBackground },
  keys: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

export function EndpointOverview({
  endpoint,
  deployments,
}: {
  endpoint: EndpointResource;
  deployments: Load<DeploymentResource[]>;
}) {
  const p = endpoint.properties;
  return (
    <Grid>
      <Card title="Deployments" flush span={12}>
        <Loaded load={deployments}>{(list) => <Deployments list={list} traffic={p.traffic ?? {}} />}</Loaded>
      </Card>
      <Card title="Properties" span={7}>
        <KeyValues
          items={[
            ['Scoring URI', p.scoringUri ? <CodeBlock key="s" code={p.scoringUri} wrap label="Scoring URI" /> : '–'],
            ['Swagger URI', p.swaggerUri ? <code key="w">{p.swaggerUri}</code> : '–'],
            ['Authentication', p.authMode ?? '–'],
            p.description ? ['Description', p.description] : null,
            ['Created by', endpoint.systemData?.createdBy],
            ['Created', <TimeAgo key="c" at={endpoint.systemData?.createdAt} />],
          ]}
        />
      </Card>
      <Card title="Keys" span={5}>
        <Keys name={endpoint.name} />
      </Card>
    </Grid>
  );
}

function Deployments({ list, traffic }: { list: DeploymentResource[]; traffic: Record<string, number> }) {
  const styles = useStyles();
  return (
    <DataTable
      label="Deployments"
      noun="deployment"
      rows={list}
      rowKey={(d) => d.name}
      filterable={list.length > 10}
      columns={[
        { key: 'name', header: 'Deployment', value: (d) => d.name, render: (d) => <strong>{d.name}</strong> },
        {
          key: 'state',
          header: 'State',
          value: (d) => d.properties.provisioningState,
          render: (d) => <Status value={d.properties.provisioningState} />,
        },
        {
          key: 'traffic',
          header: 'Traffic',
          value: (d) => traffic[d.name] ?? 0,
          render: (d) => (
            <span className={styles.traffic}>
              <span className={styles.track}>
                <span className={styles.fill} style={{ width: `${traffic[d.name] ?? 0}%` }} />
              </span>
              {traffic[d.name] ?? 0}%
            </span>
          ),
        },
        {
          key: 'model',
          header: 'Model',
          value: (d) => d.properties.model,
          render: (d) => <AssetLink id={d.properties.model} kind="models" />,
        },
        {
          key: 'environment',
          header: 'Environment',
          value: (d) => d.properties.environmentId,
          render: (d) =>
            d.properties.environmentId ? (
              <AssetLink id={d.properties.environmentId} kind="environments" />
            ) : (
              "The model's own"
            ),
        },
        {
          key: 'created',
          header: 'Created',
          value: (d) => d.systemData?.createdAt,
          render: (d) => <TimeAgo at={d.systemData?.createdAt} />,
        },
      ]}
    />
  );
}

/** Keys are asked for on a click and forgotten when hidden; they are never in the query cache. */
function Keys({ name }: { name: string }) {
  const styles = useStyles();
  const ws = useWs();
  const keys = useMutation({ mutationFn: () => listKeys(ws, name), gcTime: 0 });
  if (!keys.data) {
    return (
      <div className={styles.keys}>
        <span>Whoever has a key can ask this endpoint for predictions.</span>
        <div>
          <Button icon={<EyeRegular />} disabled={keys.isPending} onClick={() => keys.mutate()}>
            Show the keys
          </Button>
        </div>
        {keys.isError && <ErrorBar error={keys.error} what="The keys could not be read" />}
      </div>
    );
  }
  return (
    <div className={styles.keys}>
      <Field label="Primary key">
        <CodeBlock code={keys.data.primaryKey ?? ''} label="Primary key" wrap />
      </Field>
      {keys.data.secondaryKey && (
        <Field label="Secondary key">
          <CodeBlock code={keys.data.secondaryKey} label="Secondary key" wrap />
        </Field>
      )}
      <div>
        <Button icon={<EyeOffRegular />} onClick={() => keys.reset()}>
          Hide
        </Button>
      </div>
    </div>
  );
}
