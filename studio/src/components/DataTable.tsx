/** A labelled table that sorts and filters, optionally selects. */
import {
  Button,
  Checkbox,
  makeStyles,
  mergeClasses,
  SearchBox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useMemo, useState, type ReactNode } from 'react';
import { matches, sortBy, type SortState, type SortValue } from '../lib/table';
import { count } from '../lib/format';

export interface Column<T> {
  key: string;
  header: string;
  render: (row: T) => ReactNode;
  /** What sorting and filtering see; leave out to make the column neither. */
  value?: (row: T) => SortValue;
  width?: string;
  numeric?: boolean;
}

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '12px', alignItems: 'center', padding: '12px 16px', flexWrap: 'wrap' },
  search: { width: '280px' },
  scroll: { overflowX: 'auto' },
  table: { tableLayout: 'auto', minWidth: '100%', width: 'max-content', maxWidth: 'none' },
  dense: { fontSize: tokens.fontSizeBase200, paddingLeft: '10px', paddingRight: '10px' },
  fixed: { width: '100%' },
  head: { backgroundColor: tokens.colorNeutralBackground2 },
  headCell: {
    fontWeight: 600,
    whiteSpace: 'nowrap',
    paddingLeft: '16px',
    paddingRight: '16px',
    color: tokens.colorNeutralForeground2,
  },
  cell: {
    paddingLeft: '16px',
    paddingRight: '16px',
    paddingTop: '9px',
    paddingBottom: '9px',
    maxWidth: '420px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    height: 'auto',
  },
  numeric: { textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  numericHead: { '& > button, & > div': { justifyContent: 'flex-end' } },
  more: { padding: '12px 16px' },
  none: { padding: '28px 16px', textAlign: 'center', color: tokens.colorNeutralForeground2 },
});

const PAGE = 100;

export function DataTable<T>({
  label,
  rows,
  columns,
  rowKey,
  initialSort,
  filterable = true,
  selected,
  onSelect,
  toolbar,
  noun = 'item',
  maxSelected,
}: {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  initialSort?: SortState;
  filterable?: boolean;
  selected?: ReadonlySet<string>;
  onSelect?: (next: ReadonlySet<string>) => void;
  toolbar?: ReactNode;
  noun?: string;
  maxSelected?: number;
}) {
  const styles = useStyles();
  const [sort, setSort] = useState<SortState | null>(initialSort ?? null);
  const [query, setQuery] = useState('');
  const [limit, setLimit] = useState(PAGE);

  const shown = useMemo(() => {
    const values = columns.map((c) => c.value).filter((v) => v !== undefined);
    const filtered = query
      ? rows.filter((r) =>
          matches(
            query,
            values.map((v) => v(r)),
          ),
        )
      : rows;
    const by = columns.find((c) => c.key === sort?.column)?.value;
    return by && sort ? sortBy(filtered, by, sort.direction) : filtered;
  }, [rows, columns, query, sort]);

  const toggleSort = (key: string) =>
    setSort((s) =>
      s?.column === key
        ? { column: key, direction: s.direction === 'ascending' ? 'descending' : 'ascending' }
        : { column: key, direction: 'ascending' },
    );
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect?.(next);
  };
  // Wide tables give their space to the numbers.
  const dense = columns.length > 9;
  const full = maxSelected !== undefined && (selected?.size ?? 0) >= maxSelected;

  return (
    <div>
      {(filterable || toolbar) && (
        <div className={styles.bar}>
          {filterable && (
            <SearchBox
              className={styles.search}
              size="medium"
              placeholder="Filter"
              aria-label={`Filter ${label}`}
              value={query}
              onChange={(_, d) => setQuery(d.value)}
            />
          )}
          {toolbar}
          <Text size={200} aria-live="polite" style={{ marginLeft: 'auto', color: tokens.colorNeutralForeground2 }}>
            {query ? `${shown.length} of ${count(rows.length, noun)}` : count(rows.length, noun)}
          </Text>
        </div>
      )}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${label}, scrollable`}>
        <Table aria-label={label} className={mergeClasses(styles.table, !dense && styles.fixed)} sortable>
          <TableHeader className={styles.head}>
            <TableRow>
              {onSelect && (
                <TableHeaderCell style={{ width: '44px' }}>
                  <span className="visually-hidden">Select</span>
                </TableHeaderCell>
              )}
              {columns.map((c) => (
                <TableHeaderCell
                  key={c.key}
                  sortable={!!c.value}
                  className={mergeClasses(styles.headCell, dense && styles.dense, c.numeric && styles.numericHead)}
                  style={c.width ? { width: c.width } : undefined}
                  {...(sort?.column === c.key ? { sortDirection: sort.direction } : {})}
                  {...(c.value ? { onClick: () => toggleSort(c.key) } : {})}
                >
                  {c.header}
                </TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {shown.slice(0, limit).map((row) => {
              const key = rowKey(row);
              const isSelected = selected?.has(key) ?? false;
              return (
                <TableRow
                  key={key}
                  appearance={isSelected ? 'brand' : 'none'}
                  {...(onSelect ? { 'aria-selected': isSelected } : {})}
                >
                  {onSelect && (
                    <TableCell>
                      <Checkbox
                        checked={isSelected}
                        disabled={full && !isSelected}
                        aria-label={`Select ${key}`}
                        onChange={() => toggle(key)}
                      />
                    </TableCell>
                  )}
                  {columns.map((c) => (
                    <TableCell
                      key={c.key}
                      className={mergeClasses(styles.cell, dense && styles.dense, c.numeric && styles.numeric)}
                    >
                      {c.render(row)}
                    </TableCell>
                  ))}
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </div>
      {shown.length === 0 && (
        <div className={styles.none}>{query ? `Nothing matches “${query}”.` : `No ${noun}s yet.`}</div>
      )}
      {shown.length > limit && (
        <div className={styles.more}>
          <Button onClick={() => setLimit((l) => l + PAGE)}>Show {Math.min(PAGE, shown.length - limit)} more</Button>
        </div>
      )}
    </div>
  );
}
