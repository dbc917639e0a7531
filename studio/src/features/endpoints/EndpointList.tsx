import { PlugConnectedRegular } from '@fluentui/react-icons';
import type { EndpointResource } from '../../api/endpoints';
import { useEndpoints } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { EndpointKinds } from '../batch/EndpointKinds';
import { TimeAgo } from '../../components/Time';

/** "blue 90%, green 10%"; deployments without traffic are left out. */
export function trafficText(traffic: Record<string, number> | null | undefined): string {
  const parts = Object.entries(traffic ?? {})
    .filter(([, p]) => p > 0)
    .sort(([, a], [, b]) => b - a);
  return parts.length === 0 ? 'No traffic' : parts.map(([d, p]) => `${d} ${p}%`).join(', ');
}

export default function EndpointList() {
  const endpoints = useEndpoints();
  return (
    <Page title="Endpoints" subtitle="Managed online endpoints: predictions over HTTP">
      <EndpointKinds current="online" />
      <Loaded load={endpoints}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              title="No endpoints yet"
              icon={<PlugConnectedRegular />}
              action={<AppLink to="/models">Choose a model to deploy</AppLink>}
              command="./atelier demo"
            >
              Open a registered model and press Deploy; or let the demo deploy one.
            </Empty>
          ) : (
            <Card flush>
              <DataTable<EndpointResource>
                label="Endpoints"
                noun="endpoint"
                rows={list}
                rowKey={(e) => e.name}
                initialSort={{ column: 'name', direction: 'ascending' }}
                columns={[
                  {
                    key: 'name',
                    header: 'Name',
                    value: (e) => e.name,
                    render: (e) => (
                      <AppLink to={`/endpoints/${encodeURIComponent(e.name)}`} style={{ fontWeight: 600 }}>
                        {e.name}
                      </AppLink>
                    ),
                  },
                  {
                    key: 'state',
                    header: 'State',
                    value: (e) => e.properties.provisioningState,
                    render: (e) => <Status value={e.properties.provisioningState} />,
                  },
                  {
                    key: 'traffic',
                    header: 'Traffic',
                    value: (e) => trafficText(e.properties.traffic),
                    render: (e) => trafficText(e.properties.traffic),
                  },
                  {
                    key: 'auth',
                    header: 'Authentication',
                    value: (e) => e.properties.authMode,
                    render: (e) => e.properties.authMode ?? '–',
                  },
                  {
                    key: 'uri',
                    header: 'Scoring URI',
                    value: (e) => e.properties.scoringUri,
                    render: (e) => <code>{e.properties.scoringUri ?? '–'}</code>,
                  },
                  {
                    key: 'created',
                    header: 'Created',
                    value: (e) => e.systemData?.createdAt,
                    render: (e) => <TimeAgo at={e.systemData?.createdAt} />,
                  },
                ]}
              />
            </Card>
          )
        }
      </Loaded>
    </Page>
  );
}
