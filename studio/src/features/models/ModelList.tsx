import { Tab, TabList } from '@fluentui/react-components';
import { BoxRegular } from '@fluentui/react-icons';
import { useSearchParams } from 'react-router-dom';
import { useModels } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Tags } from '../../components/KeyValues';
import { Card, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { Production } from './Production';

export default function ModelList() {
  const [search, setSearch] = useSearchParams();
  const view = search.get('view') === 'production' ? 'production' : 'models';
  return (
    <Page title="Models" subtitle="Registered models and their versions">
      <TabList
        selectedValue={view}
        onTabSelect={(_, d) => setSearch((s) => (s.set('view', String(d.value)), s), { replace: true })}
        aria-label="Models views"
      >
        <Tab value="models">All models</Tab>
        <Tab value="production">In production</Tab>
      </TabList>
      {view === 'models' ? <All /> : <Production />}
    </Page>
  );
}

function All() {
  const models = useModels();
  return (
    <Loaded load={models}>
      {(list) =>
        list.length === 0 ? (
          <Empty
            title="No models yet"
            icon={<BoxRegular />}
            command={'mlflow.register_model("runs:/<run id>/model", "my-model")'}
          >
            Register the model of a run from Python; the demo's pipeline registers its best one.
          </Empty>
        ) : (
          <Card flush>
            <DataTable
              label="Models"
              noun="model"
              rows={list}
              rowKey={(m) => m.name}
              initialSort={{ column: 'modified', direction: 'descending' }}
              columns={[
                {
                  key: 'name',
                  header: 'Name',
                  value: (m) => m.name,
                  render: (m) => (
                    <AppLink to={`/models/${encodeURIComponent(m.name)}`} style={{ fontWeight: 600 }}>
                      {m.name}
                    </AppLink>
                  ),
                },
                {
                  key: 'version',
                  header: 'Latest version',
                  value: (m) => m.properties.latestVersion,
                  render: (m) => m.properties.latestVersion ?? '–',
                },
                {
                  key: 'description',
                  header: 'Description',
                  value: (m) => m.properties.description,
                  render: (m) => m.properties.description || '–',
                },
                {
                  key: 'tags',
                  header: 'Tags',
                  value: (m) => Object.values(m.properties.tags ?? {}).join(' '),
                  render: (m) => <Tags tags={m.properties.tags} label={`Tags of ${m.name}`} />,
                },
                {
                  key: 'modified',
                  header: 'Modified',
                  value: (m) => m.systemData?.lastModifiedAt ?? m.systemData?.createdAt,
                  render: (m) => <TimeAgo at={m.systemData?.lastModifiedAt ?? m.systemData?.createdAt} />,
                },
              ]}
            />
          </Card>
        )
      }
    </Loaded>
  );
}
