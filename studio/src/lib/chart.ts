/** ECharts options that all charts share, in the theme's colours. */
import { fontFamilyBase, SERIES } from '../theme/theme';
import { number } from './format';

export interface Look {
  text: string;
  line: string;
  surface: string;
  series: readonly string[];
}

export function look(dark: boolean): Look {
  return dark
    ? { text: '#B9BECC', line: '#333846', surface: '#262935', series: SERIES.dark }
    : { text: '#565C6B', line: '#E3E6EF', surface: '#FFFFFF', series: SERIES.light };
}

export interface LineSeries {
  name: string;
  points: readonly (readonly [number, number | null])[];
  faint?: boolean;
  color?: string;
  dashed?: boolean;
}

export interface LineOptions {
  xName?: string;
  yName?: string;
  log?: boolean;
  logX?: boolean;
  time?: boolean;
  zoom?: boolean;
  /** The part of the horizontal axis that is shown at first. */
  range?: readonly [number, number] | null;
  /** Turns a value into the tooltip's text. */
  format?: (y: number) => string;
  legend?: boolean;
  min?: number;
}

/** Lines over a number or time axis. */
export function lines(series: readonly LineSeries[], dark: boolean, o: LineOptions = {}) {
  const l = look(dark);
  const axisLook = {
    axisLine: { lineStyle: { color: l.line } },
    axisLabel: { color: l.text, hideOverlap: true },
    splitLine: { lineStyle: { color: l.line } },
    nameTextStyle: { color: l.text },
  };
  const format = o.format ?? ((y: number) => number(y));
  return {
    animation: false,
    color: [...l.series],
    textStyle: { fontFamily: fontFamilyBase },
    grid: {
      left: 4,
      right: 14,
      top: o.legend ? (o.yName ? 52 : 38) : 10,
      bottom: 4,
      outerBoundsMode: 'same' as const,
      outerBoundsContain: 'all' as const,
    },
    tooltip: {
      trigger: 'axis' as const,
      backgroundColor: l.surface,
      borderColor: l.line,
      textStyle: { color: dark ? '#F0F1F6' : '#1B1F2A', fontSize: 12 },
      valueFormatter: (v: unknown) => (typeof v === 'number' ? format(v) : '–'),
    },
    legend: o.legend
      ? {
          top: 2,
          padding: [5, 5, 5, 5],
          type: 'scroll' as const,
          itemHeight: 10,
          itemWidth: 18,
          textStyle: { color: l.text },
          data: series.filter((s) => !s.faint).map((s) => s.name),
        }
      : undefined,
    xAxis: {
      type: (o.time ? 'time' : o.logX ? 'log' : 'value') as 'time' | 'log' | 'value',
      name: o.xName,
      nameLocation: 'middle' as const,
      nameGap: 24,
      minInterval: o.xName === 'Step' ? 1 : undefined,
      ...axisLook,
      splitLine: { show: false },
      ...(o.time || o.logX ? {} : { min: 'dataMin' as const, max: 'dataMax' as const }),
    },
    yAxis: { type: (o.log ? 'log' : 'value') as 'log' | 'value', scale: true, name: o.yName, min: o.min, ...axisLook },
    dataZoom: o.zoom
      ? [
          {
            type: 'inside' as const,
            filterMode: 'none' as const,
            ...(o.range ? { startValue: o.range[0], endValue: o.range[1] } : {}),
          },
        ]
      : undefined,
    series: series.map((s) => ({
      name: s.name,
      type: 'line' as const,
      data: s.points,
      showSymbol: s.points.length < 30 && !s.faint,
      symbolSize: 5,
      sampling: 'lttb' as const,
      lineStyle: {
        width: s.faint ? 1 : 2,
        opacity: s.faint ? 0.28 : 1,
        type: s.dashed ? ('dashed' as const) : ('solid' as const),
      },
      itemStyle: s.color ? { color: s.color } : undefined,
      tooltip: s.faint ? { show: false } : undefined,
      silent: s.faint ?? false,
    })),
  };
}
