import { Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import type { Arm } from '../../api/arm';
import { listEnvironmentVersions, type EnvironmentVersion } from '../../api/environments';
import { useLoad } from '../../app/workspace';
import { CodeBlock } from '../../components/CodeBlock';
import { Loaded } from '../../components/Feedback';
import { KeyValues, Tags } from '../../components/KeyValues';
import { Card, Grid, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { VersionPicker } from '../../components/VersionPicker';
import { newestFirst } from '../../lib/versions';
import { BuildView } from './BuildView';

export default function EnvironmentDetail() {
  const { name = '', version } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const tab = search.get('view') ?? 'build';
  const versions = useLoad(['environments', name, 'versions'], async (ws, o) =>
    newestFirst(await listEnvironmentVersions(ws, name, o)),
  );
  const current = versions.data?.find((v) => v.name === version) ?? (version ? undefined : versions.data?.[0]);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Environments', to: '/environments' }]}
      subtitle={
        current && (
          <span>
            Version {current.name} · created <TimeAgo at={current.systemData?.createdAt} />
          </span>
        )
      }
      actions={
        current &&
        versions.data && (
          <VersionPicker
            versions={versions.data.map((v) => v.name)}
            value={current.name}
            onChange={(v) => navigate(`/environments/${encodeURIComponent(name)}/${encodeURIComponent(v)}`)}
          />
        )
      }
    >
      <Loaded load={versions} what="The versions could not be loaded">
        {() =>
          current ? (
            <>
              <TabList
                selectedValue={tab}
                onTabSelect={(_, d) => setSearch({ view: String(d.value) }, { replace: true })}
                aria-label="Environment views"
              >
                <Tab value="build">Build</Tab>
                <Tab value="spec">Specification</Tab>
              </TabList>
              {tab === 'spec' ? (
                <Spec name={name} version={current} />
              ) : (
                <BuildView key={current.name} name={name} version={current.name} />
              )}
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

function Spec({
  name,
  version: { name: v, properties: p, systemData, id },
}: {
  name: string;
  version: Arm<EnvironmentVersion>;
}) {
  return (
    <Grid>
      <Card title="Properties" span={6}>
        <KeyValues
          items={[
            ['Version', v],
            ['Image', p.image ? <code key="i">{p.image}</code> : '–'],
            p.build
              ? [
                  'Build context',
                  <code key="b">
                    {p.build.contextUri} ({p.build.dockerfilePath ?? 'Dockerfile'})
                  </code>,
                ]
              : null,
            ['Operating system', p.osType ?? 'Linux'],
            ['Created by', systemData?.createdBy],
            p.description ? ['Description', p.description] : null,
            ['Tags', <Tags key="t" tags={p.tags} label="Tags" />],
            ['Asset id', <code key="id">{id}</code>],
          ]}
        />
      </Card>
      <Card title="Use it" span={6}>
        <CodeBlock label="YAML" code={`environment: azureml:${name}:${v}`} />
      </Card>
      <Card title="Conda file" span={12}>
        {p.condaFile ? (
          <CodeBlock label="Conda file" code={p.condaFile} maxHeight={480} />
        ) : (
          <Text style={{ color: tokens.colorNeutralForeground2 }}>
            This version has no conda file; its packages are those of the image.
          </Text>
        )}
      </Card>
    </Grid>
  );
}
