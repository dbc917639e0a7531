import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { getDataPreview } from '../../api/data';
import { useLoad } from '../../app/workspace';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';

const LIMIT = 50;

const useStyles = makeStyles({
  scroll: { overflow: 'auto', maxHeight: 'calc(100vh - 330px)', minHeight: '320px' },
  table: {
    borderCollapse: 'separate',
    borderSpacing: 0,
    minWidth: '100%',
    fontSize: tokens.fontSizeBase200,
    '& th': {
      position: 'sticky',
      top: 0,
      zIndex: 1,
      backgroundColor: tokens.colorNeutralBackground2,
      textAlign: 'left',
      fontWeight: 600,
      borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
      whiteSpace: 'nowrap',
    },
    '& th, & td': { padding: '7px 14px' },
    '& td': {
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      maxWidth: '320px',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    '& tbody tr:hover td': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  number: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  index: { color: tokens.colorNeutralForeground3, textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  missing: { color: tokens.colorNeutralForeground3, fontStyle: 'italic' },
  pager: { display: 'flex', alignItems: 'center', gap: '10px', padding: '10px 16px' },
});

export function DataPreviewTable({ name, version }: { name: string; version: string }) {
  const styles = useStyles();
  const [offset, setOffset] = useState(0);
  const preview = useLoad(
    ['data', name, version, 'preview', offset],
    (ws, o) => getDataPreview(ws, name, version, offset, LIMIT, o),
    { once: true, keep: true },
  );
  return (
    <Loaded load={preview} rows={12} what="There is no preview of this version">
      {({ columns, rows, total }) => (
        <Card flush>
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="Rows, scrollable">
            <table className={styles.table} aria-label={`Rows of ${name}`} aria-rowcount={total}>
              <thead>
                <tr>
                  <th scope="col" className={styles.index}>
                    #
                  </th>
                  {columns.map((c) => (
                    <th key={c} scope="col">
                      {c}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, i) => (
                  <tr key={offset + i}>
                    <td className={styles.index}>{offset + i + 1}</td>
                    {row.map((v, j) => (
                      <td
                        key={j}
                        className={v === null ? styles.missing : typeof v === 'number' ? styles.number : undefined}
                        title={v === null ? undefined : String(v)}
                      >
                        {v === null ? 'missing' : String(v)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className={styles.pager}>
            <Button
              size="small"
              icon={<ChevronLeftRegular />}
              disabled={offset === 0}
              onClick={() => setOffset(Math.max(0, offset - LIMIT))}
            >
              Previous
            </Button>
            <Button
              size="small"
              icon={<ChevronRightRegular />}
              iconPosition="after"
              disabled={offset + LIMIT >= total}
              onClick={() => setOffset(offset + LIMIT)}
            >
              Next
            </Button>
            <Text size={200} aria-live="polite">
              Rows {(offset + 1).toLocaleString('en-US')} to{' '}
              {Math.min(offset + rows.length, total).toLocaleString('en-US')} of {total.toLocaleString('en-US')}
            </Text>
          </div>
        </Card>
      )}
    </Loaded>
  );
}
