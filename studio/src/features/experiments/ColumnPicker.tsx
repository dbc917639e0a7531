/** Which columns the run table shows: searchable, and a way back to the default. */
import {
  Button,
  Checkbox,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  SearchBox,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ColumnTripleRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { ATTRIBUTE_COLUMNS, column, NAME, type ColumnId } from './columns';

const useStyles = makeStyles({
  surface: { width: 'min(360px, 90vw)', display: 'flex', flexDirection: 'column', gap: '10px' },
  list: { overflowY: 'auto', maxHeight: 'min(420px, 55vh)', display: 'flex', flexDirection: 'column' },
  group: { border: 'none', margin: 0, padding: '0 0 8px', minWidth: 0 },
  legend: { fontWeight: 600, padding: '4px 0', color: tokens.colorNeutralForeground2 },
  foot: { display: 'flex', justifyContent: 'space-between', alignItems: 'center' },
});

const SHOWN = 200;

export function ColumnPicker({
  chosen,
  metrics,
  params,
  tags,
  onChange,
}: {
  chosen: readonly ColumnId[];
  metrics: readonly string[];
  params: readonly string[];
  tags: readonly string[];
  /** Null goes back to the default. */
  onChange: (next: ColumnId[] | null) => void;
}) {
  const styles = useStyles();
  const [query, setQuery] = useState('');
  const set = new Set<string>(chosen);
  const groups: [string, ColumnId[]][] = [
    ['Attributes', ATTRIBUTE_COLUMNS.filter((id) => id !== NAME)],
    ['Metrics', metrics.map((k): ColumnId => `m:${k}`)],
    ['Parameters', params.map((k): ColumnId => `p:${k}`)],
    ['Tags', tags.map((k): ColumnId => `t:${k}`)],
  ];
  const toggle = (id: ColumnId) => {
    if (set.has(id)) return onChange(chosen.filter((c) => c !== id));
    // A new column comes after the others of its kind.
    const last = chosen.findLastIndex((c) => c[0] === id[0]);
    const at = last < 0 ? chosen.length : last + 1;
    onChange([...chosen.slice(0, at), id, ...chosen.slice(at)]);
  };
  return (
    <Popover trapFocus positioning="below-end" onOpenChange={() => setQuery('')}>
      <PopoverTrigger disableButtonEnhancement>
        <Button icon={<ColumnTripleRegular />}>Columns</Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label="Columns">
        <SearchBox aria-label="Find a column" placeholder="Find" value={query} onChange={(_, d) => setQuery(d.value)} />
        <div className={styles.list}>
          {groups.map(([label, ids]) => {
            const found = ids.filter((id) => (column(id)?.header ?? '').toLowerCase().includes(query.toLowerCase()));
            if (found.length === 0) return null;
            return (
              <fieldset key={label} className={styles.group}>
                <legend className={styles.legend}>{label}</legend>
                {found.slice(0, SHOWN).map((id) => (
                  <div key={id}>
                    <Checkbox checked={set.has(id)} onChange={() => toggle(id)} label={column(id)?.header ?? id} />
                  </div>
                ))}
                {found.length > SHOWN && <Text size={200}>{found.length - SHOWN} more; search for them.</Text>}
              </fieldset>
            );
          })}
        </div>
        <div className={styles.foot}>
          <Text size={200}>Remembered in this browser</Text>
          <Button size="small" onClick={() => onChange(null)}>
            Default columns
          </Button>
        </div>
      </PopoverSurface>
    </Popover>
  );
}
