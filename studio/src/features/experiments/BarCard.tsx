/** A metric that was logged once a run, as bars. */
import { useMemo } from 'react';
import { Chart } from '../../components/Chart';
import { Card } from '../../components/Page';
import { look } from '../../lib/chart';
import { number } from '../../lib/format';
import { useMode } from '../../theme/mode';

export function BarCard({ name, labels, values }: { name: string; labels: string[]; values: (number | null)[] }) {
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
