import { LayerRegular } from '@fluentui/react-icons';
import { useEnvironments } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';

const CREATE = `from azure.ai.ml.entities import Environment

ml.environments.create_or_update(
    Environment(name="my-env", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", conda_file="conda.yaml"))`;

export default function EnvironmentList() {
  const environments = useEnvironments();
  return (
    <Page title="Environments" subtitle="The software that jobs and endpoints run in">
      <Loaded load={environments}>
        {(list) =>
          list.length === 0 ? (
            <Empty title="No environments yet" icon={<LayerRegular />} command={CREATE}>
              Register a conda file or an image from Python. Curated environments such as AzureML-sklearn-1.5 work by
              name.
            </Empty>
          ) : (
            <Card flush>
              <DataTable
                label="Environments"
                noun="environment"
                rows={list}
                rowKey={(e) => e.name}
                initialSort={{ column: 'name', direction: 'ascending' }}
                columns={[
                  {
                    key: 'name',
                    header: 'Name',
                    value: (e) => e.name,
                    render: (e) => (
                      <AppLink to={`/environments/${encodeURIComponent(e.name)}`} style={{ fontWeight: 600 }}>
                        {e.name}
                      </AppLink>
                    ),
                  },
                  {
                    key: 'version',
                    header: 'Latest version',
                    value: (e) => e.properties.latestVersion,
                    render: (e) => e.properties.latestVersion ?? '–',
                  },
                  { key: 'kind', header: 'Kind', value: (e) => kind(e.name), render: (e) => kind(e.name) },
                  {
                    key: 'description',
                    header: 'Description',
                    value: (e) => e.properties.description,
                    render: (e) => e.properties.description || '–',
                  },
                  {
                    key: 'modified',
                    header: 'Modified',
                    value: (e) => e.systemData?.lastModifiedAt ?? e.systemData?.createdAt,
                    render: (e) => <TimeAgo at={e.systemData?.lastModifiedAt ?? e.systemData?.createdAt} />,
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

/** Azure ML's own environments carry this prefix; the rest are somebody's. */
const kind = (name: string) =>
  /^azureml-/i.test(name) ? 'Curated' : name === 'CliV2AnonymousEnvironment' ? 'Anonymous' : 'Custom';
