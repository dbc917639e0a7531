import { Dropdown, makeStyles, Option, tokens } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { getEndpointMetrics, type EndpointMetrics } from '../../api/endpoints';
import { useLoad } from '../../app/workspace';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Grid } from '../../components/Page';
import { lines } from '../../lib/chart';
import { latency, number, percent } from '../../lib/format';
import { useMode } from '../../theme/mode';

const WINDOWS: [number, string][] = [
  [15, 'Last 15 minutes'],
  [60, 'Last hour'],
  [360, 'Last 6 hours'],
  [1440, 'Last day'],
];

const useStyles = makeStyles({
  tiles: { gridColumn: 'span 12', display: 'grid', gridTemplateColumns: 'repeat(5, minmax(0, 1fr))', gap: '14px' },
  tile: {
    padding: '14px 18px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  label: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  value: { fontSize: '24px', lineHeight: '30px', fontWeight: 600, fontVariantNumeric: 'tabular-nums' },
});

export default function EndpointMetricsView({ name }: { name: string }) {
  const [minutes, setMinutes] = useState(60);
  const metrics = useLoad(['endpointMetrics', name, minutes], (ws, o) => getEndpointMetrics(ws, name, minutes, o), {
    keep: true,
  });
  return (
    <>
      <div>
        <Dropdown
          aria-label="Time range"
          value={WINDOWS.find(([m]) => m === minutes)?.[1] ?? ''}
          selectedOptions={[String(minutes)]}
          onOptionSelect={(_, d) => setMinutes(Number(d.optionValue))}
        >
          {WINDOWS.map(([m, label]) => (
            <Option key={m} value={String(m)}>
              {label}
            </Option>
          ))}
        </Dropdown>
      </div>
      <Loaded load={metrics} rows={8}>
        {(m) =>
          m.requests === 0 ? (
            <Empty title="No requests in this time">
              Send one from the Test tab; its count and latency appear here.
            </Empty>
          ) : (
            <Charts metrics={m} />
          )
        }
      </Loaded>
    </>
  );
}

function Charts({ metrics: m }: { metrics: EndpointMetrics }) {
  const styles = useStyles();
  const { dark } = useMode();
  const at = (t: string) => Date.parse(t);
  const requests = useMemo(
    () =>
      lines(
        [
          { name: 'Requests', points: m.series.map((s) => [at(s.time), s.requests]) },
          { name: 'Errors', points: m.series.map((s) => [at(s.time), s.errors]), color: dark ? '#FF9A8D' : '#B4291F' },
        ],
        dark,
        { time: true, legend: true, min: 0, format: (y) => number(y) },
      ),
    [m, dark],
  );
  const times = useMemo(
    () =>
      lines(
        [
          { name: 'Median', points: m.series.map((s) => [at(s.time), s.p50]) },
          { name: '95th percentile', points: m.series.map((s) => [at(s.time), s.p95]), dashed: true },
        ],
        dark,
        { time: true, legend: true, min: 0, yName: 'ms', format: latency },
      ),
    [m, dark],
  );
  const tiles: [string, string][] = [
    ['Requests', number(m.requests)],
    ['Errors', `${number(m.errors)} (${percent(m.errors, m.requests)})`],
    ['Median latency', latency(m.latencyMs.p50)],
    ['95th percentile', latency(m.latencyMs.p95)],
    ['99th percentile', latency(m.latencyMs.p99)],
  ];
  return (
    <Grid>
      <div className={styles.tiles} role="list" aria-label="Summary">
        {tiles.map(([label, value]) => (
          <div key={label} className={styles.tile} role="listitem">
            <div className={styles.label}>{label}</div>
            <div className={styles.value}>{value}</div>
          </div>
        ))}
      </div>
      <Card title="Requests and errors" span={6}>
        <Chart option={requests} height={280} label={`Requests over time, ${m.requests} in all, ${m.errors} errors`} />
      </Card>
      <Card title="Latency" span={6}>
        <Chart
          option={times}
          height={280}
          label={`Latency over time, median ${latency(m.latencyMs.p50)}, 95th percentile ${latency(m.latencyMs.p95)}`}
        />
      </Card>
    </Grid>
  );
}
