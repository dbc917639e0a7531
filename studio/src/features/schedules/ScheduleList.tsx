import { Text, tokens } from '@fluentui/react-components';
import { CalendarClockRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Fire, ScheduleOverview } from '../../api/schedules';
import { useSchedules } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, ErrorBar, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo, useNow } from '../../components/Time';
import { duration, exact, instant } from '../../lib/format';
import { ScheduleActions } from './ScheduleActions';
import { whenText } from './when';

/** "in 2 h 5 min", with the moment in the title. */
function Next({ at }: { at: string | null }) {
  const now = useNow();
  const moment = instant(at);
  if (moment === null) return <>–</>;
  const ms = Math.max(0, moment - now);
  return (
    <time dateTime={new Date(moment).toISOString()} title={exact(moment)} style={{ whiteSpace: 'nowrap' }}>
      {ms < 1000
        ? 'now'
        : `in ${duration(ms < 60_000 ? Math.ceil(ms / 1000) * 1000 : Math.ceil(ms / 60_000) * 60_000)}`}
    </time>
  );
}

/** The last three: a link to each job by its age, and why a job was refused. */
function LastRuns({ fires }: { fires: Fire[] }) {
  if (fires.length === 0) return <>None yet</>;
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 4 }}>
      {fires.slice(0, 3).map((f) => (
        <li key={f.number}>
          <span style={{ display: 'inline-flex', gap: 10, alignItems: 'center', whiteSpace: 'nowrap' }}>
            <Status value={f.status} />
            {f.status === 'Failed' ? (
              <TimeAgo at={f.firedTime} />
            ) : (
              <AppLink to={`/jobs/${encodeURIComponent(f.jobName)}`} title={f.jobName}>
                <TimeAgo at={f.firedTime} />
              </AppLink>
            )}
            {f.trigger === 'Manual' && 'by hand'}
          </span>
          {f.error && (
            <Text size={200} block style={{ color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' }}>
              {f.error.message}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}

export default function ScheduleList() {
  const schedules = useSchedules();
  const [error, setError] = useState<Error | null>(null);
  return (
    <Page title="Schedules" subtitle="Jobs that are submitted by the clock">
      {error && <ErrorBar error={error} />}
      <Loaded load={schedules}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              title="No schedules yet"
              icon={<CalendarClockRegular />}
              action={<AppLink to="/pipelines">Look at the pipelines</AppLink>}
              command={
                'from azure.ai.ml.entities import CronTrigger, JobSchedule\n\nml.schedules.begin_create_or_update(JobSchedule(\n    name="nightly",\n    trigger=CronTrigger(expression="0 3 * * *"),\n    create_job=pipeline_job,\n))'
              }
            >
              A schedule submits a job at its times: a cron expression, or every so often.
            </Empty>
          ) : (
            <Card flush>
              <DataTable<ScheduleOverview>
                label="Schedules"
                noun="schedule"
                rows={list}
                rowKey={(s) => s.name}
                initialSort={{ column: 'name', direction: 'ascending' }}
                columns={[
                  {
                    key: 'name',
                    header: 'Name',
                    value: (s) => `${s.properties.displayName ?? ''} ${s.name}`,
                    render: (s) => (
                      <div style={{ minWidth: 0 }}>
                        <strong>{s.properties.displayName || s.name}</strong>
                        {s.properties.displayName && s.properties.displayName !== s.name && (
                          <Text size={200} block style={{ color: tokens.colorNeutralForeground2 }}>
                            {s.name}
                          </Text>
                        )}
                      </div>
                    ),
                  },
                  {
                    key: 'state',
                    header: 'State',
                    value: (s) => (s.properties.isEnabled ? 'Enabled' : 'Disabled'),
                    render: (s) => <Status value={s.properties.isEnabled ? 'Enabled' : 'Disabled'} />,
                  },
                  {
                    key: 'when',
                    header: 'When',
                    value: (s) => whenText(s.properties.trigger),
                    render: (s) => whenText(s.properties.trigger),
                  },
                  {
                    key: 'next',
                    header: 'Next run',
                    value: (s) => s.nextFireTime,
                    render: (s) => <Next at={s.nextFireTime} />,
                  },
                  {
                    key: 'job',
                    header: 'Job',
                    value: (s) => s.properties.action.jobDefinition.jobType,
                    render: (s) => s.properties.action.jobDefinition.jobType,
                  },
                  { key: 'last', header: 'Last runs', render: (s) => <LastRuns fires={s.lastFires} /> },
                  {
                    key: 'actions',
                    header: 'Actions',
                    render: (s) => <ScheduleActions schedule={s} onError={setError} />,
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
