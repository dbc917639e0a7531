import type { BatchDeploymentResource, BatchEndpointResource } from '../../api/batch';
import type { Load } from '../../app/workspace';
import { AssetLink } from '../../components/AppLink';
import { CodeBlock } from '../../components/CodeBlock';
import { DataTable } from '../../components/DataTable';
import { Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { Card, Grid } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { count } from '../../lib/format';

export function BatchOverview({
  endpoint,
  deployments,
}: {
  endpoint: BatchEndpointResource;
  deployments: Load<BatchDeploymentResource[]>;
}) {
  const p = endpoint.properties;
  return (
    <Grid>
      <Card title="Deployments" flush span={12}>
        <Loaded load={deployments}>
          {(list) => <Deployments list={list} chosen={p.defaults?.deploymentName ?? null} />}
        </Loaded>
      </Card>
      <Card title="Properties" span={12}>
        <KeyValues
          items={[
            ['Scoring URI', p.scoringUri ? <CodeBlock key="s" code={p.scoringUri} wrap label="Scoring URI" /> : '–'],
            ['Authentication', p.authMode ?? '–'],
            ['Default deployment', p.defaults?.deploymentName ?? 'None'],
            p.description ? ['Description', p.description] : null,
            ['Created by', endpoint.systemData?.createdBy],
            ['Created', <TimeAgo key="c" at={endpoint.systemData?.createdAt} />],
          ]}
        />
      </Card>
    </Grid>
  );
}

/** "2 files each, 2 × 2 processes, 3 retries after 30 s, any number may fail". */
export function settingsText({ properties: p }: BatchDeploymentResource): string {
  if (p.deploymentConfiguration) return 'Those of the pipeline';
  const threshold = p.errorThreshold ?? -1;
  return [
    `${count(p.miniBatchSize ?? 10, 'file')} a mini-batch`,
    `${p.resources?.instanceCount ?? 1} × ${count(p.maxConcurrencyPerInstance ?? 1, 'process', 'processes')}`,
    `${count(p.retrySettings?.maxRetries ?? 3, 'retry', 'retries')}`,
    threshold < 0 ? 'failures are ignored' : `at most ${count(threshold, 'file')} may fail`,
  ].join(', ');
}

function Deployments({ list, chosen }: { list: BatchDeploymentResource[]; chosen: string | null }) {
  return (
    <DataTable
      label="Deployments"
      noun="deployment"
      rows={list}
      rowKey={(d) => d.name}
      filterable={list.length > 10}
      columns={[
        {
          key: 'name',
          header: 'Deployment',
          value: (d) => d.name,
          render: (d) => (
            <span>
              <strong>{d.name}</strong>
              {d.name === chosen && ' (default)'}
            </span>
          ),
        },
        {
          key: 'state',
          header: 'State',
          value: (d) => d.properties.provisioningState,
          render: (d) => <Status value={d.properties.provisioningState} />,
        },
        {
          key: 'what',
          header: 'Runs',
          value: (d) => d.properties.model?.assetId ?? d.properties.deploymentConfiguration?.componentId?.assetId,
          render: (d) =>
            d.properties.model?.assetId ? (
              <AssetLink id={d.properties.model.assetId} kind="models" />
            ) : (
              <AssetLink id={d.properties.deploymentConfiguration?.componentId?.assetId} kind="components" />
            ),
        },
        { key: 'settings', header: 'Settings', value: settingsText, render: settingsText },
        {
          key: 'output',
          header: 'Output',
          value: (d) => d.properties.outputFileName,
          render: (d) => (d.properties.outputAction === 'SummaryOnly' ? 'Summary only' : d.properties.outputFileName),
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
