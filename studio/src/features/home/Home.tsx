import {
  Badge,
  Button,
  makeStyles,
  mergeClasses,
  SkeletonItem,
  Skeleton,
  Text,
  tokens,
} from '@fluentui/react-components';
import {
  ArrowUploadRegular,
  BeakerRegular,
  BoxRegular,
  CheckmarkCircleFilled,
  DatabaseRegular,
  FlowchartRegular,
  LayerRegular,
  PlugConnectedRegular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router-dom';
import { parentOf } from '../../api/jobs';
import { useDataAssets, useEndpoints, useEnvironments, useExperiments, useJobs, useModels } from '../../app/queries';
import { useCurrent } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { CodeBlock } from '../../components/CodeBlock';
import { Empty, ErrorBar, Loaded } from '../../components/Feedback';
import { Card, Grid, Page } from '../../components/Page';
import { JobsTable } from '../jobs/JobsTable';
import { nextStep, steps, type Step, type StepKey } from './path';

const ICONS: Record<StepKey, ReactElement> = {
  environment: <LayerRegular />,
  dataset: <DatabaseRegular />,
  experiment: <BeakerRegular />,
  pipeline: <FlowchartRegular />,
  model: <BoxRegular />,
  endpoint: <PlugConnectedRegular />,
};

const useStyles = makeStyles({
  path: {
    display: 'grid',
    gridTemplateColumns: 'repeat(6, minmax(0, 1fr))',
    gap: '14px',
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    '@media (max-width: 1240px)': { gridTemplateColumns: 'repeat(3, minmax(0, 1fr))' },
  },
  step: {
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    gap: '6px',
    padding: '16px 16px 14px',
    borderRadius: tokens.borderRadiusXLarge,
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    boxShadow: tokens.shadow2,
  },
  arrow: {
    '@media (min-width: 1241px)': {
      ':not(:last-child)::after': {
        content: '""',
        position: 'absolute',
        right: '-15px',
        top: '33px',
        width: '14px',
        height: '2px',
        backgroundColor: tokens.colorNeutralStroke1,
      },
    },
  },
  next: { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: '-1px' },
  top: { display: 'flex', alignItems: 'center', justifyContent: 'space-between' },
  icon: {
    display: 'grid',
    placeItems: 'center',
    width: '36px',
    height: '36px',
    borderRadius: '10px',
    fontSize: '20px',
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  done: { color: tokens.colorPaletteGreenForeground1, fontSize: '18px', display: 'inline-flex' },
  title: { margin: '4px 0 0', fontSize: tokens.fontSizeBase400, fontWeight: 600 },
  count: { fontSize: '26px', lineHeight: '30px', fontWeight: 600, fontVariantNumeric: 'tabular-nums' },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  latest: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontSize: tokens.fontSizeBase200 },
  links: { display: 'flex', flexDirection: 'column', gap: '8px' },
});

export default function Home() {
  const styles = useStyles();
  const { ws, me } = useCurrent();
  const navigate = useNavigate();
  const environments = useEnvironments();
  const data = useDataAssets();
  const experiments = useExperiments();
  const jobs = useJobs();
  const models = useModels();
  const endpoints = useEndpoints();
  const loads = [environments, data, experiments, jobs, models, endpoints];
  const failed = loads.find((l) => l.isError && l.data === undefined);
  const all = steps({
    environments: environments.data,
    data: data.data,
    experiments: experiments.data,
    jobs: jobs.data,
    models: models.data,
    endpoints: endpoints.data,
  });
  const next = nextStep(all);
  return (
    <Page
      title={ws.name}
      subtitle={
        <span>
          Resource group {ws.resourceGroup} · {ws.location} · Atelier {me.version}
        </span>
      }
      actions={
        <Button appearance="primary" icon={<ArrowUploadRegular />} onClick={() => navigate('/data/upload')}>
          Upload data
        </Button>
      }
    >
      {failed && (
        <ErrorBar
          error={failed.error}
          retry={() => loads.forEach((l) => void l.refetch())}
          what="Not everything could be loaded"
        />
      )}
      <section aria-label="From environment to endpoint">
        <ol className={styles.path}>
          {all.map((s) => (
            <StepCard key={s.key} step={s} next={next === s.key} failed={!!failed} />
          ))}
        </ol>
      </section>
      <Grid>
        <Card title="Recent jobs" flush span={8} actions={<AppLink to="/jobs">All jobs</AppLink>}>
          <Loaded load={jobs}>
            {(list) => {
              const recent = list
                .filter((j) => !parentOf(j))
                .sort((a, b) => (b.systemData?.createdAt ?? '').localeCompare(a.systemData?.createdAt ?? ''))
                .slice(0, 8);
              return recent.length > 0 ? (
                <JobsTable jobs={recent} label="Recent jobs" filterable={false} compact />
              ) : (
                <div style={{ padding: 20 }}>
                  <Empty title="No jobs yet" command="./atelier demo">
                    The demo walks all six steps with synthetic patients and leaves the result here. Or submit your own
                    job with the Azure ML SDK.
                  </Empty>
                </div>
              );
            }}
          </Loaded>
        </Card>
        <div style={{ gridColumn: 'span 4', display: 'flex', flexDirection: 'column', gap: 18 }}>
          <Card title="Connect">
            <p style={{ margin: '0 0 8px' }}>In a shell, for the Azure ML SDK and MLflow:</p>
            <CodeBlock code={'eval "$(./atelier env)"'} label="Shell command" />
            <p style={{ margin: '12px 0 8px' }}>Then in Python:</p>
            <CodeBlock
              label="Python"
              wrap
              code={
                'from azure.ai.ml import MLClient\nfrom azure.identity import DefaultAzureCredential\n\nml = MLClient.from_config(DefaultAzureCredential())'
              }
            />
          </Card>
          <Card title="Quick links">
            <div className={styles.links}>
              <AppLink to="/data/upload">Upload a CSV as a dataset</AppLink>
              <AppLink to="/jobs">Compare runs of an experiment</AppLink>
              <AppLink to="/models">Deploy a model</AppLink>
              <AppLink to="/endpoints">Test an endpoint</AppLink>
              <AppLink to="/settings">Connection settings</AppLink>
            </div>
          </Card>
        </div>
      </Grid>
    </Page>
  );
}

function StepCard({ step, next, failed }: { step: Step; next: boolean; failed: boolean }) {
  const styles = useStyles();
  const has = (step.count ?? 0) > 0;
  return (
    <li className={mergeClasses(styles.step, styles.arrow, next && styles.next)}>
      <div className={styles.top}>
        <span className={styles.icon} aria-hidden="true">
          {ICONS[step.key]}
        </span>
        {has && (
          <span className={styles.done} role="img" aria-label="Done">
            <CheckmarkCircleFilled />
          </span>
        )}
        {next && (
          <Badge appearance="filled" color="brand">
            Next step
          </Badge>
        )}
      </div>
      <h2 className={styles.title}>
        <AppLink to={step.to} style={{ fontSize: 'inherit', fontWeight: 'inherit' }}>
          {step.title}
        </AppLink>
      </h2>
      {step.count === null && !failed ? (
        <Skeleton aria-label={`Loading ${step.title}`}>
          <SkeletonItem size={28} style={{ width: '40%' }} />
        </Skeleton>
      ) : (
        <span className={styles.count}>{step.count ?? '–'}</span>
      )}
      <Text className={styles.quiet}>{step.what}</Text>
      <div className={styles.latest} title={step.latest?.label}>
        {step.latest ? (
          <>
            Latest: <AppLink to={step.latest.to}>{step.latest.label}</AppLink>
          </>
        ) : step.count === 0 ? (
          <span className={styles.quiet}>
            {step.key === 'dataset' ? <AppLink to="/data/upload">{step.next}</AppLink> : step.next}
          </span>
        ) : null}
      </div>
    </li>
  );
}
