/** Chosen runs side by side: charts, parallel coordinates, differences, files. The address keeps every choice. */
import { makeStyles, Switch, Tab, TabList, Tag, TagGroup, Text } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { runsById, type Run } from '../../api/mlflow';
import { useLoad } from '../../app/workspace';
import { Loaded, Loading } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { count, number } from '../../lib/format';
import { isActive } from '../../lib/status';
import { diff, metricKeys, metricOf, paramKeys, paramOf, runLabels, tagKeys, tagOf } from './compare';
import { DiffTable } from './DiffTable';

const CompareCharts = lazy(() => import('./CompareCharts'));
const CompareParallel = lazy(() => import('./CompareParallel'));
const CompareArtifacts = lazy(() => import('./CompareArtifacts'));

/** Side by side, more runs than these cannot be told apart; parallel coordinates take all. */
const SIDE_BY_SIDE = 12;
const PARTS = ['charts', 'parallel', 'table', 'artifacts'] as const;
type Part = (typeof PARTS)[number];

const useStyles = makeStyles({
  tags: { display: 'flex', flexWrap: 'wrap', gap: '6px', maxHeight: '108px', overflowY: 'auto' },
  pad: { padding: '0 20px 18px' },
});

export default function Compare({
  experiment,
  ids,
  onRemove,
}: {
  experiment: string;
  ids: readonly string[];
  onRemove: (runId: string) => void;
}) {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('part');
  const part: Part = PARTS.find((p) => p === wanted) ?? 'charts';
  const runs = useLoad(['compare', 'runs', experiment, ids.join()], (ws, o) => runsById(ws, experiment, ids, o), {
    active: (list) => list.some((r) => isActive(r.info.status)),
    keep: true,
  });
  const labels = useMemo(() => runLabels(runs.data ?? []), [runs.data]);
  const choose = useCallback((p: string) => setSearch((s) => (s.set('part', p), s), { replace: true }), [setSearch]);
  return (
    <Loaded load={runs} rows={8}>
      {(list) => {
        const some = list.slice(0, SIDE_BY_SIDE);
        return (
          <>
            <TagGroup
              aria-label="Compared runs"
              onDismiss={(_, d) => onRemove(String(d.value))}
              className={styles.tags}
            >
              {list.map((r, i) => (
                <Tag
                  key={r.info.run_id}
                  size="small"
                  value={r.info.run_id}
                  dismissible
                  dismissIcon={{ 'aria-label': 'Remove' }}
                >
                  {labels[i]}
                </Tag>
              ))}
            </TagGroup>
            {list.length < ids.length && (
              <Text>{count(ids.length - list.length, 'run')} of this address cannot be found in this experiment.</Text>
            )}
            <TabList
              size="small"
              selectedValue={part}
              onTabSelect={(_, d) => choose(String(d.value))}
              aria-label="Ways to compare"
            >
              <Tab value="charts">Charts</Tab>
              <Tab value="parallel">Parallel coordinates</Tab>
              <Tab value="table">Metrics, parameters, tags</Tab>
              <Tab value="artifacts">Artifacts</Tab>
            </TabList>
            {list.length > SIDE_BY_SIDE && part !== 'parallel' && (
              <Text>
                The first {SIDE_BY_SIDE} of {list.length} runs; parallel coordinates show all.
              </Text>
            )}
            <Suspense fallback={<Loading rows={8} />}>
              {part === 'charts' && <CompareCharts runs={some} labels={labels} />}
              {part === 'parallel' && <CompareParallel runs={list} labels={labels} />}
              {part === 'table' && <Tables runs={some} labels={labels} />}
              {part === 'artifacts' && <CompareArtifacts runs={some} labels={labels} />}
            </Suspense>
          </>
        );
      }}
    </Loaded>
  );
}

function Tables({ runs, labels }: { runs: Run[]; labels: string[] }) {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const onlyDifferent = search.get('same') !== 'shown';
  const metrics = diff(runs, metricKeys(runs), (r, k) => {
    const v = metricOf(r, k);
    return v === null ? null : number(v);
  });
  const params = diff(runs, paramKeys(runs), paramOf);
  // What MLflow and Azure write for themselves differs always and says little.
  const tags = diff(
    runs,
    tagKeys(runs).filter((k) => !/^(mlflow|azureml)\./.test(k)),
    tagOf,
  );
  const section = (title: string, noun: string, rows: typeof params, extra = false) => {
    const shown = onlyDifferent && !extra ? rows.filter((p) => p.differs) : rows;
    return (
      <Card title={title} flush>
        {shown.length > 0 || extra ? (
          <DiffTable label={`${title} compared`} runs={runs} labels={labels} rows={shown} extra={extra} />
        ) : (
          <Text block className={styles.pad}>
            {rows.length === 0 ? `These runs logged no ${noun}.` : `All ${noun} are the same.`}
          </Text>
        )}
      </Card>
    );
  };
  return (
    <>
      <Switch
        checked={onlyDifferent}
        label="Only differences"
        onChange={(_, d) =>
          setSearch((s) => (d.checked ? s.delete('same') : s.set('same', 'shown'), s), { replace: true })
        }
      />
      {section('Metrics', 'metrics', metrics, true)}
      {section('Parameters', 'parameters', params)}
      {section('Tags', 'tags', tags)}
    </>
  );
}
