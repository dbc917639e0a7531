/** Runs of an experiment: filter, columns, order, selection, deletion and export around the grid. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Switch,
  Text,
  Tooltip,
  tokens,
} from '@fluentui/react-components';
import { ArrowClockwiseRegular, ArrowDownloadRegular, DeleteRegular } from '@fluentui/react-icons';
import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { RunQuery } from '../../api/mlflow';
import { useAnnounce } from '../../app/announce';
import { useWs } from '../../app/workspace';
import { Empty, ErrorBar, Loading } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { count } from '../../lib/format';
import { ColumnPicker } from './ColumnPicker';
import {
  column,
  defaultColumns,
  NAME,
  orderBy,
  parseOrder,
  rememberColumns,
  rememberedColumns,
  writeOrder,
  type ColumnId,
  type RunColumn,
} from './columns';
import { DeleteRuns } from './DeleteRuns';
import { exportRuns } from './exports';
import { FilterBox } from './FilterBox';
import { RunGrid } from './RunGrid';
import { nest, parentRun, useRuns, vocabulary } from './runs';

export const MAX_SELECTED = 100;

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '10px', alignItems: 'flex-start', padding: '12px 16px', flexWrap: 'wrap' },
  foot: {
    display: 'flex',
    gap: '16px',
    alignItems: 'center',
    flexWrap: 'wrap',
    padding: '8px 16px',
    minHeight: '28px',
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    color: tokens.colorNeutralForeground2,
  },
  none: { padding: '40px 16px', textAlign: 'center', color: tokens.colorNeutralForeground2 },
  old: { opacity: 0.6 },
  pad: { padding: '0 16px 16px' },
});

export function RunTable({
  experiment,
  experimentName,
  selected,
  onSelect,
}: {
  experiment: string;
  experimentName: string | undefined;
  selected: ReadonlySet<string>;
  onSelect: (s: ReadonlySet<string>) => void;
}) {
  const styles = useStyles();
  const ws = useWs();
  const announce = useAnnounce();
  const [search, setSearch] = useSearchParams();
  const filter = search.get('filter') ?? '';
  const order = parseOrder(search.get('order'));
  const deleted = search.get('runsView') === 'deleted';
  const orderText = writeOrder(order);
  const set = useCallback(
    (key: string, value: string | null) =>
      setSearch((s) => (value ? s.set(key, value) : s.delete(key), s), { replace: true }),
    [setSearch],
  );
  const query = useMemo<RunQuery>(
    () => ({ experimentId: experiment, filter, orderBy: orderBy(parseOrder(orderText)), deleted }),
    [experiment, filter, orderText, deleted],
  );
  const { pages, runs, live } = useRuns(query);
  const known = useMemo(() => vocabulary(runs), [runs]);
  const params = useMemo(() => [...known.params.keys()], [known]);
  const [chosen, setChosen] = useState(() => rememberedColumns(experiment));
  // The default follows what the runs have, until somebody chooses.
  const preset = defaultColumns(known.metrics, params).join('\n');
  const ids = useMemo<ColumnId[]>(() => chosen ?? (preset.split('\n') as ColumnId[]), [chosen, preset]);
  const columns = useMemo(
    () => [NAME, ...ids.filter((id) => id !== NAME)].map(column).filter((c): c is RunColumn => c !== null),
    [ids],
  );
  const choose = (next: ColumnId[] | null) => {
    setChosen(next);
    rememberColumns(experiment, next);
  };
  const nested = search.get('nested') !== 'no';
  const hasChildren = useMemo(() => runs.some((r) => parentRun(r) !== null), [runs]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const tree = nested && hasChildren;
  const rows = useMemo(
    () => (tree ? nest(runs, open) : runs.map((run) => ({ run, depth: 0, children: 0 }))),
    [runs, tree, open],
  );
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = pages;
  const nearEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const [removing, setRemoving] = useState<readonly string[] | null>(null);
  const [exporting, setExporting] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const save = async (format: 'csv' | 'json') => {
    setFailed(null);
    try {
      const n = await exportRuns(ws, query, [...columns.map((c) => c.id)], experimentName ?? experiment, format, (so) =>
        setExporting(`Exporting: ${count(so, 'run')}`),
      );
      announce(`${count(n, 'run')} exported`);
    } catch (e) {
      setFailed(e);
    } finally {
      setExporting(null);
    }
  };
  // A filter is the only part of the question that a person writes, so a refusal belongs to it.
  const refused = pages.error && filter ? pages.error.message : null;
  const untouched = !filter && !deleted;
  if (untouched && pages.isSuccess && runs.length === 0)
    return <Nothing name={experimentName} onDeleted={() => set('runsView', 'deleted')} />;
  return (
    <Card flush>
      <div className={styles.bar}>
        <FilterBox value={filter} known={known} error={refused} onApply={(f) => set('filter', f || null)} />
        <ColumnPicker chosen={ids} metrics={known.metrics} params={params} tags={known.tagKeys} onChange={choose} />
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button icon={<ArrowDownloadRegular />} disabled={exporting !== null || runs.length === 0}>
              Export
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => void save('csv')}>CSV of all matching runs, these columns</MenuItem>
              <MenuItem onClick={() => void save('json')}>JSON of all matching runs, these columns</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
        <Button icon={<DeleteRegular />} disabled={selected.size === 0} onClick={() => setRemoving([...selected])}>
          {deleted ? 'Restore' : 'Delete'}
        </Button>
        <Tooltip content="Ask the server again" relationship="label">
          <Button
            appearance="subtle"
            icon={<ArrowClockwiseRegular />}
            disabled={pages.isFetching}
            onClick={() => void pages.refetch()}
          />
        </Tooltip>
        {(hasChildren || !nested) && (
          <Switch
            checked={nested}
            label="Children under their parent"
            onChange={(_, d) => set('nested', d.checked ? null : 'no')}
          />
        )}
        <Switch
          checked={deleted}
          label="Deleted runs"
          onChange={(_, d) => {
            onSelect(new Set());
            set('runsView', d.checked ? 'deleted' : null);
          }}
        />
      </div>
      {(failed !== null || (pages.error && !refused)) && (
        <div className={styles.pad}>
          <ErrorBar error={failed ?? pages.error} retry={failed ? undefined : () => void pages.refetch()} />
        </div>
      )}
      {pages.data === undefined ? (
        pages.isError ? null : (
          <div className={styles.pad}>
            <Loading rows={8} label="Loading the runs" />
          </div>
        )
      ) : rows.length === 0 ? (
        <div className={styles.none}>
          {deleted ? 'No deleted runs' : 'No runs'}
          {filter ? ' match this filter.' : '.'}
        </div>
      ) : (
        <div className={pages.isPlaceholderData ? styles.old : undefined}>
          <RunGrid
            rows={rows}
            columns={columns}
            order={order}
            onOrder={(o) => set('order', writeOrder(o))}
            selected={selected}
            onSelect={onSelect}
            max={MAX_SELECTED}
            open={tree ? open : null}
            onToggle={(id) =>
              setOpen((old) => {
                const next = new Set(old);
                if (!next.delete(id)) next.add(id);
                return next;
              })
            }
            onNearEnd={nearEnd}
            more={hasNextPage}
          />
        </div>
      )}
      <div className={styles.foot}>
        <Text size={200} aria-live="polite">
          {exporting ??
            (hasNextPage ? `${count(runs.length, 'run')} loaded, more as you scroll` : count(runs.length, 'run'))}
        </Text>
        {live && <Text size={200}>Live: some are running</Text>}
        <Text size={200} style={{ marginLeft: 'auto' }}>
          {selected.size === 0
            ? 'Select runs to compare them; Shift selects all between.'
            : `${selected.size} selected${selected.size >= MAX_SELECTED ? ', which is the most' : ''}`}
        </Text>
        {selected.size > 0 && (
          <Button size="small" appearance="subtle" onClick={() => onSelect(new Set())}>
            Select none
          </Button>
        )}
      </div>
      {removing && (
        <DeleteRuns
          ids={removing}
          restore={deleted}
          onClose={(done) => {
            setRemoving(null);
            if (done) onSelect(new Set());
          }}
        />
      )}
    </Card>
  );
}

function Nothing({ name, onDeleted }: { name: string | undefined; onDeleted: () => void }) {
  return (
    <Empty
      title="No runs yet"
      command={`import mlflow\n\nmlflow.set_experiment("${name ?? 'name'}")\nwith mlflow.start_run():\n    mlflow.log_metric("accuracy", 0.93)`}
      action={
        <Button appearance="subtle" onClick={onDeleted}>
          Show deleted runs
        </Button>
      }
    >
      Log a run with MLflow, or submit a job into this experiment.
    </Empty>
  );
}
