/** One experiment: its runs with metrics and parameters as columns; chosen runs side by side. */
import { Badge, Button, Dropdown, Option, Tab, TabList, Text } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { getExperiment, searchRuns, type Run } from '../../api/mlflow';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { DataTable, type Column } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { Elapsed, TimeAgo } from '../../components/Time';
import { count, number } from '../../lib/format';
import { isActive, statusView } from '../../lib/status';
import { Compare } from './Compare';
import { metricKeys, metricOf, paramKeys, paramOf } from './compare';

const MAX_COMPARED = 8;
const DEFAULT_COLUMNS = 5;

export default function ExperimentDetail() {
  const { id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const experiment = useLoad(['experiment', id], (ws, o) => getExperiment(ws, id, o));
  const runs = useLoad(['runs', id], (ws, o) => searchRuns(ws, id, o), {
    active: (list) => list.some((r) => isActive(r.info.status)),
  });
  const selected = useMemo(() => new Set((search.get('runs') ?? '').split(',').filter(Boolean)), [search]);
  const comparing = search.get('view') === 'compare' && selected.size > 0;
  const update = (change: (s: URLSearchParams) => void) => setSearch((s) => (change(s), s), { replace: true });
  const select = (next: ReadonlySet<string>) =>
    update((s) => (next.size ? s.set('runs', [...next].join(',')) : s.delete('runs')));

  return (
    <Page
      title={experiment.data?.name ?? `Experiment ${id}`}
      crumbs={[{ label: 'Jobs', to: '/jobs' }]}
      subtitle={
        <span>
          Experiment {id}
          {runs.data ? ` · ${count(runs.data.length, 'run')}` : ''}
        </span>
      }
      actions={
        !comparing && (
          <Button
            appearance="primary"
            disabled={selected.size < 1}
            onClick={() => update((s) => s.set('view', 'compare'))}
          >
            Compare{selected.size > 0 ? ` (${selected.size})` : ''}
          </Button>
        )
      }
    >
      {experiment.isError && !experiment.data && <Loaded load={experiment}>{() => null}</Loaded>}
      <TabList
        selectedValue={comparing ? 'compare' : 'runs'}
        onTabSelect={(_, d) => update((s) => s.set('view', String(d.value)))}
        aria-label="Experiment views"
      >
        <Tab value="runs">Runs</Tab>
        <Tab value="compare" disabled={selected.size === 0}>
          Compare{' '}
          <Badge appearance="tint" style={{ marginLeft: 6 }}>
            {selected.size}
          </Badge>
        </Tab>
      </TabList>
      <Loaded load={runs} rows={8}>
        {(list) => {
          if (list.length === 0) {
            return (
              <Empty
                title="No runs yet"
                command={`import mlflow\n\nmlflow.set_experiment("${experiment.data?.name ?? 'name'}")\nwith mlflow.start_run():\n    mlflow.log_metric("accuracy", 0.93)`}
              >
                Log a run with MLflow, or submit a job into this experiment.
              </Empty>
            );
          }
          const chosen = list.filter((r) => selected.has(r.info.run_id));
          return comparing ? (
            <Compare runs={chosen} onRemove={(run) => select(new Set([...selected].filter((s) => s !== run)))} />
          ) : (
            <RunTable runs={list} selected={selected} onSelect={select} />
          );
        }}
      </Loaded>
    </Page>
  );
}

function RunTable({
  runs,
  selected,
  onSelect,
}: {
  runs: Run[];
  selected: ReadonlySet<string>;
  onSelect: (s: ReadonlySet<string>) => void;
}) {
  const metrics = useMemo(() => metricKeys(runs), [runs]);
  const params = useMemo(() => paramKeys(runs), [runs]);
  const [shownMetrics, setMetrics] = useState<string[] | null>(null);
  const [shownParams, setParams] = useState<string[] | null>(null);
  const m = shownMetrics ?? metrics.slice(0, DEFAULT_COLUMNS);
  const p = shownParams ?? params.slice(0, DEFAULT_COLUMNS);
  const columns: Column<Run>[] = [
    {
      key: 'name',
      header: 'Run',
      value: (r) => `${r.info.run_name} ${r.info.run_id}`,
      render: (r) => (
        <AppLink to={`/jobs/${encodeURIComponent(r.info.run_id)}`} style={{ fontWeight: 600 }}>
          {r.info.run_name || r.info.run_id}
        </AppLink>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      value: (r) => statusView(r.info.status).label,
      render: (r) => <Status value={r.info.status} />,
    },
    {
      key: 'started',
      header: 'Started',
      value: (r) => r.info.start_time,
      render: (r) => <TimeAgo at={r.info.start_time} />,
    },
    {
      key: 'duration',
      header: 'Duration',
      numeric: true,
      value: (r) => (r.info.end_time ? r.info.end_time - (r.info.start_time ?? 0) : null),
      render: (r) => (
        <Elapsed from={r.info.start_time ?? null} to={r.info.end_time ?? null} running={isActive(r.info.status)} />
      ),
    },
    ...m.map<Column<Run>>((key) => ({
      key: `m:${key}`,
      header: key,
      numeric: true,
      value: (r) => metricOf(r, key),
      render: (r) => number(metricOf(r, key)),
    })),
    ...p.map<Column<Run>>((key) => ({
      key: `p:${key}`,
      header: key,
      value: (r) => numeric(paramOf(r, key)),
      render: (r) => paramOf(r, key) ?? '–',
    })),
  ];
  return (
    <Card flush>
      <DataTable
        label="Runs"
        noun="run"
        rows={runs}
        rowKey={(r) => r.info.run_id}
        columns={columns}
        selected={selected}
        onSelect={onSelect}
        maxSelected={MAX_COMPARED}
        initialSort={{ column: 'started', direction: 'descending' }}
        toolbar={
          <>
            <Picker label="Metrics" all={metrics} chosen={m} onChange={setMetrics} />
            <Picker label="Parameters" all={params} chosen={p} onChange={setParams} />
            {selected.size === 0 && <Text size={200}>Select runs to compare them.</Text>}
          </>
        }
      />
    </Card>
  );
}

function numeric(text: string | null): string | number | null {
  return text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function Picker({
  label,
  all,
  chosen,
  onChange,
}: {
  label: string;
  all: string[];
  chosen: string[];
  onChange: (next: string[]) => void;
}) {
  if (all.length === 0) return null;
  return (
    <Dropdown
      multiselect
      size="medium"
      style={{ minWidth: 150 }}
      aria-label={`${label} shown`}
      button={<span>{`${label}: ${chosen.length} of ${all.length}`}</span>}
      selectedOptions={chosen}
      onOptionSelect={(_, d) => onChange(all.filter((k) => d.selectedOptions.includes(k)))}
    >
      {all.map((k) => (
        <Option key={k} value={k}>
          {k}
        </Option>
      ))}
    </Dropdown>
  );
}
