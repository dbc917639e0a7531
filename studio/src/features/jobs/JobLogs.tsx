import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { listLogs } from '../../api/jobs';
import { useLoad } from '../../app/workspace';
import { Loaded } from '../../components/Feedback';
import { LogView } from '../../components/LogView';
import { bytes } from '../../lib/format';

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '6px', flexWrap: 'wrap', marginBottom: '10px' },
});

/** The log a person wants first: the program's own output. */
export function firstLog(names: readonly string[]): string | null {
  return (
    names.find((n) => /^user_logs\/std_log/.test(n)) ??
    names.find((n) => n.startsWith('user_logs/')) ??
    names.find((n) => n.endsWith('/hyperdrive.txt')) ??
    names[0] ??
    null
  );
}

export function JobLogs({ job, active, height }: { job: string; active: boolean; height?: number }) {
  const styles = useStyles();
  const logs = useLoad(['logs', job], (ws, o) => listLogs(ws, job, o), { active: (l) => active || !l.complete });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Loaded load={logs} what="The logs could not be listed">
      {({ value }) => {
        const path = chosen ?? firstLog(value.map((v) => v.name));
        if (!path) {
          return (
            <Text style={{ color: tokens.colorNeutralForeground2 }}>
              {active
                ? 'The job has not written anything yet. Its log appears here with the first line.'
                : 'This job has no logs of its own.'}
            </Text>
          );
        }
        return (
          <>
            <div className={styles.bar} role="group" aria-label="Log files">
              {value.map((v) => (
                <Button
                  key={v.name}
                  size="small"
                  appearance={v.name === path ? 'primary' : 'subtle'}
                  aria-pressed={v.name === path}
                  onClick={() => setChosen(v.name)}
                >
                  {v.name} ({bytes(v.bytes)})
                </Button>
              ))}
            </div>
            <LogView key={`${job}/${path}`} job={job} path={path} {...(height ? { height } : {})} />
          </>
        );
      }}
    </Loaded>
  );
}
