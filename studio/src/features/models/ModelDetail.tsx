import { Badge, Button, makeStyles, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { RocketRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { listModelVersions, type ModelVersionResource } from '../../api/models';
import { getRegisteredModel } from '../../api/registry';
import { useLoad, useWs } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { blobSource } from '../../components/blobSource';
import { CodeBlock } from '../../components/CodeBlock';
import { DataTable } from '../../components/DataTable';
import { Loaded, Loading } from '../../components/Feedback';
import { Files } from '../../components/Files';
import { KeyValues, Tags } from '../../components/KeyValues';
import { Card, Grid, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { VersionPicker } from '../../components/VersionPicker';
import { newestFirst } from '../../lib/versions';
import { DeployDialog } from './DeployDialog';
import { loadModelFile, type ModelFile } from './mlmodel';
import { ModelHistory } from './ModelHistory';
import { ModelLabels } from './ModelLabels';
import { ModelLineage } from './ModelLineage';

const LineageGraph = lazy(() => import('./LineageGraph'));

const useStyles = makeStyles({
  stack: { display: 'flex', flexDirection: 'column', gap: '18px', minWidth: 0 },
  flavors: { display: 'flex', gap: '6px', flexWrap: 'wrap' },
  none: { color: tokens.colorNeutralForeground2 },
});

export default function ModelDetail() {
  const { name = '', version } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [deploying, setDeploying] = useState(false);
  const tab = search.get('view') ?? 'details';
  const versions = useLoad(['models', name, 'versions'], async (ws, o) =>
    newestFirst(await listModelVersions(ws, name, o)),
  );
  const current = versions.data?.find((v) => v.name === version) ?? (version ? undefined : versions.data?.[0]);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Models', to: '/models' }]}
      subtitle={
        current && (
          <>
            <span>Version {current.name}</span>
            <span>{modelType(current.properties.modelType)}</span>
            <span>
              Registered <TimeAgo at={current.systemData?.createdAt} />
            </span>
          </>
        )
      }
      actions={
        current &&
        versions.data && (
          <>
            <VersionPicker
              versions={versions.data.map((v) => v.name)}
              value={current.name}
              onChange={(v) => navigate(`/models/${encodeURIComponent(name)}/${encodeURIComponent(v)}`)}
            />
            <Button appearance="primary" icon={<RocketRegular />} onClick={() => setDeploying(true)}>
              Deploy
            </Button>
          </>
        )
      }
    >
      <Loaded load={versions} what="The versions could not be loaded">
        {(list) =>
          current ? (
            <>
              <TabList
                selectedValue={tab}
                onTabSelect={(_, d) => setSearch({ view: String(d.value) }, { replace: true })}
                aria-label="Model views"
              >
                <Tab value="details">Details</Tab>
                <Tab value="artifacts">Artifacts</Tab>
                <Tab value="lineage">Lineage</Tab>
                <Tab value="versions">Versions ({list.length})</Tab>
                <Tab value="history">History</Tab>
              </TabList>
              {tab === 'details' && <Details name={name} version={current} />}
              {tab === 'artifacts' && <Artifacts version={current} />}
              {tab === 'lineage' && (
                <Suspense fallback={<Loading rows={6} />}>
                  <LineageGraph model={name} version={current} />
                </Suspense>
              )}
              {tab === 'history' && <ModelHistory name={name} />}
              {tab === 'versions' && <Versions name={name} versions={list} />}
              {deploying && <DeployDialog model={name} version={current} onClose={() => setDeploying(false)} />}
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

const modelType = (t: string | undefined) =>
  t === 'mlflow_model' ? 'MLflow model' : t === 'custom_model' ? 'Custom model' : (t ?? 'Model');

function Details({ name, version }: { name: string; version: ModelVersionResource }) {
  const styles = useStyles();
  const p = version.properties;
  const file = useLoad(['models', name, version.name, 'mlmodel'], (ws, o) => loadModelFile(ws, version, o), {
    once: true,
  });
  const flavors = Object.keys(p.flavors ?? {});
  return (
    <Grid>
      <div className={styles.stack} style={{ gridColumn: 'span 7' }}>
        <Card title="Signature">
          <Loaded load={file} rows={4} what="The MLmodel file could not be read">
            {(f) => <Signature file={f} />}
          </Loaded>
        </Card>
        <Card title="Use it">
          <CodeBlock
            label="Python"
            code={`import mlflow\n\nmodel = mlflow.pyfunc.load_model("models:/${name}/${version.name}")\nmodel.predict(rows)`}
          />
        </Card>
      </div>
      <div className={styles.stack} style={{ gridColumn: 'span 5' }}>
        <Card title="Properties">
          <KeyValues
            items={[
              ['Type', modelType(p.modelType)],
              [
                'Flavors',
                flavors.length ? (
                  <span key="f" className={styles.flavors}>
                    {flavors.map((f) => (
                      <Badge key={f} appearance="tint">
                        {f}
                      </Badge>
                    ))}
                  </span>
                ) : (
                  '–'
                ),
              ],
              ['Registered by', version.systemData?.createdBy],
              ['Place', <code key="u">{p.modelUri}</code>],
              ...Object.entries(p.properties ?? {}).map(([k, v]) => [k, v] as const),
            ]}
          />
        </Card>
        <ModelLabels name={name} version={version.name} />
        <Card title="Lineage">
          <ModelLineage model={name} version={version} />
        </Card>
      </div>
    </Grid>
  );
}

function Signature({ file }: { file: ModelFile | null }) {
  const styles = useStyles();
  if (!file)
    return <Text className={styles.none}>This model has no MLmodel file, so it says nothing about its inputs.</Text>;
  const { inputs, outputs } = file.model;
  if (inputs.length === 0) return <Text className={styles.none}>This model was logged without a signature.</Text>;
  const rows = [...inputs.map((c) => ({ ...c, side: 'Input' })), ...outputs.map((c) => ({ ...c, side: 'Output' }))];
  return (
    <DataTable
      label="Signature"
      noun="column"
      rows={rows}
      rowKey={(c) => `${c.side}:${c.name}`}
      filterable={rows.length > 20}
      columns={[
        { key: 'side', header: 'Side', value: (c) => c.side, render: (c) => c.side },
        { key: 'name', header: 'Column', value: (c) => c.name, render: (c) => <Text weight="semibold">{c.name}</Text> },
        { key: 'type', header: 'Type', value: (c) => c.type, render: (c) => <code>{c.type}</code> },
        {
          key: 'required',
          header: 'Required',
          value: (c) => String(c.required),
          render: (c) => (c.side === 'Output' ? '–' : c.required ? 'Yes' : 'No'),
        },
      ]}
    />
  );
}

function Artifacts({ version }: { version: ModelVersionResource }) {
  const ws = useWs();
  const uri = version.properties.modelUri ?? '';
  const source = useMemo(() => blobSource(ws, uri), [ws, uri]);
  return (
    <Card>
      <Files source={source} label="Model files" />
    </Card>
  );
}

function Versions({ name, versions }: { name: string; versions: ModelVersionResource[] }) {
  const model = useLoad(['models', name, 'registered'], (ws, o) => getRegisteredModel(ws, name, o));
  const aliases = (version: string) =>
    (model.data?.aliases ?? []).filter((a) => a.version === version).map((a) => a.alias);
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
            value: (v) => Number(v.name),
            render: (v) => (
              <AppLink to={`/models/${encodeURIComponent(name)}/${encodeURIComponent(v.name)}`}>{v.name}</AppLink>
            ),
          },
          {
            key: 's',
            header: 'Stage',
            value: (v) => v.properties.stage,
            render: (v) => v.properties.stage || '–',
          },
          {
            key: 'a',
            header: 'Aliases',
            value: (v) => aliases(v.name).join(' '),
            render: (v) => aliases(v.name).join(', ') || '–',
          },
          {
            key: 'c',
            header: 'Registered',
            value: (v) => v.systemData?.createdAt,
            render: (v) => <TimeAgo at={v.systemData?.createdAt} />,
          },
          {
            key: 't',
            header: 'Type',
            value: (v) => v.properties.modelType,
            render: (v) => modelType(v.properties.modelType),
          },
          {
            key: 'j',
            header: 'Job',
            value: (v) => v.properties.jobName,
            render: (v) =>
              v.properties.jobName ? (
                <AppLink to={`/jobs/${encodeURIComponent(v.properties.jobName)}`}>{v.properties.jobName}</AppLink>
              ) : (
                '–'
              ),
          },
          {
            key: 'g',
            header: 'Tags',
            value: (v) =>
              Object.entries(v.properties.tags ?? {})
                .flat()
                .join(' '),
            render: (v) => <Tags tags={v.properties.tags} label={`Tags of version ${v.name}`} />,
          },
        ]}
      />
    </Card>
  );
}
