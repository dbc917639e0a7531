/** Metrics of one run: a tile for a single value, a line for a history. */
import {
  Button,
  Label,
  makeStyles,
  Slider,
  Switch,
  Tab,
  TabList,
  Text,
  Tooltip,
  tokens,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { Workspace } from '../../api/arm';
import { metricHistory, metricSeries, metricValue, type Axis, type Run, type Series } from '../../api/mlflow';
import { useLoad, useWs, type Load } from '../../app/workspace';
import { Chart } from '../../components/Chart';
import { Empty, Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { lines } from '../../lib/chart';
import { csv, download, fileName } from '../../lib/download';
import { count, number } from '../../lib/format';
import { axis, detailed, positive, serverRange, smooth, type By, type Point, type Range } from '../../lib/series';
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
  head: { display: 'inline-flex', gap: '8px', alignItems: 'center' },
  charts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))', gap: '18px' },
});

/** The server thins a history that is longer than twice this to so many parts, each with its ends and extremes. */
export const BUCKETS = 500;

/** What the server calls the axis of a chart. */
export const AXIS: Record<By, Axis> = { step: 'step', time: 'relative', wall: 'time' };

export interface ChartSettings {
  by: By;
  log: boolean;
  logX: boolean;
  weight: number;
}

export const PLAIN: ChartSettings = { by: 'step', log: false, logX: false, weight: 0 };
/** Charts drawn at once; a run with more metrics lets one search for them. */
const CHARTS = 60;

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
  const ws = useWs();
  const metrics = run.data.metrics ?? [];
  const keys = metrics.map((m) => m.key);
  const stamp = metrics.map((m) => `${m.key}@${m.step ?? 0}/${m.timestamp}`).join();
  const [settings, setSettings] = useState<ChartSettings>(PLAIN);
  const histories = useLoad(
    ['history', run.info.run_id, stamp, settings.by],
    async (ws, o) => {
      const id = run.info.run_id;
      const some = keys.slice(0, CHARTS);
      const wish = { x: AXIS[settings.by], buckets: BUCKETS };
      const all = await Promise.all(some.map((k) => metricSeries(ws, [id], k, wish, o)));
      return new Map(some.flatMap((k, i) => (all[i]!.has(id) ? [[k, all[i]!.get(id)!] as const] : [])));
    },
    { once: true, keep: true },
  );
  const series = [...(histories.data ?? [])].filter(([, h]) => h.count > 1);
  const single = metrics.filter((m) => (histories.data?.get(m.key)?.count ?? 1) <= 1);
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
          <MetricChart
            key={key}
            name={key}
            runs={[{ id: run.info.run_id, name: key, history }]}
            settings={settings}
            onExport={() => exportPoints(ws, key, [{ id: run.info.run_id, name: run.info.run_name ?? '' }])}
          />
        ))}
      </div>
      {keys.length > CHARTS && (
        <Text>
          The first {CHARTS} of {keys.length} metrics are drawn.
        </Text>
      )}
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
        onTabSelect={(_, d) => onChange({ ...settings, by: d.value as By })}
        aria-label="Horizontal axis"
      >
        <Tab value="step">Step</Tab>
        <Tab value="time">Elapsed</Tab>
        <Tab value="wall">Wall time</Tab>
      </TabList>
      <Switch
        checked={settings.log}
        onChange={(_, d) => onChange({ ...settings, log: d.checked })}
        label="Logarithmic values"
      />
      <Switch
        checked={settings.logX && settings.by !== 'wall'}
        disabled={settings.by === 'wall'}
        onChange={(_, d) => onChange({ ...settings, logX: d.checked })}
        label={settings.by === 'step' ? 'Logarithmic steps' : 'Logarithmic time'}
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

