import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import { listBatchJobs, predictionsOf, type BatchJobResource } from '../../api/batch';
import { useLoad, useWs } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { blobSource } from '../../components/blobSource';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Files } from '../../components/Files';
import { Card } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { isActive } from '../../lib/status';

const useStyles = makeStyles({ root: { display: 'flex', flexDirection: 'column', gap: '16px' } });

export function BatchJobs({ endpoint }: { endpoint: string }) {
  const styles = useStyles();
  const [chosen, setChosen] = useState<string | null>(null);
  const jobs = useLoad(['batchJobs', endpoint], (ws, o) => listBatchJobs(ws, endpoint, o), {
    active: (list) => list.some((j) => isActive(j.properties.status)),
  });
  return (
    <Loaded load={jobs}>
      {(list) =>
        list.length === 0 ? (
          <Empty title="No jobs yet">Press Create job to score a data asset.</Empty>
        ) : (
          <div className={styles.root}>
            <Card flush>
              <DataTable<BatchJobResource>
                label="Batch jobs"
                noun="job"
                rows={list}
                rowKey={(j) => j.name}
                columns={[
                  {
                    key: 'name',
                    header: 'Job',
                    value: (j) => j.name,
                    render: (j) => <AppLink to={`/jobs/${encodeURIComponent(j.name)}`}>{j.name}</AppLink>,
                  },
                  {
                    key: 'status',
                    header: 'Status',
                    value: (j) => j.properties.status,
                    render: (j) => <Status value={j.properties.status} />,
                  },
                  {
                    key: 'deployment',
                    header: 'Deployment',
                    value: (j) => j.properties.tags?.['azureml.deploymentname'],
                    render: (j) => j.properties.tags?.['azureml.deploymentname'] ?? '–',
                  },
                  {
                    key: 'created',
                    header: 'Created',
                    value: (j) => j.systemData?.createdAt,
                    render: (j) => <TimeAgo at={j.systemData?.createdAt} />,
                  },
                  {
                    key: 'predictions',
                    header: 'Predictions',
                    value: (j) => j.properties.status,
                    render: (j) =>
                      j.properties.status === 'Completed' ? (
                        <Button
                          size="small"
                          onClick={() => setChosen(j.name)}
                          aria-label={`Show predictions of ${j.name}`}
                        >
                          Show
                        </Button>
                      ) : (
                        '–'
                      ),
                  },
                ]}
              />
            </Card>
            {chosen && <Predictions key={chosen} job={chosen} />}
          </div>
        )
      }
    </Loaded>
  );
}

function Predictions({ job }: { job: string }) {
  const ws = useWs();
  const place = useLoad(['predictions', job], (w, o) => predictionsOf(w, job, o), { once: true });
  return (
    <Card title={`Predictions of ${job}`}>
      <Loaded load={place}>
        {(uri) =>
          uri ? (
            <Files source={blobSource(ws, uri)} label={`Files of ${job}`} />
          ) : (
            <Empty title="No predictions of its own">A pipeline’s outputs are on the page of its job.</Empty>
          )
        }
      </Loaded>
    </Card>
  );
}
