/** One row per column: what it holds, how much is missing, how it is distributed. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components';
import { getDataProfile, type ColumnType, type DataProfile, type ProfileColumn } from '../../api/data';
import { useLoad } from '../../app/workspace';
import { DataTable, type Column } from '../../components/DataTable';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { bytes, count, number, percent } from '../../lib/format';
import { MiniHistogram, TopValues } from './MiniHistogram';

const useStyles = makeStyles({
  facts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))', gap: '14px' },
  fact: {
    padding: '14px 18px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  value: { fontSize: '22px', lineHeight: '28px', fontWeight: 600, fontVariantNumeric: 'tabular-nums' },
  label: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  missing: { display: 'inline-flex', flexDirection: 'column', alignItems: 'flex-end', gap: '4px', minWidth: '64px' },
  track: {
    width: '64px',
    height: '4px',
    borderRadius: '2px',
    backgroundColor: tokens.colorNeutralBackground5,
    overflow: 'hidden',
  },
  fill: { height: '100%', backgroundColor: tokens.colorPaletteDarkOrangeBorderActive },
});

const TYPE: Record<ColumnType, string> = {
  integer: 'Integer',
  number: 'Decimal',
  boolean: 'Boolean',
  string: 'Text',
  timestamp: 'Time',
};

// The first and last word of a text column say little, and can be long.
const stat = (c: ProfileColumn, v: number | string | null | undefined) =>
  v == null || c.type === 'string' || c.type === 'boolean'
    ? '–'
    : typeof v === 'number'
      ? number(v, 5)
      : v.slice(0, 19).replace(/T00:00:00$/, '');
const asNumber = (v: number | string | null | undefined) => (typeof v === 'number' ? v : null);

export function DataProfileView({ name, version }: { name: string; version: string }) {
  const profile = useLoad(['data', name, version, 'profile'], (ws, o) => getDataProfile(ws, name, version, o), {
    once: true,
  });
  return (
    <Loaded load={profile} rows={10} what="There is no profile of this version">
      {(p) => <Profile profile={p} />}
    </Loaded>
  );
}

function Profile({ profile }: { profile: DataProfile }) {
  const styles = useStyles();
  const missing = profile.columns.reduce((sum, c) => sum + c.nulls, 0);
  const facts: [string, string][] = [
    ['Rows', number(profile.rows)],
    ['Columns', number(profile.columns.length)],
    [
      'Missing values',
      missing === 0 ? 'None' : `${number(missing)} (${percent(missing, profile.rows * profile.columns.length)})`,
    ],
    ['Size', bytes(profile.bytes)],
    ['File', profile.file ?? '–'],
  ];
  return (
    <>
      <div className={styles.facts} role="list" aria-label="Summary">
        {facts.map(([label, value]) => (
          <div key={label} className={styles.fact} role="listitem">
            <div className={styles.label}>{label}</div>
            <div
              className={styles.value}
              style={{ overflowWrap: 'anywhere', fontSize: value.length > 14 ? 16 : undefined }}
            >
              {value}
            </div>
          </div>
        ))}
      </div>
      <Card flush>
        <DataTable
          label="Column profile"
          noun="column"
          rows={profile.columns}
          rowKey={(c) => c.name}
          columns={columns(profile.rows)}
          toolbar={
            profile.computedInMs != null ? (
              <Text size={200} style={{ color: tokens.colorNeutralForeground2 }}>
                Computed in {number(profile.computedInMs)} ms
              </Text>
            ) : undefined
          }
        />
      </Card>
    </>
  );
}

function columns(rows: number): Column<ProfileColumn>[] {
  const numeric = (key: 'mean' | 'std' | 'q25' | 'q50' | 'q75', header: string): Column<ProfileColumn> => ({
    key,
    header,
    numeric: true,
    value: (c) => c[key],
    render: (c) => (c[key] == null ? '–' : number(c[key], 4)),
  });
  return [
    { key: 'name', header: 'Column', value: (c) => c.name, render: (c) => <Text weight="semibold">{c.name}</Text> },
    {
      key: 'type',
      header: 'Type',
      value: (c) => TYPE[c.type] ?? c.type,
      render: (c) => (
        <Badge appearance="outline" color="informative">
          {TYPE[c.type] ?? c.type}
        </Badge>
      ),
    },
    {
      key: 'shape',
      header: 'Distribution',
      width: '160px',
      render: (c) =>
        c.histogram?.length ? <MiniHistogram column={c} /> : c.top?.length ? <TopValues column={c} rows={rows} /> : '–',
    },
    {
      key: 'nulls',
      header: 'Missing',
      numeric: true,
      value: (c) => c.nulls,
      render: (c) => <Missing nulls={c.nulls} rows={rows} />,
    },
    { key: 'distinct', header: 'Distinct', numeric: true, value: (c) => c.distinct, render: (c) => number(c.distinct) },
    { key: 'min', header: 'Min', numeric: true, value: (c) => asNumber(c.min), render: (c) => stat(c, c.min) },
    numeric('q25', '25%'),
    numeric('q50', 'Median'),
    numeric('mean', 'Mean'),
    numeric('q75', '75%'),
    { key: 'max', header: 'Max', numeric: true, value: (c) => asNumber(c.max), render: (c) => stat(c, c.max) },
    numeric('std', 'Std. dev.'),
  ];
}

function Missing({ nulls, rows }: { nulls: number; rows: number }) {
  const styles = useStyles();
  if (nulls === 0) return <>0</>;
  return (
    <span className={styles.missing} title={`${count(nulls, 'missing value')} of ${count(rows, 'row')}`}>
      {percent(nulls, rows)}
      <span className={styles.track}>
        <span className={styles.fill} style={{ display: 'block', width: `${Math.max(2, (100 * nulls) / rows)}%` }} />
      </span>
    </span>
  );
}
