/** The chosen step of a pipeline: why it ran or did not, its log, metrics and outputs. */
import { Button, makeStyles, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { GraphNode, JobGraph } from '../../api/jobs';
import { useJob, useRun } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { Card } from '../../components/Page';
import { ReusedBadge, Status } from '../../components/Status';
import { Elapsed } from '../../components/Time';
import { instant } from '../../lib/format';
import { isActive } from '../../lib/status';
import { JobArtifacts } from '../jobs/JobArtifacts';
import { JobLogs } from '../jobs/JobLogs';
import { RunMetrics } from '../jobs/RunMetrics';
import { INPUTS, OUTPUTS } from './layout';

const useStyles = makeStyles({
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: '14px',
    maxHeight: 'calc(100vh - 320px)',
    minHeight: '390px',
    overflow: 'auto',
  },
  none: { color: tokens.colorNeutralForeground2 },
});

export function NodePanel({ node, graph, onClose }: { node: GraphNode; graph: JobGraph; onClose: () => void }) {
  const styles = useStyles();
  const [tab, setTab] = useState('overview');
  const active = isActive(node.status);
  // A reused step ran as another job; that job's log and outputs are the ones to see.
  const source = node.reused && node.reusedFrom ? node.reusedFrom : node.job;
  const job = useJob(source ?? '');
  const run = useRun(source ?? '', active);
  const into = graph.edges.filter((e) => e.to === node.name);
  const out = graph.edges.filter((e) => e.from === node.name);
  const nobody = <Text className={styles.none}>This step has not started.</Text>;
  return (
    <Card
      title={node.displayName || node.name}
      actions={<Button appearance="subtle" icon={<DismissRegular />} aria-label="Close the panel" onClick={onClose} />}
    >
      <div className={styles.body}>
        <TabList
          size="small"
          selectedValue={tab}
          onTabSelect={(_, d) => setTab(String(d.value))}
          aria-label={`Views of ${node.name}`}
        >
          <Tab value="overview">Overview</Tab>
          <Tab value="logs">Logs</Tab>
          <Tab value="metrics">Metrics</Tab>
          <Tab value="outputs">Outputs</Tab>
        </TabList>
        {tab === 'overview' && (
          <KeyValues
            items={[
              ['Status', <Status key="s" value={node.status} />],
              node.reused ? ['Reused', <ReusedBadge key="r" />] : null,
              node.reason ? [node.reused ? 'Why reused' : 'Why it ran', node.reason] : null,
              node.reused && node.reusedFrom
                ? [
                    'Reused from',
                    <AppLink key="f" to={`/jobs/${encodeURIComponent(node.reusedFrom)}`}>
                      {node.reusedFrom}
                    </AppLink>,
                  ]
                : null,
              ['Component', node.component ?? '–'],
              [
                'Job',
                node.job ? (
                  <AppLink key="j" to={`/jobs/${encodeURIComponent(node.job)}`}>
                    {node.job}
                  </AppLink>
                ) : (
                  'not started'
                ),
              ],
              [
                'Duration',
                <Elapsed key="d" from={instant(node.startedAt)} to={instant(node.finishedAt)} running={active} />,
              ],
              [
                'Reads',
                into.length ? (
                  <Lines
                    key="i"
                    lines={into.map(
                      (e) => `${e.toPort} ← ${e.from === INPUTS ? 'pipeline input' : e.from}.${e.fromPort}`,
                    )}
                  />
                ) : (
                  'nothing'
                ),
              ],
              [
                'Writes',
                out.length ? (
                  <Lines
                    key="o"
                    lines={out.map((e) => `${e.fromPort} → ${e.to === OUTPUTS ? 'pipeline output' : e.to}.${e.toPort}`)}
                  />
                ) : (
                  'nothing that others read'
                ),
              ],
            ]}
          />
        )}
        {tab === 'logs' && (source ? <JobLogs job={source} active={active} height={380} /> : nobody)}
        {tab === 'metrics' && (source ? <RunMetrics run={run} active={active} /> : nobody)}
        {tab === 'outputs' &&
          (source ? <Loaded load={job}>{(j) => <JobArtifacts job={j} live={active} />}</Loaded> : nobody)}
      </div>
    </Card>
  );
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <span style={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      {lines.map((l) => (
        <span key={l}>{l}</span>
      ))}
    </span>
  );
}
