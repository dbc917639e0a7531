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
import { lazy, Suspense } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { deleteEndpoint, getEndpoint, type EndpointResource } from '../../api/endpoints';
import { useAnnounceStatus } from '../../app/announce';
import { useDeployments } from '../../app/queries';
import { useLoad, useWs } from '../../app/workspace';
import { ErrorBar, Loaded, Loading } from '../../components/Feedback';
import { Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';
import { isActive } from '../../lib/status';
import { Consume } from './Consume';
import { DeploymentLogs } from './DeploymentLogs';
import { EndpointOverview } from './EndpointOverview';
import { trafficText } from './EndpointList';

const EndpointMetricsView = lazy(() => import('./EndpointMetrics'));
const TestForm = lazy(() => import('./TestForm'));

const TABS = {
  overview: 'Details',
  test: 'Test',
  consume: 'Consume',
  metrics: 'Metrics',
  logs: 'Deployment logs',
} as const;
type TabKey = keyof typeof TABS;

export default function EndpointDetail() {
  const { name = '', tab } = useParams();
  const navigate = useNavigate();
  const endpoint = useLoad(['endpoint', name], (ws, o) => getEndpoint(ws, name, o), {
    active: (e) => isActive(e.properties.provisioningState),
  });
  const deployments = useDeployments(name);
  const current: TabKey = tab && tab in TABS ? (tab as TabKey) : 'overview';
  useAnnounceStatus(name, endpoint.data?.properties.provisioningState);
  return (
    <Page
      title={name}
      crumbs={[{ label: 'Endpoints', to: '/endpoints' }]}
      subtitle={
        endpoint.data && (
          <>
            <Status value={endpoint.data.properties.provisioningState} />
            <span>{trafficText(endpoint.data.properties.traffic)}</span>
            <span>
              Created <TimeAgo at={endpoint.data.systemData?.createdAt} />
            </span>
          </>
        )
      }
      actions={endpoint.data && <Delete endpoint={endpoint.data} />}
    >
      <Loaded load={endpoint} what="The endpoint could not be loaded">
        {(e) => (
          <>
            <TabList
              selectedValue={current}
              onTabSelect={(_, d) =>
                navigate(`/endpoints/${encodeURIComponent(name)}/${String(d.value)}`, { replace: true })
              }
              aria-label="Endpoint views"
            >
              {Object.entries(TABS).map(([k, label]) => (
                <Tab key={k} value={k}>
                  {label}
                </Tab>
              ))}
            </TabList>
            <Suspense fallback={<Loading rows={6} />}>
              {current === 'overview' && <EndpointOverview endpoint={e} deployments={deployments} />}
              {current === 'test' && <TestForm endpoint={e} deployments={deployments} />}
              {current === 'consume' && <Consume endpoint={e} deployments={deployments} />}
              {current === 'metrics' && <EndpointMetricsView name={name} />}
              {current === 'logs' && <DeploymentLogs endpoint={name} deployments={deployments} />}
            </Suspense>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Delete({ endpoint }: { endpoint: EndpointResource }) {
  const ws = useWs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteEndpoint(ws, endpoint.name),
    onSuccess: async () => {
      await client.invalidateQueries();
      navigate('/endpoints');
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
              The endpoint, its deployments and its keys go; whoever calls it gets an error from then on. The models
              stay registered.
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
      {remove.isError && <ErrorBar error={remove.error} what="The endpoint was not deleted" />}
    </>
  );
}
