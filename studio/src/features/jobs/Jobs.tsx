/** Jobs: experiments first, as in Azure ML, and all jobs in a second tab. */
import { Switch, Tab, TabList } from '@fluentui/react-components';
import { BeakerRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { parentOf, type Job } from '../../api/jobs';
import type { Experiment } from '../../api/mlflow';
import { useExperiments, useJobs } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { JobsTable } from './JobsTable';

const START = `import mlflow

mlflow.set_experiment("my-first-experiment")
mlflow.autolog()
with mlflow.start_run():
    model.fit(X, y)`;

export default function Jobs() {
  const [search, setSearch] = useSearchParams();
  const tab = search.get('view') === 'jobs' ? 'jobs' : 'experiments';
  const choose = (value: unknown) => setSearch((s) => (s.set('view', String(value)), s), { replace: true });
  return (
    <Page title="Jobs">
      <TabList selectedValue={tab} onTabSelect={(_, d) => choose(d.value)} aria-label="Jobs views">
        <Tab value="experiments">All experiments</Tab>
        <Tab value="jobs">All jobs</Tab>
      </TabList>
      {tab === 'experiments' ? <Experiments /> : <AllJobs />}
    </Page>
  );
}

function Experiments() {
  const experiments = useExperiments();
  const jobs = useJobs();
  const latest = new Map<string, Job>();
  for (const j of jobs.data ?? []) {
    if (parentOf(j)) continue;
    const name = j.properties.experimentName ?? '';
    const old = latest.get(name);
    if (!old || (j.systemData?.createdAt ?? '') > (old.systemData?.createdAt ?? '')) latest.set(name, j);
  }
  return (
    <Loaded load={experiments}>
      {(list) =>
        list.length === 0 ? (
          <Empty
            title="No experiments yet"
            icon={<BeakerRegular />}
            command={`eval "$(./atelier env)"\npython - <<'EOF'\n${START}\nEOF`}
          >
            An experiment groups runs. Log one from Python with MLflow, submit a job with the Azure ML SDK, or run{' '}
            <code>./atelier demo</code>.
          </Empty>
        ) : (
          <Card flush>
            <DataTable<Experiment>
              label="Experiments"
              noun="experiment"
              rows={list}
              rowKey={(e) => e.experiment_id}
              initialSort={{ column: 'updated', direction: 'descending' }}
              columns={[
                {
                  key: 'name',
                  header: 'Experiment',
                  value: (e) => e.name,
                  render: (e) => (
                    <AppLink to={`/experiments/${encodeURIComponent(e.experiment_id)}`} style={{ fontWeight: 600 }}>
                      {e.name}
                    </AppLink>
                  ),
                },
                {
                  key: 'latest',
                  header: 'Latest job',
                  value: (e) => latest.get(e.name)?.properties.displayName,
                  render: (e) => {
                    const j = latest.get(e.name);
                    return j ? (
                      <AppLink to={`/jobs/${encodeURIComponent(j.name)}`}>{j.properties.displayName || j.name}</AppLink>
                    ) : (
                      '–'
                    );
                  },
                },
                {
                  key: 'status',
                  header: 'Status',
                  value: (e) => latest.get(e.name)?.properties.status,
                  render: (e) => (latest.has(e.name) ? <Status value={latest.get(e.name)?.properties.status} /> : '–'),
                },
                {
                  key: 'updated',
                  header: 'Last changed',
                  value: (e) => e.last_update_time ?? e.creation_time,
                  render: (e) => <TimeAgo at={e.last_update_time ?? e.creation_time} />,
                },
                {
                  key: 'created',
                  header: 'Created',
                  value: (e) => e.creation_time,
                  render: (e) => <TimeAgo at={e.creation_time} />,
                },
                { key: 'id', header: 'Id', value: (e) => e.experiment_id, render: (e) => e.experiment_id },
              ]}
            />
          </Card>
        )
      }
    </Loaded>
  );
}

function AllJobs() {
  const jobs = useJobs();
  const [children, setChildren] = useState(false);
  return (
    <Loaded load={jobs}>
      {(list) =>
        list.length === 0 ? (
          <Empty title="No jobs yet" icon={<BeakerRegular />} command="./atelier demo">
            Submit a command or pipeline job with the Azure ML SDK (<code>ml.jobs.create_or_update(job)</code>), or let
            the demo show the whole path.
          </Empty>
        ) : (
          <Card flush>
            <JobsTable
              label="Jobs"
              jobs={children ? list : list.filter((j) => !parentOf(j))}
              toolbar={
                <Switch
                  checked={children}
                  onChange={(_, d) => setChildren(d.checked)}
                  label="Show the steps of pipelines"
                />
              }
            />
          </Card>
        )
      }
    </Loaded>
  );
}
