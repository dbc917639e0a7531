/** Metrics of one run: a tile for a single value, a line for a history. */
import { Label, makeStyles, Slider, Switch, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { useId, useMemo, useState } from 'react';
import { metricHistory, metricValue, type MetricPoint, type Run } from '../../api/mlflow';
import { useLoad, type Load } from '../../app/workspace';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { lines } from '../../lib/chart';
import { count, number } from '../../lib/format';
import { axis, positive, smooth } from '../../lib/series';
import { useMode } from '../../theme/mode';

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '22px', alignItems: 'center', flexWrap: 'wrap' },
  tiles: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(190px, 1fr))', gap: '14px' },
  tile: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    padding: '14px 16px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
    minWidth: 0,
  },
  value: { fontSize: '24px', lineHeight: '30px', fontWeight: 600, fontVariantNumeric: 'tabular-nums' },
  name: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere', fontSize: tokens.fontSizeBase200 },
  slider: { display: 'inline-flex', alignItems: 'center', gap: '6px' },
  weight: { fontVariantNumeric: 'tabular-nums', color: tokens.colorNeutralForeground2, minWidth: '32px' },
  charts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(420px, 1fr))', gap: '18px' },
});

export interface ChartSettings {
  by: 'step' | 'time';
  log: boolean;
  weight: number;
}

export function RunMetrics({ run, active }: { run: Load<Run | null>; active: boolean }) {
  return (
    <Loaded load={run}>
      {(r) =>
        (r?.data.metrics?.length ?? 0) > 0 ? (
          <Histories run={r!} active={active} />
        ) : (
          <Empty title="No metrics yet" command={'mlflow.log_metric("accuracy", 0.93, step=1)'}>
            {active ? 'Metrics appear here as soon as the run logs them.' : 'This run logged no metrics.'}
          </Empty>
        )
      }
    </Loaded>
  );
}

function Histories({ run, active }: { run: Run; active: boolean }) {
  const styles = useStyles();
  const metrics = run.data.metrics ?? [];
  const keys = metrics.map((m) => m.key);
  const stamp = metrics.map((m) => `${m.key}@${m.step ?? 0}/${m.timestamp}`).join();
  const histories = useLoad(
    ['history', run.info.run_id, stamp],
    async (ws, o) => {
      const all = await Promise.all(keys.slice(0, 60).map((k) => metricHistory(ws, run.info.run_id, k, o)));
      return new Map(keys.slice(0, 60).map((k, i) => [k, all[i]!]));
    },
    { once: true, keep: true },
  );
  const [settings, setSettings] = useState<ChartSettings>({ by: 'step', log: false, weight: 0 });
  const series = [...(histories.data ?? [])].filter(([, h]) => h.length > 1);
  const single = metrics.filter((m) => (histories.data?.get(m.key)?.length ?? 1) <= 1);
  return (
    <>
      {single.length > 0 && (
        <div className={styles.tiles} role="list" aria-label="Single-value metrics">
          {single.map((m) => (
            <div key={m.key} className={styles.tile} role="listitem">
              <span className={styles.name}>{m.key}</span>
              <span className={styles.value}>{number(metricValue(m.value))}</span>
            </div>
          ))}
        </div>
      )}
      {(series.length > 0 || active) && <ChartControls settings={settings} onChange={setSettings} />}
      {histories.isError && <Loaded load={histories}>{() => null}</Loaded>}
      <div className={styles.charts}>
        {series.map(([key, history]) => (
          <MetricChart key={key} name={key} runs={[{ name: key, history }]} settings={settings} />
        ))}
      </div>
    </>
  );
}

export function ChartControls({
  settings,
  onChange,
}: {
  settings: ChartSettings;
  onChange: (s: ChartSettings) => void;
}) {
  const styles = useStyles();
  const id = useId();
  return (
    <div className={styles.bar} role="group" aria-label="Chart settings">
      <TabList
        size="small"
        selectedValue={settings.by}
        onTabSelect={(_, d) => onChange({ ...settings, by: d.value as 'step' | 'time' })}
        aria-label="Horizontal axis"
      >
        <Tab value="step">Step</Tab>
        <Tab value="time">Time</Tab>
      </TabList>
      <Switch
        checked={settings.log}
        onChange={(_, d) => onChange({ ...settings, log: d.checked })}
        label="Logarithmic axis"
      />
      <span className={styles.slider}>
        <Label htmlFor={id}>Smoothing</Label>
        <Slider
          id={id}
          min={0}
          max={0.98}
          value={settings.weight}
          onChange={(_, d) => onChange({ ...settings, weight: Number(d.value.toFixed(2)) })}
        />
        <output htmlFor={id} className={styles.weight}>
          {settings.weight.toFixed(2)}
        </output>
      </span>
    </div>
  );
}

/** One metric, one line per run. With smoothing, the raw line stays faintly behind. */
export function MetricChart({
  name,
  runs,
  settings,
}: {
  name: string;
  runs: readonly { name: string; history: readonly MetricPoint[] }[];
  settings: ChartSettings;
}) {
  const { dark } = useMode();
  const option = useMemo(() => {
    const { by, log, weight } = settings;
    const colors = lines([], dark).color;
    const series = runs.flatMap((r, i) => {
      const raw = axis(r.history, by).map(([x, y]) => [x, Number.isFinite(y) ? y : NaN] as const);
      const shown = log ? positive(raw) : raw;
      const color = colors[i % colors.length]!;
      const main = { name: r.name, points: smooth(shown, weight), color };
      return weight > 0 ? [{ name: `${r.name} (raw)`, points: shown, faint: true, color }, main] : [main];
    });
    return lines(series, dark, { xName: by === 'step' ? 'Step' : 'Seconds', log, zoom: true, legend: runs.length > 1 });
  }, [runs, settings, dark]);
  const last = runs[0]?.history.at(-1);
  return (
    <Card
      title={name}
      actions={runs.length === 1 && last ? <Text weight="semibold">{number(last.value)}</Text> : undefined}
    >
      <Chart
        option={option}
        height={runs.length > 1 ? 300 : 230}
        label={`${name}: ${runs.map((r) => `${r.name} ${count(r.history.length, 'point')}, last ${number(r.history.at(-1)?.value)}`).join('; ')}`}
      />
    </Card>
  );
}
