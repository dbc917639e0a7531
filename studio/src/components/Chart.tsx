/** ECharts behind a lazy boundary: pages without charts do not load it. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { EChartsCoreOption } from 'echarts/core';
import { lazy, Suspense } from 'react';
import type { Range } from '../lib/series';
import { Loading } from './Feedback';

const Canvas = lazy(() => import('./ChartCanvas'));

const useStyles = makeStyles({
  root: { width: '100%', position: 'relative', outlineOffset: '2px' },
  table: { borderCollapse: 'collapse', color: tokens.colorNeutralForeground1 },
});

/** A chart with a sentence for those who cannot see it. */
export function Chart({
  option,
  height = 260,
  label,
  onZoom,
}: {
  option: EChartsCoreOption;
  height?: number;
  label: string;
  onZoom?: (range: Range | null) => void;
}) {
  const styles = useStyles();
  return (
    <div className={styles.root} style={{ height }} role="img" aria-label={label}>
      <Suspense fallback={<Loading rows={4} />}>
        <Canvas option={option} height={height} onZoom={onZoom} />
      </Suspense>
    </div>
  );
}
