/** The trials of a sweep: which is best, how the metric went, and what each parameter does to it. */
import { Badge, makeStyles, Text, tokens } from '@fluentui/react-components';
import { StarFilled } from '@fluentui/react-icons';
import { useMemo } from 'react';
import type { Job } from '../../api/jobs';
import { getTrials, type Trial, type Trials } from '../../api/sweeps';
import { useAnnounceStatus } from '../../app/announce';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { Chart } from '../../components/Chart';
import { DataTable, type Column } from '../../components/DataTable';
import { Loaded } from '../../components/Feedback';
import { KeyValues } from '../../components/KeyValues';
import { Card } from '../../components/Page';
import { Status } from '../../components/Status';
import { Elapsed } from '../../components/Time';
import { count, instant, number } from '../../lib/format';
import { isActive } from '../../lib/status';
import { useMode } from '../../theme/mode';
import { metricOption, parallelOption } from './charts';
import { bestSoFar, flat, parallel, parameterNames, progress, shown } from './trials';

const useStyles = makeStyles({
  charts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(440px, 100%), 1fr))', gap: '18px' },
  name: { display: 'inline-flex', alignItems: 'center', gap: '8px', whiteSpace: 'nowrap' },
  none: { color: tokens.colorNeutralForeground2 },
  reason: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

export default function SweepTrials({ job }: { job: Job }) {
  const active = isActive(job.properties.status);
  const trials = useLoad(['trials', job.name], (ws, o) => getTrials(ws, job.name, o), {
    active: (t) => active || t.value.some((x) => isActive(x.status)),
    keep: true,
  });
  return (
    <Loaded load={trials} what="The trials could not be loaded">
      {(all) => <View trials={all} active={active} />}
    </Loaded>
  );
}

function View({ trials, active }: { trials: Trials; active: boolean }) {
  const styles = useStyles();
  const { dark } = useMode();
  const { goal, primaryMetric } = trials.objective;
  const best = trials.value.find((t) => t.best) ?? null;
  const line = useMemo(() => bestSoFar(trials.value, goal), [trials.value, goal]);
  const drawing = useMemo(() => parallel(trials.value, primaryMetric), [trials.value, primaryMetric]);
  const overTrials = useMemo(
    () => metricOption(trials.value, line, primaryMetric, dark),
    [trials.value, line, primaryMetric, dark],
  );
  const overParameters = useMemo(() => parallelOption(drawing, dark), [drawing, dark]);
  useAnnounceStatus('Best trial', best ? `${best.name} with ${primaryMetric} ${number(best.metric)}` : undefined);
  const most = Math.min(trials.maxTotalTrials, trials.spaceSize ?? trials.maxTotalTrials);
  return (
    <>
      <Card title="Tuning">
        <KeyValues
          items={[
            ['Objective', `${goal === 'maximize' ? 'Maximize' : 'Minimize'} ${primaryMetric}`],
            ['Trials', `${trials.value.length} of at most ${most}: ${progress(trials.value) || 'none yet'}`],
            [
              'Best trial',
              best ? (
                <span className={styles.name} key="b">
                  <AppLink to={`/jobs/${encodeURIComponent(best.name)}`}>{best.displayName}</AppLink>
                  <Text weight="semibold">{number(best.metric)}</Text>
                </span>
              ) : active ? (
                'Not known yet'
              ) : (
                `No completed trial logged ${primaryMetric}`
              ),
            ],
          ]}
        />
      </Card>
      <div className={styles.charts}>
        <Card title={`${primaryMetric} over trials`}>
          {line.length > 0 ? (
            <Chart
              option={overTrials}
              height={280}
              label={`${primaryMetric} of ${count(line.length, 'trial')}; the best so far goes from ${number(line[0]![1])} to ${number(line.at(-1)![1])}`}
            />
          ) : (
            <Text className={styles.none}>It is drawn when the first trial has logged {primaryMetric}.</Text>
          )}
        </Card>
        <Card title={`Parameters and ${primaryMetric}`}>
          {drawing.lines.length > 0 ? (
            <Chart
              option={overParameters}
              height={280}
              label={`One line for each of ${count(drawing.lines.length, 'trial')} over ${drawing.axes.map((a) => a.name).join(', ')}; the table has the numbers`}
            />
          ) : (
            <Text className={styles.none}>Lines from parameters to the metric appear with the first value.</Text>
          )}
        </Card>
      </div>
      <Card title="Trials" flush>
        <TrialTable trials={trials} />
      </Card>
    </>
  );
}

function TrialTable({ trials }: { trials: Trials }) {
  const styles = useStyles();
  const { primaryMetric } = trials.objective;
  const columns = useMemo<Column<Trial>[]>(
    () => [
      {
        key: 'trial',
        header: 'Trial',
        value: (t) => t.number,
        render: (t) => (
          <span className={styles.name}>
            <AppLink to={`/jobs/${encodeURIComponent(t.name)}`}>{t.displayName}</AppLink>
            {t.best && (
              <Badge appearance="tint" color="success" icon={<StarFilled />}>
                Best
              </Badge>
            )}
          </span>
        ),
      },
      ...parameterNames(trials.value).map((name): Column<Trial> => {
        const numeric = trials.value.every((t) => {
          const v = flat(t.parameters).get(name);
          return v === undefined || typeof v === 'number';
        });
        return {
          key: `p.${name}`,
          header: name,
          numeric,
          value: (t) => flat(t.parameters).get(name),
          render: (t) => shown(flat(t.parameters).get(name)),
        };
      }),
      {
        key: 'metric',
        header: primaryMetric,
        numeric: true,
        value: (t) => t.metric,
        render: (t) => (t.metric === null ? '–' : number(t.metric)),
      },
      {
        key: 'status',
        header: 'Status',
        value: (t) => t.status,
        render: (t) => (
          <>
            <Status value={t.status} />
            {t.reason && <div className={styles.reason}>{t.reason.split('\n')[0]}</div>}
          </>
        ),
      },
      {
        key: 'duration',
        header: 'Duration',
        numeric: true,
        value: (t) => (instant(t.finishedAt) ?? Date.now()) - (instant(t.startedAt) ?? Date.now()),
        render: (t) => <Elapsed from={instant(t.startedAt)} to={instant(t.finishedAt)} running={isActive(t.status)} />,
      },
    ],
    [trials, primaryMetric, styles],
  );
  return (
    <DataTable
      label="Trials"
      noun="trial"
      rows={trials.value}
      columns={columns}
      rowKey={(t) => t.name}
      initialSort={{ column: 'trial', direction: 'ascending' }}
    />
  );
}
