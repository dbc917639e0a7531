import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useParams } from 'react-router-dom';
import { onSessionEnded } from '../api/http';
import { getMe } from '../api/workspace';
import { ErrorBar, Loading } from '../components/Feedback';
import { AnnounceProvider } from './announce';
import { SessionEnded } from './SessionEnded';
import { Shell } from './Shell';
import { WorkspaceProvider } from './workspace';

const Home = lazy(() => import('../features/home/Home'));
const DataList = lazy(() => import('../features/data/DataList'));
const DataDetail = lazy(() => import('../features/data/DataDetail'));
const DataUpload = lazy(() => import('../features/data/DataUpload'));
const EnvironmentList = lazy(() => import('../features/environments/EnvironmentList'));
const EnvironmentDetail = lazy(() => import('../features/environments/EnvironmentDetail'));
const Jobs = lazy(() => import('../features/jobs/Jobs'));
const JobDetail = lazy(() => import('../features/jobs/JobDetail'));
const ExperimentDetail = lazy(() => import('../features/experiments/ExperimentDetail'));
const PipelineList = lazy(() => import('../features/pipelines/PipelineList'));
const ScheduleList = lazy(() => import('../features/schedules/ScheduleList'));
const ModelList = lazy(() => import('../features/models/ModelList'));
const ModelDetail = lazy(() => import('../features/models/ModelDetail'));
const EndpointList = lazy(() => import('../features/endpoints/EndpointList'));
const EndpointDetail = lazy(() => import('../features/endpoints/EndpointDetail'));
const BatchList = lazy(() => import('../features/batch/BatchList'));
const BatchDetail = lazy(() => import('../features/batch/BatchDetail'));
const ComputeList = lazy(() => import('../features/compute/ComputeList'));
const Settings = lazy(() => import('../features/settings/Settings'));
const NotFound = lazy(() => import('./NotFound'));

export function App() {
  const [ended, setEnded] = useState(false);
  useEffect(() => onSessionEnded(() => setEnded(true)), []);
  if (ended) return <SessionEnded />;
  return (
    <BrowserRouter basename={import.meta.env.BASE_URL.replace(/\/$/, '')}>
      <AnnounceProvider>
        <Entry />
      </AnnounceProvider>
    </BrowserRouter>
  );
}

function Entry() {
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => getMe(signal), staleTime: 60_000 });
  if (me.isError) {
    return (
      <main style={{ maxWidth: 640, margin: '15vh auto', padding: 24 }}>
        <h1 style={{ fontSize: 24 }}>Atelier studio</h1>
        <ErrorBar error={me.error} retry={() => void me.refetch()} what="The workspace could not be opened" />
      </main>
    );
  }
  if (!me.data) {
    return (
      <div style={{ padding: 48 }}>
        <Loading label="Opening the workspace" />
      </div>
    );
  }
  if (me.data.workspaces.length === 0) {
    return (
      <main style={{ maxWidth: 640, margin: '15vh auto', padding: 24 }}>
        <h1 style={{ fontSize: 24 }}>No workspace yet</h1>
        <p>This server has no workspace that {me.data.user} may see.</p>
      </main>
    );
  }
  return (
    <WorkspaceProvider me={me.data}>
      <Shell>
        <Suspense
          fallback={
            <div style={{ padding: 32 }}>
              <Loading label="Loading the page" />
            </div>
          }
        >
          <Pages />
        </Suspense>
      </Shell>
    </WorkspaceProvider>
  );
}

function Pages() {
  return (
    <Routes>
      <Route index element={<Home />} />
      <Route path="data" element={<DataList />} />
      <Route path="data/upload" element={<DataUpload />} />
      <Route path="data/:name/:version?" element={<DataDetail />} />
      <Route path="environments" element={<EnvironmentList />} />
      <Route path="environments/:name/:version?" element={<EnvironmentDetail />} />
      <Route path="jobs" element={<Jobs />} />
      <Route path="jobs/:name/:tab?" element={<JobDetail />} />
      <Route path="runs/:name" element={<RunAlias />} />
      <Route path="experiments/:id" element={<ExperimentDetail />} />
      <Route path="pipelines" element={<PipelineList />} />
      <Route path="schedules" element={<ScheduleList />} />
      <Route path="models" element={<ModelList />} />
      <Route path="models/:name/:version?" element={<ModelDetail />} />
      <Route path="endpoints" element={<EndpointList />} />
      <Route path="endpoints/:name/:tab?" element={<EndpointDetail />} />
      <Route path="batch-endpoints" element={<BatchList />} />
      <Route path="batch-endpoints/:name/:tab?" element={<BatchDetail />} />
      <Route path="compute" element={<ComputeList />} />
      <Route path="settings" element={<Settings />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}

// Azure's studio links name a job `/runs/{job}`; such links keep working here.
function RunAlias() {
  const { name = '' } = useParams();
  return <Navigate to={`/jobs/${encodeURIComponent(name)}`} replace />;
}
