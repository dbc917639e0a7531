/** The table of runs: only the rows in sight are in the page, however many there are. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular, ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { AppLink } from '../../components/AppLink';
import { Status } from '../../components/Status';
import { Elapsed, TimeAgo } from '../../components/Time';
import { isActive } from '../../lib/status';
import { nextOrder, textOf, type ColumnId, type Order, type RunColumn } from './columns';
import type { TreeRow } from './runs';
import { inSight, ROW } from './window';

const useStyles = makeStyles({
  scroll: {
    overflow: 'auto',
    // The page above and a line below stay in view.
    height: 'max(320px, calc(100vh - 416px))',
    outlineOffset: '-2px',
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    position: 'relative',
  },
  table: {
    borderCollapse: 'separate',
    borderSpacing: 0,
    tableLayout: 'fixed',
    minWidth: '100%',
    fontSize: tokens.fontSizeBase300,
    '& th, & td': { boxSizing: 'border-box' },
  },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 3,
    height: '38px',
    padding: 0,
    textAlign: 'left',
    fontWeight: 600,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  sort: {
    display: 'flex',
    alignItems: 'center',
    gap: '4px',
    width: '100%',
    height: '100%',
    padding: '0 12px',
    border: 'none',
    background: 'none',
    font: 'inherit',
    color: 'inherit',
    cursor: 'pointer',
    overflow: 'hidden',
    ':hover': { color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    '& > span': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    '& > svg': { flexShrink: 0 },
  },
  plain: { padding: '0 12px', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  right: { justifyContent: 'flex-end', textAlign: 'right' },
  cell: {
    height: `${ROW}px`,
    padding: '0 12px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  numeric: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  chosen: { '& > td': { backgroundColor: tokens.colorBrandBackground2 } },
  row: { ':hover > td': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  box: {
    position: 'sticky',
    left: 0,
    zIndex: 1,
    padding: '0 0 0 14px',
    verticalAlign: 'middle',
    '& input': {
      display: 'block',
      width: '16px',
      height: '16px',
      margin: 0,
      accentColor: tokens.colorCompoundBrandBackground,
    },
  },
  name: {
    position: 'sticky',
    left: '44px',
    zIndex: 1,
    fontWeight: 600,
    '@media (max-width: 700px)': { position: 'static' },
  },
  corner: { zIndex: 4 },
  spacer: { padding: 0, border: 'none' },
  twist: {
    border: 'none',
    background: 'none',
    color: 'inherit',
    padding: '2px',
    marginRight: '2px',
    cursor: 'pointer',
    verticalAlign: 'middle',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

interface Props {
  rows: readonly TreeRow[];
  columns: readonly RunColumn[];
  order: Order;
  onOrder: (o: Order) => void;
  selected: ReadonlySet<string>;
  onSelect: (next: ReadonlySet<string>) => void;
  max: number;
  /** Parents whose children are shown; null when runs are not nested. */
  open: ReadonlySet<string> | null;
  onToggle: (runId: string) => void;
  onNearEnd: () => void;
  more: boolean;
}

