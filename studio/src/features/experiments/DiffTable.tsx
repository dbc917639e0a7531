/** What runs say about the same keys, side by side. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Run } from '../../api/mlflow';
import { AppLink } from '../../components/AppLink';
import { Status } from '../../components/Status';
import { duration } from '../../lib/format';
import type { DiffRow } from './compare';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: {
    borderCollapse: 'separate',
    borderSpacing: 0,
    minWidth: '100%',
    fontSize: tokens.fontSizeBase300,
    '& th, & td': {
      textAlign: 'left',
      padding: '8px 16px',
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      minWidth: '110px',
      maxWidth: '340px',
      overflowWrap: 'anywhere',
    },
    '& thead th': { backgroundColor: tokens.colorNeutralBackground2, fontWeight: 600 },
    // The names stay in view when many runs make the table wide.
    '& th:first-child': { position: 'sticky', left: 0, backgroundColor: tokens.colorNeutralBackground1, zIndex: 1 },
    '& thead th:first-child': { backgroundColor: tokens.colorNeutralBackground2 },
    '& tbody th': { fontWeight: 400, color: tokens.colorNeutralForeground2 },
  },
  differs: { backgroundColor: tokens.colorBrandBackground2 },
});

export function DiffTable({
  label,
  runs,
  labels,
  rows,
  extra = false,
}: {
  label: string;
  runs: Run[];
  labels: string[];
  rows: DiffRow[];
  extra?: boolean;
}) {
  const styles = useStyles();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Name</span>
            </th>
            {runs.map((r, i) => (
              <th key={r.info.run_id} scope="col">
                <AppLink to={`/jobs/${encodeURIComponent(r.info.run_id)}`}>{labels[i]}</AppLink>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {extra && (
            <>
              <tr>
                <th scope="row">Status</th>
                {runs.map((r) => (
                  <td key={r.info.run_id}>
                    <Status value={r.info.status} />
                  </td>
                ))}
              </tr>
              <tr>
                <th scope="row">Duration</th>
                {runs.map((r) => (
                  <td key={r.info.run_id}>
                    {r.info.end_time ? duration(r.info.end_time - (r.info.start_time ?? 0)) : '–'}
                  </td>
                ))}
              </tr>
            </>
          )}
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.key}</th>
              {row.values.map((v, i) => (
                <td key={runs[i]!.info.run_id} className={mergeClasses(row.differs && !extra && styles.differs)}>
                  {v ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
