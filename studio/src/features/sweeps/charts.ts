/** ECharts options of a sweep's two charts. */
import type { Trial } from '../../api/sweeps';
import { lines, look } from '../../lib/chart';
import { fontFamilyBase } from '../../theme/theme';
import type { parallel } from './trials';

/** A dot for each trial, a step line for the best so far. */
export function metricOption(
  trials: readonly Trial[],
  best: readonly (readonly [number, number])[],
  metric: string,
  dark: boolean,
) {
  const base = lines([{ name: 'Best so far', points: best }], dark, { xName: 'Trial', legend: true });
  const l = look(dark);
  const [line] = base.series;
  return {
    ...base,
    tooltip: { ...base.tooltip, trigger: 'item' as const },
    legend: base.legend && { ...base.legend, icon: undefined, data: [metric, 'Best so far'] },
    xAxis: { ...base.xAxis, minInterval: 1 },
    series: [
      {
        name: metric,
        type: 'scatter' as const,
        symbolSize: 8,
        itemStyle: { color: l.series[0] },
        data: trials
          .filter((t) => t.metric !== null)
          .map((t) => ({
            name: t.displayName,
            value: [t.number, t.metric],
            symbol: t.status === 'Canceled' ? 'diamond' : t.status === 'Failed' ? 'triangle' : 'circle',
            itemStyle: t.best ? { color: l.series[1] } : undefined,
            symbolSize: t.best ? 13 : 8,
          })),
        tooltip: { formatter: (p: { name: string; value: number[] }) => `${p.name}<br/>${metric} ${p.value[1]}` },
      },
      { ...line!, step: 'end' as const, showSymbol: false, itemStyle: { color: l.series[2] } },
    ],
  };
}

/** Parallel coordinates: the colour of a line is its metric. */
export function parallelOption(drawing: ReturnType<typeof parallel>, dark: boolean) {
  const l = look(dark);
  const values = drawing.lines.map((line) => line.value.at(-1) as number);
  const many = drawing.axes.length > 6;
  return {
    animation: false,
    textStyle: { fontFamily: fontFamilyBase },
    tooltip: {
      backgroundColor: l.surface,
      borderColor: l.line,
      textStyle: { color: dark ? '#F0F1F6' : '#1B1F2A', fontSize: 12 },
    },
    parallel: {
      left: 46,
      right: 76,
      top: 34,
      bottom: 20,
      parallelAxisDefault: {
        nameTextStyle: { color: l.text, fontSize: many ? 10 : 12, width: 110, overflow: 'truncate' as const },
        axisLine: { lineStyle: { color: l.line, width: 2 } },
        axisTick: { lineStyle: { color: l.line } },
        axisLabel: { color: l.text, hideOverlap: true },
        nameLocation: 'end' as const,
      },
    },
    parallelAxis: drawing.axes.map((axis, dim) => ({
      dim,
      name: axis.name,
      type: axis.type,
      scale: true,
      ...(axis.type === 'category' ? { data: axis.categories } : {}),
    })),
    visualMap: {
      show: false,
      dimension: drawing.axes.length - 1,
      min: Math.min(...values),
      max: Math.max(...values, Math.min(...values) + Number.EPSILON),
      inRange: { color: dark ? ['#3D4470', '#95A1F0', '#FFD9A0'] : ['#C9CFF3', '#4759CE', '#8A3800'] },
    },
    series: [
      {
        type: 'parallel' as const,
        lineStyle: { width: 2, opacity: 0.75 },
        data: drawing.lines,
        emphasis: { lineStyle: { width: 4, opacity: 1 } },
      },
    ],
  };
}
