/** One experiment: its runs as a table, and chosen runs side by side. What is shown is in the address. */
import { Badge, Button, Tab, TabList } from '@fluentui/react-components';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { getExperiment, tagMap } from '../../api/mlflow';
import { useLoad } from '../../app/workspace';
import { Loaded, Loading } from '../../components/Feedback';
import { Page } from '../../components/Page';
import { RunTable } from './RunTable';

const Compare = lazy(() => import('./Compare'));

export default function ExperimentDetail() {
  const { id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const experiment = useLoad(['experiment', id], (ws, o) => getExperiment(ws, id, o));
  const addressed = search.get('runs') ?? '';
  // The router follows a little later; a tick must show at once.
  const [chosen, setChosen] = useState(addressed);
  useEffect(() => setChosen(addressed), [addressed]);
  const selected = useMemo(() => new Set(chosen.split(',').filter(Boolean)), [chosen]);
  const comparing = search.get('view') === 'compare' && selected.size > 0;
  const update = useCallback(
    (change: (s: URLSearchParams) => void) => setSearch((s) => (change(s), s), { replace: true }),
    [setSearch],
  );
  const select = useCallback(
    (next: ReadonlySet<string>) => {
      const runs = [...next].join(',');
      setChosen(runs);
      update((u) => (runs ? u.set('runs', runs) : u.delete('runs')));
    },
    [update],
  );
  const note = tagMap(experiment.data?.tags)['mlflow.note.content'];
  return (
    <Page
      title={experiment.data?.name ?? `Experiment ${id}`}
      crumbs={[{ label: 'Jobs', to: '/jobs' }]}
      subtitle={
        <>
          <span>Experiment {id}</span>
          {note && <span>{note}</span>}
        </>
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
      {comparing ? (
        <Suspense fallback={<Loading rows={8} />}>
          <Compare experiment={id} ids={[...selected]} onRemove={(r) => select(without(selected, r))} />
        </Suspense>
      ) : (
        <RunTable
          key={id}
          experiment={id}
          experimentName={experiment.data?.name}
          selected={selected}
          onSelect={select}
        />
      )}
    </Page>
  );
}

const without = (set: ReadonlySet<string>, one: string) => new Set([...set].filter((s) => s !== one));