/** Every point that the runs logged, as CSV. */
export async function exportPoints(
  ws: Workspace,
  key: string,
  runs: readonly { id: string; name: string }[],
): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const r of runs) {
    for (const p of await metricHistory(ws, r.id, key)) rows.push([r.id, r.name, p.step, p.timestamp, p.value]);
  }
  download(`${fileName(key)}.csv`, 'text/csv', csv(['run_id', 'run_name', 'step', 'timestamp_ms', 'value'], rows));
}

function ExportPoints({ name, onExport }: { name: string; onExport: () => Promise<void> }) {
  const work = useMutation({ mutationFn: onExport });
  const text = work.isError ? `That did not work: ${work.error.message}` : `Export every point of ${name}`;
  return (
    <Tooltip content={text} relationship="label">
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowDownloadRegular />}
        disabled={work.isPending}
        onClick={() => work.mutate()}
      />
    </Tooltip>
  );
}

/**
 * One metric, one line per run. With smoothing, the raw line stays faintly behind. Of a long history the points of the part
 * that one zooms into are loaded.
 */
export function MetricChart({
  name,
  runs,
  settings,
  onExport,
}: {
  name: string;
  /** `color` is the run's place among those compared, so that it has one colour in all charts. */
  runs: readonly { id: string; name: string; history: Series; color?: number }[];
  settings: ChartSettings;
  /** Saves every point, not only those drawn. */
  onExport?: () => Promise<void>;
}) {
  const styles = useStyles();
  const { dark } = useMode();
  const [seen, setSeen] = useState<Range | null>(null);
  const thin = runs.filter((r) => !r.history.exact).map((r) => r.id);
  const range = useDeferredValue(seen && thin.length > 0 ? serverRange(seen, settings.by) : null);
  const details = useLoad(
    ['zoom', name, runs.map((r) => `${r.id}:${r.history.count}`).join(), settings.by, range?.from, range?.to],
    (ws, o) => metricSeries(ws, thin, name, { x: AXIS[settings.by], buckets: BUCKETS, ...range }, o),
    { enabled: range !== null, once: true },
  );
  const detail = range ? details.data : undefined;
  const option = useMemo(() => {
    const { by, log, weight } = settings;
    const logX = settings.logX && by !== 'wall';
    const colors = lines([], dark).color;
    const series = runs.flatMap((r, i) => {
      const part = range && detail?.get(r.id);
      const points = part ? detailed(r.history.points, part.points, range, by, r.history.start) : r.history.points;
      const raw = axis(points, by).map(([x, y]): Point => [x, Number.isFinite(y) ? y : NaN]);
      const drawable = logX ? raw.filter(([x]) => x > 0) : raw;
      const shown = log ? positive(drawable) : drawable;
      const color = colors[(r.color ?? i) % colors.length]!;
      const main = { name: r.name, points: smooth(shown, weight), color };
      return weight > 0 ? [{ name: `${r.name} (raw)`, points: shown, faint: true, color }, main] : [main];
    });
    return lines(series, dark, {
      xName: { step: 'Step', time: 'Seconds', wall: '' }[by],
      log,
      logX,
      time: by === 'wall',
      zoom: true,
      range: seen,
      legend: runs.length > 1,
    });
    // What is seen is not among these: it is where the chart is already when more points have come.
  }, [runs, settings, dark, detail]);
  const thinned = thin.some((id) => !detail?.get(id)?.exact);
  const last = runs[0]?.history.points.at(-1);
  return (
    <Card
      title={name}
      actions={
        <span className={styles.head}>
          {runs.length === 1 && last && <Text weight="semibold">{number(last.value)}</Text>}
          {onExport && <ExportPoints name={name} onExport={onExport} />}
        </span>
      }
    >
      <Chart
        option={option}
        height={runs.length > 1 ? 300 : 230}
        onZoom={setSeen}
        label={`${name}: ${runs.map((r) => `${r.name} ${count(r.history.count, 'point')}, last ${number(r.history.points.at(-1)?.value)}`).join('; ')}`}
      />
      {thinned && <Text size={200}>Drawn from the ends and extremes of each part; zoom in for every point.</Text>}
    </Card>
  );
}
