import { Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { jobDuration, jobTimes, jobTitle, type Job } from '../../api/jobs';
import { AppLink } from '../../components/AppLink';
import { DataTable, type Column } from '../../components/DataTable';
import { Status } from '../../components/Status';
import { Elapsed, TimeAgo } from '../../components/Time';
import { isActive, statusView } from '../../lib/status';

const COLUMNS: Column<Job>[] = [
  {
    key: 'name',
    header: 'Display name',
    value: (j) => `${jobTitle(j)} ${j.name}`,
    render: (j) => (
      <div style={{ minWidth: 0 }}>
        <AppLink to={`/jobs/${encodeURIComponent(j.name)}`} style={{ fontWeight: 600 }}>
          {jobTitle(j)}
        </AppLink>
        {jobTitle(j) !== j.name && (
          <Text size={200} block truncate wrap={false} style={{ color: tokens.colorNeutralForeground3 }}>
            {j.name}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    value: (j) => statusView(j.properties.status).label,
    render: (j) => <Status value={j.properties.status} />,
  },
  { key: 'type', header: 'Type', value: (j) => j.properties.jobType, render: (j) => j.properties.jobType },
  {
    key: 'created',
    header: 'Created',
    value: (j) => jobTimes(j).created,
    render: (j) => <TimeAgo at={jobTimes(j).created} />,
  },
  {
    key: 'duration',
    header: 'Duration',
    numeric: true,
    value: (j) => jobDuration(j, Date.now(), isActive(j.properties.status)),
    render: (j) => (
      <Elapsed from={jobTimes(j).started} to={jobTimes(j).ended} running={isActive(j.properties.status)} />
    ),
  },
  {
    key: 'experiment',
    header: 'Experiment',
    value: (j) => j.properties.experimentName,
    render: (j) => j.properties.experimentName ?? '–',
  },
  {
    key: 'by',
    header: 'Created by',
    value: (j) => j.systemData?.createdBy,
    render: (j) => j.systemData?.createdBy ?? '–',
  },
];

const COMPACT = new Set(['name', 'status', 'type', 'created', 'duration']);

export function JobsTable({
  jobs,
  label,
  filterable = true,
  compact = false,
  toolbar,
}: {
  jobs: readonly Job[];
  label: string;
  filterable?: boolean;
  compact?: boolean;
  toolbar?: ReactNode;
}) {
  return (
    <DataTable
      label={label}
      rows={jobs}
      rowKey={(j) => j.name}
      columns={compact ? COLUMNS.filter((c) => COMPACT.has(c.key)) : COLUMNS}
      initialSort={{ column: 'created', direction: 'descending' }}
      filterable={filterable}
      toolbar={toolbar}
      noun="job"
    />
  );
}
