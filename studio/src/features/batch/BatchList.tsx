import { LayerRegular } from '@fluentui/react-icons';
import type { BatchEndpointResource } from '../../api/batch';
import { useBatchEndpoints } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { EndpointKinds } from './EndpointKinds';

export default function BatchList() {
  const endpoints = useBatchEndpoints();
  return (
    <Page title="Batch endpoints" subtitle="Predictions for whole folders, as jobs">
      <EndpointKinds current="batch" />
      <Loaded load={endpoints}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              title="No batch endpoints yet"
              icon={<LayerRegular />}
              command="./atelier batch-endpoint create --name my-batch"
            >
              A batch endpoint scores the files of a folder with a registered model and keeps the predictions as a file.
            </Empty>
          ) : (
            <Card flush>
              <DataTable<BatchEndpointResource>
                label="Batch endpoints"
                noun="batch endpoint"
                rows={list}
                rowKey={(e) => e.name}
                initialSort={{ column: 'name', direction: 'ascending' }}
                columns={[
                  {
                    key: 'name',
                    header: 'Name',
                    value: (e) => e.name,
                    render: (e) => (
                      <AppLink to={`/batch-endpoints/${encodeURIComponent(e.name)}`} style={{ fontWeight: 600 }}>
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
                    key: 'default',
                    header: 'Default deployment',
                    value: (e) => e.properties.defaults?.deploymentName,
                    render: (e) => e.properties.defaults?.deploymentName ?? 'None',
                  },
                  {
                    key: 'description',
                    header: 'Description',
                    value: (e) => e.properties.description,
                    render: (e) => e.properties.description ?? '–',
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
