/** How far the locked, installed form of an environment is. */
import { Button, Field, makeStyles, ProgressBar, SearchBox, Text, tokens } from '@fluentui/react-components';
import { WrenchRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getEnvironmentBuild, startEnvironmentBuild, type EnvironmentBuild } from '../../api/environments';
import { useAnnounceStatus } from '../../app/announce';
import { useLoad, useWs } from '../../app/workspace';
import { CodeBlock } from '../../components/CodeBlock';
import { ErrorBar, Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { LogText } from '../../components/LogView';
import { Card, Grid } from '../../components/Page';
import { Status } from '../../components/Status';
import { Elapsed } from '../../components/Time';
import { bytes, count, instant, short } from '../../lib/format';
import { parseLock } from './lock';

const useStyles = makeStyles({
  lock: {
    maxHeight: '420px',
    overflow: 'auto',
    columnWidth: '220px',
    columnGap: '24px',
    margin: '12px 0 0',
    padding: 0,
    listStyleType: 'none',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '22px',
  },
  version: { color: tokens.colorNeutralForeground2 },
  head: { display: 'flex', alignItems: 'center', gap: '16px', flexWrap: 'wrap' },
});

export function BuildView({ name, version }: { name: string; version: string }) {
  const ws = useWs();
  const client = useQueryClient();
  const build = useLoad(['environments', name, version, 'build'], (w, o) => getEnvironmentBuild(w, name, version, o), {
    active: (b) => b.status === 'Building',
  });
  const start = useMutation({
    mutationFn: () => startEnvironmentBuild(ws, name, version),
    onSettled: () => client.invalidateQueries(),
  });
  useAnnounceStatus(`Build of ${name}`, build.data?.status);
  return (
    <Loaded load={build} what="The build state could not be loaded">
      {(b) => (
        <Grid>
          <Card
            title="Build"
            span={5}
            actions={
              (b.status === 'NotBuilt' || b.status === 'Failed') && (
                <Button
                  appearance="primary"
                  icon={<WrenchRegular />}
                  disabled={start.isPending}
                  onClick={() => start.mutate()}
                >
                  {b.status === 'Failed' ? 'Build again' : 'Build now'}
                </Button>
              )
            }
          >
            <Facts build={b} />
            {b.status === 'Building' && (
              <Field style={{ marginTop: 14 }}>
                <ProgressBar aria-label="Building" />
              </Field>
            )}
            {b.status === 'NotBuilt' && (
              <Text block style={{ marginTop: 12, color: tokens.colorNeutralForeground2 }}>
                It is built when a job first needs it; building it now saves that job the wait.
              </Text>
            )}
            {b.error && (
              <div style={{ marginTop: 14 }}>
                <ErrorBar error={new Error(b.error)} what="The build failed" />
              </div>
            )}
            {start.isError && (
              <div style={{ marginTop: 14 }}>
                <ErrorBar error={start.error} what="The build did not start" />
              </div>
            )}
          </Card>
          <Card title="Build log" span={7}>
            <LogText text={b.log ?? ''} live={b.status === 'Building'} label="Build log" height={300} />
          </Card>
          <Card title="Locked packages" span={12}>
            <Lock text={b.lock ?? ''} />
          </Card>
        </Grid>
      )}
    </Loaded>
  );
}

function Facts({ build: b }: { build: EnvironmentBuild }) {
  return (
    <KeyValues
      items={[
        ['State', <Status key="s" value={b.status} />],
        ['Python', b.python ?? '–'],
        ['Size on disk', bytes(b.sizeBytes)],
        [
          'Duration',
          <Elapsed key="d" from={instant(b.startedAt)} to={instant(b.finishedAt)} running={b.status === 'Building'} />,
        ],
        [
          'Content hash',
          b.hash ? (
            <code key="h" title={b.hash}>
              {short(b.hash, 16)}
            </code>
          ) : (
            '–'
          ),
        ],
      ]}
    />
  );
}

function Lock({ text }: { text: string }) {
  const styles = useStyles();
  const [query, setQuery] = useState('');
  const [raw, setRaw] = useState(false);
  const packages = parseLock(text);
  if (packages.length === 0)
    return <Text style={{ color: tokens.colorNeutralForeground2 }}>Nothing is locked yet.</Text>;
  const shown = packages.filter((p) => p.name.includes(query.toLowerCase()));
  return (
    <>
      <div className={styles.head}>
        <SearchBox
          placeholder="Find a package"
          aria-label="Find a package"
          value={query}
          onChange={(_, d) => setQuery(d.value)}
        />
        <Text size={200} aria-live="polite">
          {count(shown.length, 'package')}
        </Text>
        <Button size="small" appearance="subtle" onClick={() => setRaw(!raw)}>
          {raw ? 'As a list' : 'As a lock file'}
        </Button>
      </div>
      {raw ? (
        <div style={{ marginTop: 12 }}>
          <CodeBlock code={text} maxHeight={420} label="Lock file" />
        </div>
      ) : (
        <ul className={styles.lock} tabIndex={0} aria-label="Locked packages">
          {shown.map((p) => (
            <li key={p.name}>
              {p.name} <span className={styles.version}>{p.version}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
