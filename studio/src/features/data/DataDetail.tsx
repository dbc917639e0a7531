import { Button, Tab, TabList } from '@fluentui/react-components';
import { ArrowUploadRegular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import type { Arm } from '../../api/arm';
import { listDataVersions, type DataVersion } from '../../api/data';
import { useLoad, useWs } from '../../app/workspace';
import { blobSource } from '../../components/blobSource';
import { CodeBlock } from '../../components/CodeBlock';
import { DataTable } from '../../components/DataTable';
import { AppLink } from '../../components/AppLink';
import { Loaded } from '../../components/Feedback';
import { Files } from '../../components/Files';
import { KeyValues, Tags } from '../../components/KeyValues';
import { Card, Grid, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { VersionPicker } from '../../components/VersionPicker';
import { newestFirst } from '../../lib/versions';
import { dataTypeLabel } from './DataList';
import { DataPreviewTable } from './DataPreviewTable';
import { DataProfileView } from './DataProfileView';

export default function DataDetail() {
  const { name = '', version } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const tab = search.get('view') ?? 'profile';
  const versions = useLoad(['data', name, 'versions'], async (ws, o) =>
    newestFirst(await listDataVersions(ws, name, o)),
  );
  const current = versions.data?.find((v) => v.name === version) ?? (version ? undefined : versions.data?.[0]);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Data', to: '/data' }]}
      subtitle={
        current && (
          <>
            <span>{dataTypeLabel(current.properties.dataType)}</span>
            <span>
              Created <TimeAgo at={current.systemData?.createdAt} />
            </span>
          </>
        )
      }
      actions={
        <>
          {current && versions.data && (
            <VersionPicker
              versions={versions.data.map((v) => v.name)}
              value={current.name}
              onChange={(v) => navigate(`/data/${encodeURIComponent(name)}/${encodeURIComponent(v)}`)}
            />
          )}
          <Button
            icon={<ArrowUploadRegular />}
            onClick={() => navigate(`/data/upload?name=${encodeURIComponent(name)}`)}
          >
            New version
          </Button>
        </>
      }
    >
      <Loaded load={versions} what="The versions could not be loaded">
        {(list) =>
          current ? (
            <>
              <TabList
                selectedValue={tab}
                onTabSelect={(_, d) => setSearch({ view: String(d.value) }, { replace: true })}
                aria-label="Data views"
              >
                <Tab value="profile">Profile</Tab>
                <Tab value="preview">Preview</Tab>
                <Tab value="details">Details</Tab>
                <Tab value="versions">Versions ({list.length})</Tab>
              </TabList>
              {tab === 'profile' && <DataProfileView name={name} version={current.name} />}
              {tab === 'preview' && <DataPreviewTable key={current.name} name={name} version={current.name} />}
              {tab === 'details' && <Details name={name} version={current} />}
              {tab === 'versions' && <Versions name={name} versions={list} />}
            </>
          ) : (
            <p>
              There is no version {version} of {name}.
            </p>
          )
        }
      </Loaded>
    </Page>
  );
}

function Details({
  name,
  version: { name: v, properties: p, systemData, id },
}: {
  name: string;
  version: Arm<DataVersion>;
}) {
  const ws = useWs();
  const source = useMemo(() => blobSource(ws, p.dataUri), [ws, p.dataUri]);
  return (
    <Grid>
      <Card title="Properties" span={6}>
        <KeyValues
          items={[
            ['Version', v],
            ['Type', dataTypeLabel(p.dataType)],
            ['Storage', <code key="u">{p.dataUri}</code>],
            ['Created by', systemData?.createdBy],
            p.description ? ['Description', p.description] : null,
            ['Tags', <Tags key="t" tags={p.tags} label="Tags" />],
            ['Asset id', <code key="i">{id}</code>],
          ]}
        />
      </Card>
      <Card title="Use it" span={6}>
        <p style={{ marginTop: 0 }}>As the input of a job:</p>
        <CodeBlock
          label="YAML"
          code={`inputs:\n  training_data:\n    type: ${p.dataType}\n    path: azureml:${name}:${v}`}
        />
        <p>From Python:</p>
        <CodeBlock
          label="Python"
          code={`from azure.ai.ml import Input\n\nInput(type="${p.dataType}", path="azureml:${name}:${v}")`}
        />
      </Card>
      <Card title="Files" span={12}>
        <Files source={source} label="Files" />
      </Card>
    </Grid>
  );
}

function Versions({ name, versions }: { name: string; versions: Arm<DataVersion>[] }) {
  return (
    <Card flush>
      <DataTable
        label="Versions"
        noun="version"
        rows={versions}
        rowKey={(v) => v.name}
        columns={[
          {
            key: 'v',
            header: 'Version',
            value: (v) => v.name,
            render: (v) => (
              <AppLink to={`/data/${encodeURIComponent(name)}/${encodeURIComponent(v.name)}`}>{v.name}</AppLink>
            ),
          },
          {
            key: 'c',
            header: 'Created',
            value: (v) => v.systemData?.createdAt,
            render: (v) => <TimeAgo at={v.systemData?.createdAt} />,
          },
          {
            key: 'b',
            header: 'Created by',
            value: (v) => v.systemData?.createdBy,
            render: (v) => v.systemData?.createdBy ?? '–',
          },
          {
            key: 'd',
            header: 'Description',
            value: (v) => v.properties.description,
            render: (v) => v.properties.description || '–',
          },
          {
            key: 'u',
            header: 'Storage',
            value: (v) => v.properties.dataUri,
            render: (v) => <code title={v.properties.dataUri}>{v.properties.dataUri}</code>,
          },
        ]}
      />
    </Card>
  );
}
