import { makeStyles, mergeClasses, Switch, Tag, TagGroup, Text, tokens } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { metricHistory, type Run } from '../../api/mlflow';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { Chart } from '../../components/Chart';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { Status } from '../../components/Status';
import { look } from '../../lib/chart';
import { duration, number } from '../../lib/format';
import { isActive } from '../../lib/status';
import { useMode } from '../../theme/mode';
import { ChartControls, MetricChart, type ChartSettings } from '../jobs/RunMetrics';
import { diff, metricKeys, metricOf, paramKeys, paramOf, runLabels, type DiffRow } from './compare';

const useStyles = makeStyles({
  charts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(440px, 1fr))', gap: '18px' },
  scroll: { overflowX: 'auto' },
  table: {
    borderCollapse: 'collapse',
    minWidth: '100%',
    fontSize: tokens.fontSizeBase300,
    '& th, & td': {
      textAlign: 'left',
      padding: '8px 16px',
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      maxWidth: '340px',
      overflowWrap: 'anywhere',
    },
    '& thead th': { backgroundColor: tokens.colorNeutralBackground2, fontWeight: 600 },
    '& tbody th': { fontWeight: 400, color: tokens.colorNeutralForeground2 },
  },
  differs: { backgroundColor: tokens.colorBrandBackground2 },
  best: { fontWeight: 600 },
});

export function Compare({ runs, onRemove }: { runs: Run[]; onRemove: (runId: string) => void }) {
  const styles = useStyles();
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const [settings, setSettings] = useState<ChartSettings>({ by: 'step', log: false, weight: 0 });
  const labels = useMemo(() => runLabels(runs), [runs]);
  const keys = useMemo(() => metricKeys(runs), [runs]);
  const active = runs.some((r) => isActive(r.info.status));
  const histories = useLoad(
    ['compare', runs.map((r) => r.info.run_id).join(), keys.join()],
    (ws, o) =>
      Promise.all(
        keys.slice(0, 24).map(async (key) => ({
          key,
          runs: await Promise.all(
            runs.map(async (r, i) => ({
              name: labels[i]!,
              history: metricOf(r, key) === null ? [] : await metricHistory(ws, r.info.run_id, key, o),
            })),
          ),
        })),
      ),
    { active: () => active, keep: true },
  );
  const params = diff(runs, paramKeys(runs), paramOf);
  const shown = onlyDifferent ? params.filter((p) => p.differs) : params;
  const metrics = diff(runs, keys, (r, k) => {
    const v = metricOf(r, k);
    return v === null ? null : number(v);
  });
  return (
    <>
      <TagGroup
        aria-label="Compared runs"
        onDismiss={(_, d) => onRemove(String(d.value))}
        style={{ flexWrap: 'wrap', gap: 6 }}
      >
        {runs.map((r, i) => (
          <Tag key={r.info.run_id} value={r.info.run_id} dismissible dismissIcon={{ 'aria-label': 'Remove' }}>
            {labels[i]}
          </Tag>
        ))}
      </TagGroup>
      <Card title="Metrics" flush>
        <DiffTable label="Metrics compared" runs={runs} labels={labels} rows={metrics} extra />
      </Card>
      <Card
        title="Parameters"
        flush
        actions={
          <Switch checked={onlyDifferent} onChange={(_, d) => setOnlyDifferent(d.checked)} label="Only differences" />
        }
      >
        {shown.length > 0 ? (
          <DiffTable label="Parameters compared" runs={runs} labels={labels} rows={shown} />
        ) : (
          <Text block style={{ padding: '0 20px 18px' }}>
            {params.length === 0 ? 'These runs logged no parameters.' : 'All parameters are the same.'}
          </Text>
        )}
      </Card>
      <ChartControls settings={settings} onChange={setSettings} />
      <Loaded load={histories}>
        {(all) => (
          <div className={styles.charts}>
            {all.map(({ key, runs: rs }) =>
              rs.some((r) => r.history.length > 1) ? (
                <MetricChart key={key} name={key} runs={rs.filter((r) => r.history.length > 0)} settings={settings} />
              ) : (
                <BarCard key={key} name={key} labels={labels} values={runs.map((r) => metricOf(r, key))} />
              ),
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

function DiffTable({
  label,
  runs,
  labels,
  rows,
  extra = false,
}: {
  label: string;
  runs: Run[];
  labels: string[];
  rows: DiffRow[];
  extra?: boolean;
}) {
  const styles = useStyles();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Name</span>
            </th>
            {runs.map((r, i) => (
              <th key={r.info.run_id} scope="col">
                <AppLink to={`/jobs/${encodeURIComponent(r.info.run_id)}`}>{labels[i]}</AppLink>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {extra && (
            <>
              <tr>
                <th scope="row">Status</th>
                {runs.map((r) => (
                  <td key={r.info.run_id}>
                    <Status value={r.info.status} />
                  </td>
                ))}
              </tr>
              <tr>
                <th scope="row">Duration</th>
                {runs.map((r) => (
                  <td key={r.info.run_id}>
                    {r.info.end_time ? duration(r.info.end_time - (r.info.start_time ?? 0)) : '–'}
                  </td>
                ))}
              </tr>
            </>
          )}
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.key}</th>
              {row.values.map((v, i) => (
                <td key={runs[i]!.info.run_id} className={mergeClasses(row.differs && !extra && styles.differs)}>
                  {v ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BarCard({ name, labels, values }: { name: string; labels: string[]; values: (number | null)[] }) {
  const { dark } = useMode();
  const option = useMemo(() => {
    const l = look(dark);
    const finite = values.filter((v): v is number => v !== null && Number.isFinite(v));
    const low = Math.min(...finite);
    const high = Math.max(...finite);
    return {
      animation: false,
      grid: { left: 8, right: 64, top: 8, bottom: 8, outerBoundsMode: 'same' as const },
      xAxis: {
        type: 'value' as const,
        scale: low > 0 && high - low < 0.4 * high,
        axisLabel: { color: l.text, hideOverlap: true },
        splitLine: { lineStyle: { color: l.line } },
      },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: labels,
        axisLabel: { color: l.text, width: 150, overflow: 'truncate' as const },
        axisLine: { lineStyle: { color: l.line } },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'bar' as const,
          barMaxWidth: 22,
          data: values.map((v, i) => ({
            value: v,
            itemStyle: { color: l.series[i % l.series.length], borderRadius: [0, 4, 4, 0] },
          })),
          label: {
            show: true,
            position: 'right' as const,
            color: l.text,
            formatter: (p: { value: unknown }) => (typeof p.value === 'number' ? number(p.value, 4) : ''),
          },
        },
      ],
    };
  }, [labels, values, dark]);
  return (
    <Card title={name}>
      <Chart
        option={option}
        height={Math.max(110, 40 * labels.length + 40)}
        label={`${name}: ${labels.map((l, i) => `${l} ${number(values[i] ?? null)}`).join('; ')}`}
      />
    </Card>
  );
}
