/** One chart a metric, one line a run; bars for metrics that were logged once. */
import { Dropdown, makeStyles, Option, Text } from '@fluentui/react-components';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { metricSeries, type Run } from '../../api/mlflow';
import { useLoad, useWs } from '../../app/workspace';
import { Loaded } from '../../components/Feedback';
import { isActive } from '../../lib/status';
import type { By } from '../../lib/series';
import { AXIS, BUCKETS, ChartControls, exportPoints, MetricChart, type ChartSettings } from '../jobs/RunMetrics';
import { BarCard } from './BarCard';
import { metricKeys, metricOf } from './compare';

const FIRST = 12;

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '22px', alignItems: 'center', flexWrap: 'wrap' },
  charts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(440px, 100%), 1fr))', gap: '18px' },
});

/** Chart settings as an address spells them; what is not said is the default. */
export function readSettings(s: URLSearchParams): ChartSettings {
  const by = s.get('x');
  const weight = Number(s.get('smooth') ?? 0);
  return {
    by: by === 'time' || by === 'wall' ? by : 'step',
    log: s.get('log')?.includes('y') ?? false,
    logX: s.get('log')?.includes('x') ?? false,
    weight: weight > 0 && weight < 1 ? weight : 0,
  };
}

export function writeSettings(s: URLSearchParams, c: ChartSettings): URLSearchParams {
  const put = (key: string, value: string, plain: string) => (value === plain ? s.delete(key) : s.set(key, value));
  put('x', c.by satisfies By, 'step');
  put('log', `${c.logX ? 'x' : ''}${c.log ? 'y' : ''}`, '');
  put('smooth', String(c.weight), '0');
  return s;
}

export default function CompareCharts({ runs, labels }: { runs: Run[]; labels: string[] }) {
  const styles = useStyles();
  const ws = useWs();
  const [search, setSearch] = useSearchParams();
  const settings = readSettings(search);
  const keys = useMemo(() => metricKeys(runs), [runs]);
  const named = search.getAll('metric').filter((k) => keys.includes(k));
  const shown = named.length > 0 ? named : keys.slice(0, FIRST);
  const ids = runs.map((r) => r.info.run_id);
  const active = runs.some((r) => isActive(r.info.status));
  const histories = useLoad(
    ['compare', 'histories', ids.join(), shown.join('\n'), settings.by],
    (ws, o) => {
      const wish = { x: AXIS[settings.by], buckets: BUCKETS };
      return Promise.all(shown.map(async (key) => ({ key, series: await metricSeries(ws, ids, key, wish, o) })));
    },
    { active: () => active, keep: true },
  );
  if (keys.length === 0) return <Text>These runs logged no metrics.</Text>;
  return (
    <>
      <div className={styles.bar}>
        <Dropdown
          multiselect
          aria-label="Metrics shown"
          style={{ minWidth: 190 }}
          button={<span>{`Metrics: ${shown.length} of ${keys.length}`}</span>}
          selectedOptions={shown}
          onOptionSelect={(_, d) =>
            setSearch(
              (s) => {
                s.delete('metric');
                for (const k of d.selectedOptions) s.append('metric', k);
                return s;
              },
              { replace: true },
            )
          }
        >
          {keys.map((k) => (
            <Option key={k} value={k}>
              {k}
            </Option>
          ))}
        </Dropdown>
        <ChartControls settings={settings} onChange={(c) => setSearch((s) => writeSettings(s, c), { replace: true })} />
      </div>
      <Loaded load={histories}>
        {(all) => (
          <div className={styles.charts}>
            {all.map(({ key, series }) => {
              const lines = runs.flatMap((r, i) => {
                const history = series.get(r.info.run_id);
                return history && history.count > 0 ? [{ id: r.info.run_id, name: labels[i]!, history, color: i }] : [];
              });
              return lines.some((l) => l.history.count > 1) ? (
                <MetricChart
                  key={key}
                  name={key}
                  runs={lines}
                  settings={settings}
                  onExport={() =>
                    exportPoints(
                      ws,
                      key,
                      runs.map((r, i) => ({ id: r.info.run_id, name: labels[i]! })),
                    )
                  }
                />
              ) : (
                <BarCard
                  key={key}
                  name={key}
                  labels={labels.slice(0, runs.length)}
                  values={runs.map((r) => metricOf(r, key))}
                />
              );
            })}
          </div>
        )}
      </Loaded>
    </>
  );
}
