/** One job: overview, metrics, artifacts, logs; a pipeline opens as its graph, a sweep as its trials. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Tab,
  TabList,
} from '@fluentui/react-components';
import { DismissCircleRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { cancelJob, isPipeline, jobTimes, jobTitle, parentOf, type Job } from '../../api/jobs';
import { isSweep } from '../../api/sweeps';
import { useAnnounceStatus } from '../../app/announce';
import { useJob, useRun } from '../../app/queries';
import { useWs } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { ErrorBar, Loaded, Loading } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { Elapsed, TimeAgo } from '../../components/Time';
import { isActive, isCancellable } from '../../lib/status';
import { JobArtifacts } from './JobArtifacts';
import { JobLogs } from './JobLogs';
import { JobOverview } from './JobOverview';
import { RunMetrics } from './RunMetrics';

const PipelineGraph = lazy(() => import('../pipelines/PipelineGraph'));
const SweepTrials = lazy(() => import('../sweeps/SweepTrials'));

export default function JobDetail() {
  const { name = '' } = useParams();
  const job = useJob(name);
  // A run logged straight to MLflow has no ARM job; its run page shows the same tabs.
  const run = useRun(name, isActive(job.data?.properties.status));
  if (job.data === undefined && run.data && job.isError) return <RunOnly name={name} />;
  return job.data ? (
    <View key={name} job={job.data} />
  ) : (
    <Page title={name} crumbs={[{ label: 'Jobs', to: '/jobs' }]}>
      <Loaded load={job} what="The job could not be loaded">
        {() => null}
      </Loaded>
    </Page>
  );
}

const TABS = {
  graph: 'Graph',
  trials: 'Trials',
  overview: 'Overview',
  metrics: 'Metrics',
  artifacts: 'Outputs and artifacts',
  logs: 'Logs',
} as const;
type TabKey = keyof typeof TABS;

function useTab(name: string, tabs: readonly TabKey[]): [TabKey, (t: TabKey) => void] {
  const { tab } = useParams();
  const navigate = useNavigate();
  const current = tabs.find((t) => t === tab) ?? tabs[0]!;
  return [current, (t) => navigate(`/jobs/${encodeURIComponent(name)}/${t}`, { replace: true })];
}

function View({ job }: { job: Job }) {
  const pipeline = isPipeline(job);
  const tabs: TabKey[] = pipeline
    ? ['graph', 'overview', 'metrics', 'artifacts', 'logs']
    : isSweep(job)
      ? ['trials', 'overview', 'artifacts', 'logs']
      : ['overview', 'metrics', 'artifacts', 'logs'];
  const [tab, setTab] = useTab(job.name, tabs);
  const active = isActive(job.properties.status);
  const run = useRun(job.name, active);
  const parent = parentOf(job);
  const { created, started, ended } = jobTimes(job);
  useAnnounceStatus(jobTitle(job), job.properties.status);
  return (
    <Page
      title={jobTitle(job)}
      crumbs={[
        { label: pipeline ? 'Pipelines' : 'Jobs', to: pipeline ? '/pipelines' : '/jobs' },
        ...(parent ? [{ label: parent, to: `/jobs/${encodeURIComponent(parent)}` }] : []),
      ]}
      subtitle={
        <>
          <Status value={job.properties.status} />
          <span>{job.properties.jobType}</span>
          {run.data && job.properties.experimentName && (
            <AppLink to={`/experiments/${encodeURIComponent(run.data.info.experiment_id)}`}>
              {job.properties.experimentName}
            </AppLink>
          )}
          <span>
            Created <TimeAgo at={created} />
          </span>
          <span>
            Duration <Elapsed from={started} to={ended} running={active} />
          </span>
        </>
      }
      actions={<Cancel job={job} />}
    >
      <TabList selectedValue={tab} onTabSelect={(_, d) => setTab(d.value as TabKey)} aria-label="Job views">
        {tabs.map((t) => (
          <Tab key={t} value={t}>
            {TABS[t]}
          </Tab>
        ))}
      </TabList>
      {tab === 'graph' && (
        <Suspense fallback={<Loading rows={8} />}>
          <PipelineGraph job={job} />
        </Suspense>
      )}
      {tab === 'trials' && (
        <Suspense fallback={<Loading rows={8} />}>
          <SweepTrials job={job} />
        </Suspense>
      )}
      {tab === 'overview' && <JobOverview job={job} run={run.data ?? null} />}
      {tab === 'metrics' && <RunMetrics run={run} active={active} />}
      {tab === 'artifacts' && <JobArtifacts job={job} live={active} />}
      {tab === 'logs' && (
        <Card>
          <JobLogs job={job.name} active={active} />
        </Card>
      )}
    </Page>
  );
}

function RunOnly({ name }: { name: string }) {
  const run = useRun(name, false);
  const [tab, setTab] = useTab(name, ['overview', 'metrics', 'artifacts']);
  const info = run.data?.info;
  const active = info?.status === 'RUNNING';
  useAnnounceStatus(info?.run_name ?? name, info?.status);
  return (
    <Page
      title={info?.run_name || name}
      crumbs={[{ label: 'Jobs', to: '/jobs' }]}
      subtitle={
        info && (
          <>
            <Status value={info.status} />
            <span>MLflow run</span>
            <AppLink to={`/experiments/${encodeURIComponent(info.experiment_id)}`}>
              Experiment {info.experiment_id}
            </AppLink>
            <span>
              Started <TimeAgo at={info.start_time} />
            </span>
            <span>
              Duration <Elapsed from={info.start_time ?? null} to={info.end_time ?? null} running={active} />
            </span>
          </>
        )
      }
    >
      <TabList selectedValue={tab} onTabSelect={(_, d) => setTab(d.value as TabKey)} aria-label="Run views">
        {(['overview', 'metrics', 'artifacts'] as const).map((t) => (
          <Tab key={t} value={t}>
            {TABS[t]}
          </Tab>
        ))}
      </TabList>
      {tab === 'overview' && <JobOverview job={null} run={run.data ?? null} />}
      {tab === 'metrics' && <RunMetrics run={run} active={active} />}
      {tab === 'artifacts' && <JobArtifacts runId={name} live={active} />}
    </Page>
  );
}

function Cancel({ job }: { job: Job }) {
  const ws = useWs();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(ws, job.name),
    onSettled: () => client.invalidateQueries(),
  });
  if (!isCancellable(job.properties.status) && !cancel.isError) return null;
  return (
    <>
      <Dialog>
        <DialogTrigger disableButtonEnhancement>
          <Button icon={<DismissCircleRegular />} disabled={cancel.isPending}>
            {cancel.isPending ? 'Cancelling…' : 'Cancel'}
          </Button>
        </DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Cancel this job?</DialogTitle>
            <DialogContent>
              {jobTitle(job)} and everything it started will be stopped. What it has logged stays.
            </DialogContent>
            <DialogActions>
              <DialogTrigger disableButtonEnhancement>
                <Button>Keep it running</Button>
              </DialogTrigger>
              <DialogTrigger disableButtonEnhancement>
                <Button appearance="primary" onClick={() => cancel.mutate()}>
                  Cancel the job
                </Button>
              </DialogTrigger>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
      {cancel.isError && <ErrorBar error={cancel.error} what="The job was not cancelled" />}
    </>
  );
}
