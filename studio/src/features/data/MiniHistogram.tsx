import { makeStyles, tokens, Tooltip } from '@fluentui/react-components';
import type { ProfileColumn } from '../../api/data';
import { count, number, percent } from '../../lib/format';

const useStyles = makeStyles({
  svg: { display: 'block', width: '150px', height: '36px', color: tokens.colorBrandForeground1, overflow: 'visible' },
  top: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    width: '150px',
    fontSize: tokens.fontSizeBase100,
    lineHeight: '15px',
  },
  row: {
    position: 'relative',
    display: 'flex',
    justifyContent: 'space-between',
    gap: '6px',
    padding: '0 4px',
    borderRadius: '3px',
    overflow: 'hidden',
  },
  bar: {
    position: 'absolute',
    left: 0,
    top: 0,
    bottom: 0,
    backgroundColor: tokens.colorBrandBackground2,
    borderRadius: '3px',
  },
  text: { position: 'relative', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** Bars of a numeric column, each with its range and count as title. */
export function MiniHistogram({ column }: { column: ProfileColumn }) {
  const styles = useStyles();
  const bins = column.histogram ?? [];
  const most = Math.max(1, ...bins.map((b) => b.count));
  const width = 150 / bins.length;
  const fullest = bins.reduce((a, b) => (b.count > a.count ? b : a), bins[0]!);
  return (
    <svg
      className={styles.svg}
      viewBox="0 0 150 36"
      role="img"
      aria-label={`${column.name} from ${number(bins[0]?.from)} to ${number(bins.at(-1)?.to)}, most often ${number(fullest.from, 4)} to ${number(fullest.to, 4)}`}
    >
      {bins.map((b, i) => {
        const h = b.count === 0 ? 0 : Math.max(1.5, (34 * b.count) / most);
        return (
          <g key={i}>
            <title>{`${number(b.from, 4)} – ${number(b.to, 4)}: ${count(b.count, 'row')}`}</title>
            <rect x={i * width} y={0} width={width} height={36} fill="transparent" />
            <rect
              x={i * width + 0.6}
              y={36 - h}
              width={Math.max(1, width - 1.2)}
              height={h}
              rx={1}
              fill="currentColor"
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The most frequent values of a column that has no histogram. */
export function TopValues({ column, rows }: { column: ProfileColumn; rows: number }) {
  const styles = useStyles();
  const top = column.top ?? [];
  return (
    <Tooltip
      relationship="description"
      content={top.map((t) => `${t.value ?? '(missing)'}: ${t.count.toLocaleString('en-US')}`).join(' · ')}
    >
      <div className={styles.top} tabIndex={0} role="group" aria-label={`Most frequent values of ${column.name}`}>
        {top.slice(0, 3).map((t, i) => (
          <div key={i} className={styles.row}>
            <span className={styles.bar} style={{ width: `${(100 * t.count) / Math.max(1, rows)}%` }} />
            <span className={styles.text}>{t.value === null || t.value === '' ? '(empty)' : t.value}</span>
            <span className={styles.text} style={{ flexShrink: 0 }}>
              {percent(t.count, rows)}
            </span>
          </div>
        ))}
      </div>
    </Tooltip>
  );
}