export function RunGrid(props: Props) {
  const { rows, columns, order, onOrder, selected, onSelect, max, open, onToggle, onNearEnd, more } = props;
  const styles = useStyles();
  const scroll = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 720 });
  useLayoutEffect(() => {
    const el = scroll.current;
    if (!el) return;
    const measure = () => el.clientHeight > 0 && setView({ top: el.scrollTop, height: el.clientHeight });
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    return () => observer.disconnect();
  }, []);
  const { first, last } = inSight(view.top, view.height, rows.length);
  useEffect(() => {
    if (more && last > rows.length - 150) onNearEnd();
  }, [more, last, rows.length, onNearEnd]);
  // A new order or filter is read from its first row on.
  const orderKey = `${order.id} ${order.direction}`;
  useEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 0;
  }, [orderKey]);

  const anchor = useRef<string | null>(null);
  const toggle = (id: string, range: boolean) => {
    const next = new Set(selected);
    const on = !next.has(id);
    const a = rows.findIndex((r) => r.run.info.run_id === anchor.current);
    const b = rows.findIndex((r) => r.run.info.run_id === id);
    const ids = range && a >= 0 ? rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((r) => r.run.info.run_id) : [id];
    for (const i of ids) {
      if (!on) next.delete(i);
      else if (next.size < max) next.add(i);
    }
    anchor.current = id;
    onSelect(next);
  };
  const latest = useRef(toggle);
  latest.current = toggle;
  const [pick] = useState(() => (id: string, range: boolean) => latest.current(id, range));
  const twist = useRef(onToggle);
  twist.current = onToggle;
  const [fold] = useState(() => (id: string) => twist.current(id));
  const all = rows.length > 0 && rows.slice(0, max).every((r) => selected.has(r.run.info.run_id));
  const full = selected.size >= max;
  return (
    <div
      ref={scroll}
      className={styles.scroll}
      tabIndex={0}
      role="region"
      aria-label="Runs, scrollable"
      onScroll={(e) => setView({ top: e.currentTarget.scrollTop, height: e.currentTarget.clientHeight || 720 })}
    >
      <table
        className={styles.table}
        aria-label="Runs"
        aria-rowcount={more ? -1 : rows.length + 1}
        style={{ width: 44 + columns.reduce((sum, c) => sum + c.width, 0) }}
      >
        <colgroup>
          <col style={{ width: 44 }} />
          {columns.map((c) => (
            <col key={c.id} style={{ width: c.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={mergeClasses(styles.head, styles.box, styles.corner)}>
              <input
                type="checkbox"
                aria-label={rows.length > max ? `Select the first ${max} runs` : 'Select all runs'}
                checked={all}
                onChange={() => onSelect(all ? new Set() : new Set(rows.slice(0, max).map((r) => r.run.info.run_id)))}
              />
            </th>
            {columns.map((c, i) => (
              <th
                key={c.id}
                scope="col"
                className={mergeClasses(styles.head, i === 0 && styles.name, i === 0 && styles.corner)}
                aria-sort={order.id === c.id ? order.direction : c.order ? 'none' : undefined}
                title={c.header}
              >
                {c.order ? (
                  <button
                    type="button"
                    className={mergeClasses(styles.sort, c.numeric && styles.right)}
                    onClick={() => onOrder(nextOrder(order, c))}
                  >
                    <span>{c.header}</span>
                    {order.id === c.id && (order.direction === 'ascending' ? <ArrowUpRegular /> : <ArrowDownRegular />)}
                  </button>
                ) : (
                  <div className={mergeClasses(styles.plain, c.numeric && styles.right)}>{c.header}</div>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && (
            <tr aria-hidden="true">
              <td className={styles.spacer} colSpan={columns.length + 1} style={{ height: first * ROW }} />
            </tr>
          )}
          {rows.slice(first, last).map((row, i) => (
            <Row
              key={row.run.info.run_id}
              run={row.run}
              depth={row.depth}
              inside={row.children}
              index={first + i + 2}
              columns={columns}
              selected={selected.has(row.run.info.run_id)}
              disabled={full && !selected.has(row.run.info.run_id)}
              opened={open ? open.has(row.run.info.run_id) : null}
              onPick={pick}
              onFold={fold}
            />
          ))}
          {last < rows.length && (
            <tr aria-hidden="true">
              <td
                className={styles.spacer}
                colSpan={columns.length + 1}
                style={{ height: (rows.length - last) * ROW }}
              />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

const Row = memo(function Row({
  run,
  depth,
  inside,
  index,
  columns,
  selected,
  disabled,
  opened,
  onPick,
  onFold,
}: {
  run: TreeRow['run'];
  depth: number;
  inside: number;
  index: number;
  columns: readonly RunColumn[];
  selected: boolean;
  disabled: boolean;
  opened: boolean | null;
  onPick: (id: string, range: boolean) => void;
  onFold: (id: string) => void;
}) {
  const styles = useStyles();
  const id = run.info.run_id;
  const name = run.info.run_name || id;
  return (
    <tr aria-rowindex={index} className={mergeClasses(styles.row, selected && styles.chosen)}>
      <td className={mergeClasses(styles.cell, styles.box)}>
        <input
          type="checkbox"
          checked={selected}
          disabled={disabled}
          aria-label={`Select ${name}`}
          onChange={(e) => onPick(id, (e.nativeEvent as MouseEvent).shiftKey ?? false)}
        />
      </td>
      {columns.map((c, i) => (
        <td
          key={c.id}
          className={mergeClasses(styles.cell, c.numeric && styles.numeric, i === 0 && styles.name)}
          style={i === 0 && depth > 0 ? { paddingLeft: 12 + 18 * depth } : undefined}
        >
          {i === 0 && opened !== null && inside > 0 && (
            <button
              type="button"
              className={styles.twist}
              aria-expanded={opened}
              aria-label={`${inside} child ${inside === 1 ? 'run' : 'runs'} of ${name}`}
              onClick={() => onFold(id)}
            >
              {opened ? <ChevronDownRegular /> : <ChevronRightRegular />}
            </button>
          )}
          <Cell run={run} id={c.id} />
        </td>
      ))}
    </tr>
  );
});

function Cell({ run, id }: { run: TreeRow['run']; id: ColumnId }) {
  const { info } = run;
  switch (id) {
    case 'a:name':
      return (
        <AppLink to={`/jobs/${encodeURIComponent(info.run_id)}`} title={`${info.run_name ?? ''} ${info.run_id}`}>
          {info.run_name || info.run_id}
        </AppLink>
      );
    case 'a:status':
      return <Status value={info.status} />;
    case 'a:started':
      return <TimeAgo at={info.start_time} />;
    case 'a:duration':
      return <Elapsed from={info.start_time ?? null} to={info.end_time ?? null} running={isActive(info.status)} />;
    default: {
      const text = textOf(run, id);
      return text.length > 14 ? <span title={text}>{text}</span> : text;
    }
  }
}
