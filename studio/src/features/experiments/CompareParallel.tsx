/** Parameters and metrics of many runs as parallel coordinates; the colour is the last axis. */
import { Dropdown, makeStyles, Option, Text } from '@fluentui/react-components';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { Run } from '../../api/mlflow';
import { Chart } from '../../components/Chart';
import { Card } from '../../components/Page';
import { count } from '../../lib/format';
import { useMode } from '../../theme/mode';
import { parallelOption } from '../sweeps/charts';
import { axisOf } from '../sweeps/trials';
import { diff, metricKeys, metricOf, paramKeys, paramOf } from './compare';

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '14px', alignItems: 'center', flexWrap: 'wrap', marginBottom: '14px' },
});

const FIRST_PARAMS = 6;
const FIRST_METRICS = 1;

/** One line a run that has a number on the last axis. `p:` parameters and `m:` metrics, the last a metric. */
export function drawing(runs: readonly Run[], labels: readonly string[], axes: readonly string[]) {
  const value = (run: Run, id: string): string | number | null => {
    const key = id.slice(2);
    if (id.startsWith('m:')) return metricOf(run, key);
    const text = paramOf(run, key);
    return text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  };
  const last = axes.at(-1)!;
  const rows = runs
    .map((run, i) => ({ name: labels[i] ?? run.info.run_id, values: axes.map((id) => value(run, id)) }))
    .filter((_, i) => Number.isFinite(metricOf(runs[i]!, last.slice(2)) ?? NaN));
  const made = axes.map((id, i) =>
    axisOf(
      id.slice(2),
      rows
        .map((r) => r.values[i] ?? null)
        .filter((v) => v !== null && !(typeof v === 'number' && !Number.isFinite(v))) as (string | number)[],
    ),
  );
  return {
    axes: made.map((a, i) => (i === made.length - 1 ? { ...a, type: 'value' as const, categories: [] } : a)),
    lines: rows.map((r) => ({
      name: r.name,
      value: r.values.map((v, i) =>
        v === null || (typeof v === 'number' && !Number.isFinite(v))
          ? '-'
          : made[i]!.type === 'category'
            ? String(v)
            : v,
      ),
    })),
  };
}

export default function CompareParallel({ runs, labels }: { runs: Run[]; labels: string[] }) {
  const styles = useStyles();
  const { dark } = useMode();
  const [search, setSearch] = useSearchParams();
  const params = useMemo(() => paramKeys(runs), [runs]);
  const metrics = useMemo(() => metricKeys(runs), [runs]);
  const differing = useMemo(
    () =>
      diff(runs, params, paramOf)
        .filter((d) => d.differs)
        .map((d) => d.key),
    [runs, params],
  );
  const named = search.getAll('axis');
  const p = named.some((a) => a.startsWith('p:'))
    ? params.filter((k) => named.includes(`p:${k}`))
    : differing.slice(0, FIRST_PARAMS);
  const m = named.some((a) => a.startsWith('m:'))
    ? named.filter((a) => a.startsWith('m:') && metrics.includes(a.slice(2))).map((a) => a.slice(2))
    : metrics.slice(0, FIRST_METRICS);
  const axes = useMemo(() => [...p.map((k) => `p:${k}`), ...m.map((k) => `m:${k}`)], [p.join('\n'), m.join('\n')]);
  const put = (next: readonly string[]) =>
    setSearch(
      (s) => {
        s.delete('axis');
        for (const a of next) s.append('axis', a);
        return s;
      },
      { replace: true },
    );
  const drawn = useMemo(
    () => (m.length > 0 && axes.length > 1 ? drawing(runs, labels, axes) : null),
    [runs, labels, axes, m.length],
  );
  const option = useMemo(() => drawn && parallelOption(drawn, dark), [drawn, dark]);
  const picker = (
    label: string,
    prefix: string,
    all: readonly string[],
    chosen: readonly string[],
    others: string[],
  ) => (
    <Dropdown
      multiselect
      aria-label={`${label} as axes`}
      style={{ minWidth: 190 }}
      button={<span>{`${label}: ${chosen.length} of ${all.length}`}</span>}
      selectedOptions={[...chosen]}
      onOptionSelect={(_, d) => put([...others, ...d.selectedOptions.map((k) => `${prefix}${k}`)])}
    >
      {all.map((k) => (
        <Option key={k} value={k}>
          {k}
        </Option>
      ))}
    </Dropdown>
  );
  return (
    <Card>
      <div className={styles.bar}>
        {picker(
          'Parameters',
          'p:',
          params,
          p,
          axes.filter((a) => a.startsWith('m:')),
        )}
        {picker(
          'Metrics',
          'm:',
          metrics,
          m,
          axes.filter((a) => a.startsWith('p:')),
        )}
        {m.length > 0 && <Text size={200}>Coloured by {m.at(-1)}</Text>}
      </div>
      {option && drawn && drawn.lines.length > 0 ? (
        <Chart
          option={option}
          height={460}
          label={`Parallel coordinates of ${count(drawn.lines.length, 'run')} over ${drawn.axes.map((a) => a.name).join(', ')}`}
        />
      ) : (
        <Text>Parallel coordinates need a metric that these runs logged, and another axis beside it.</Text>
      )}
    </Card>
  );
}
