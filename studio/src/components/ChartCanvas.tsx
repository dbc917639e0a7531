import { BarChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use as register, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Range } from '../lib/series';

register([
  LineChart,
  BarChart,
  ScatterChart,
  ParallelChart,
  ParallelComponent,
  VisualMapComponent,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  DataZoomComponent,
  AriaComponent,
  CanvasRenderer,
]);

interface Zoom {
  start?: number;
  end?: number;
  startValue?: number;
  endValue?: number;
}

export default function ChartCanvas({
  option,
  height,
  onZoom,
}: {
  option: EChartsCoreOption;
  height: number;
  /** The part of the horizontal axis that is seen now; null when it is all. */
  onZoom?: ((range: Range | null) => void) | undefined;
}) {
  const zoomed = useRef(onZoom);
  useEffect(() => {
    zoomed.current = onZoom;
  }, [onZoom]);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const made = init(el);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(el);
    made.on('datazoom', () => {
      const zoom = (made.getOption().dataZoom as Zoom[] | undefined)?.[0];
      if (zoom?.startValue === undefined || zoom.endValue === undefined) return;
      const all = (zoom.start ?? 0) <= 0 && (zoom.end ?? 100) >= 100;
      zoomed.current?.(all ? null : [zoom.startValue, zoom.endValue]);
    });
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return <div ref={box} style={{ width: '100%', height }} />;
}
