import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Tab,
  TabList,
} from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router-dom';
import { deleteBatchEndpoint, getBatchEndpoint, type BatchEndpointResource } from '../../api/batch';
import { useBatchDeployments } from '../../app/queries';
import { useLoad, useWs } from '../../app/workspace';
import { ErrorBar, Loaded } from '../../components/Feedback';
import { Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { BatchJobs } from './BatchJobs';
import { BatchOverview } from './BatchOverview';
import { CreateJob } from './CreateJob';

const TABS = { overview: 'Details', jobs: 'Jobs' } as const;
type TabKey = keyof typeof TABS;

export default function BatchDetail() {
  const { name = '', tab } = useParams();
  const navigate = useNavigate();
  const endpoint = useLoad(['batchEndpoint', name], (ws, o) => getBatchEndpoint(ws, name, o));
  const deployments = useBatchDeployments(name);
  const current: TabKey = tab && tab in TABS ? (tab as TabKey) : 'overview';
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Batch endpoints', to: '/batch-endpoints' }]}
      subtitle={
        endpoint.data && (
          <>
            <Status value={endpoint.data.properties.provisioningState} />
            <span>
              Created <TimeAgo at={endpoint.data.systemData?.createdAt} />
            </span>
          </>
        )
      }
      actions={
        endpoint.data && (
          <>
            <CreateJob endpoint={endpoint.data} deployments={deployments.data ?? []} />
            <Delete endpoint={endpoint.data} />
          </>
        )
      }
    >
      <Loaded load={endpoint} what="The batch endpoint could not be loaded">
        {(e) => (
          <>
            <TabList
              selectedValue={current}
              onTabSelect={(_, d) =>
                navigate(`/batch-endpoints/${encodeURIComponent(name)}/${String(d.value)}`, { replace: true })
              }
              aria-label="Batch endpoint views"
            >
              {Object.entries(TABS).map(([k, label]) => (
                <Tab key={k} value={k}>
                  {label}
                </Tab>
              ))}
            </TabList>
            {current === 'overview' && <BatchOverview endpoint={e} deployments={deployments} />}
            {current === 'jobs' && <BatchJobs endpoint={name} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Delete({ endpoint }: { endpoint: BatchEndpointResource }) {
  const ws = useWs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteBatchEndpoint(ws, endpoint.name),
    onSuccess: async () => {
      await client.invalidateQueries();
      navigate('/batch-endpoints');
    },
  });
  return (
    <>
      <Dialog>
        <DialogTrigger disableButtonEnhancement>
          <Button icon={<DeleteRegular />} disabled={remove.isPending}>
            {remove.isPending ? 'Deleting…' : 'Delete'}
          </Button>
        </DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Delete {endpoint.name}?</DialogTitle>
            <DialogContent>
              The endpoint and its deployments go. Its jobs, their predictions and the models stay.
            </DialogContent>
            <DialogActions>
              <DialogTrigger disableButtonEnhancement>
                <Button>Keep it</Button>
              </DialogTrigger>
              <DialogTrigger disableButtonEnhancement>
                <Button appearance="primary" onClick={() => remove.mutate()}>
                  Delete
                </Button>
              </DialogTrigger>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
      {remove.isError && <ErrorBar error={remove.error} what="The batch endpoint was not deleted" />}
    </>
  );
}
