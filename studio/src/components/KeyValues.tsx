import { makeStyles, Tag, TagGroup, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(110px, max-content) minmax(0, 1fr)',
    columnGap: '20px',
    rowGap: '9px',
    margin: 0,
  },
  key: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase300 },
  value: { margin: 0, overflowWrap: 'anywhere', minWidth: 0 },
  tags: { display: 'flex', flexWrap: 'wrap', gap: '6px' },
});

/** Terms and their values; an entry that is null is left out. */
export function KeyValues({ items }: { items: readonly (readonly [string, ReactNode] | null)[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {items
        .filter((i): i is readonly [string, ReactNode] => i !== null)
        .map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt className={styles.key}>{key}</dt>
            <dd className={styles.value}>{value === null || value === undefined || value === '' ? '–' : value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Tags({ tags, label }: { tags: Record<string, string> | null | undefined; label: string }) {
  const styles = useStyles();
  const entries = Object.entries(tags ?? {});
  if (entries.length === 0) return <>–</>;
  return (
    <TagGroup aria-label={label} className={styles.tags} role="list">
      {entries.map(([k, v]) => (
        <Tag key={k} size="small" role="listitem" title={`${k}: ${v}`} style={{ maxWidth: 360, overflow: 'hidden' }}>
          {v ? `${k}: ${v}` : k}
        </Tag>
      ))}
    </TagGroup>
  );
}
