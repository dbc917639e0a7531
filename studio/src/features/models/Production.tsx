/** "What was in production on day X": every version that was, and why. */
import { Badge, Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useSearchParams } from 'react-router-dom';
import { inProduction, type Because } from '../../api/registry';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { TimeAgo } from '../../components/Time';
import { exact, instant } from '../../lib/format';

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '14px', alignItems: 'flex-end', flexWrap: 'wrap' },
  reasons: { display: 'flex', flexDirection: 'column', gap: '6px', whiteSpace: 'normal' },
  reason: { display: 'flex', gap: '8px', alignItems: 'baseline', flexWrap: 'wrap' },
  faint: { color: tokens.colorNeutralForeground2 },
  none: { padding: '28px 20px', color: tokens.colorNeutralForeground2 },
});

export function Production() {
  const styles = useStyles();
  const [search, setSearch] = useSearchParams();
  const day = search.get('at');
  const choose = (at: string | null) => setSearch((s) => (at ? s.set('at', at) : s.delete('at'), s), { replace: true });
  const load = useLoad(['production', day], (ws, o) => inProduction(ws, day, o), { keep: true });
  return (
    <>
      <div className={styles.bar}>
        <Field label="On this day (its end, UTC)">
          <Input type="date" value={day ?? ''} onChange={(_, d) => choose(d.value || null)} />
        </Field>
        <Button disabled={day === null} onClick={() => choose(null)}>
          Now
        </Button>
      </div>
      <Loaded load={load} what="The history could not be read">
        {(p) => (
          <Card flush title={`In production ${day === null ? 'now' : `at ${exact(instant(p.at) ?? 0)}`}`}>
            {p.value.length === 0 ? (
              <Text block className={styles.none}>
                {day === null ? 'Nothing is.' : 'Nothing was.'} A version is in production by its stage, by an alias (
                {p.aliases.join(', ')}), or by a deployment with traffic.
              </Text>
            ) : (
              <DataTable
                label="In production"
                noun="version"
                rows={p.value}
                rowKey={(v) => `${v.name}:${v.version}`}
                columns={[
                  {
                    key: 'name',
                    header: 'Model',
                    value: (v) => v.name,
                    render: (v) => (
                      <AppLink to={`/models/${encodeURIComponent(v.name)}`} style={{ fontWeight: 600 }}>
                        {v.name}
                      </AppLink>
                    ),
                  },
                  {
                    key: 'version',
                    header: 'Version',
                    value: (v) => v.version,
                    render: (v) => (
                      <AppLink to={`/models/${encodeURIComponent(v.name)}/${encodeURIComponent(v.version)}`}>
                        {v.version}
                      </AppLink>
                    ),
                  },
                  {
                    key: 'because',
                    header: 'Because of',
                    value: (v) => v.because.map(why).join(' '),
                    render: (v) => (
                      <div className={styles.reasons}>
                        {v.because.map((b) => (
                          <div key={why(b)} className={styles.reason}>
                            <Badge appearance="tint">{b.kind}</Badge>
                            <span>{why(b)}</span>
                            <span className={styles.faint}>
                              by {b.who || 'unknown'}, <TimeAgo at={b.since} />
                            </span>
                          </div>
                        ))}
                      </div>
                    ),
                  },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}

export function why(b: Because): string {
  if (b.kind === 'stage') return b.stage ?? 'Production';
  if (b.kind === 'alias') return b.alias ?? '';
  return `${b.endpoint}/${b.deployment} (${b.endpointType}), ${b.traffic ?? 0} % of the traffic`;
}
