import { FlowchartRegular } from '@fluentui/react-icons';
import { isPipeline } from '../../api/jobs';
import { useJobs } from '../../app/queries';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { JobsTable } from '../jobs/JobsTable';

const START = `from azure.ai.ml import load_job

ml.jobs.create_or_update(load_job("pipeline.yml"))`;

export default function PipelineList() {
  const jobs = useJobs();
  return (
    <Page title="Pipelines" subtitle="Pipeline jobs; each opens as its graph.">
      <Loaded load={jobs}>
        {(list) => {
          const pipelines = list.filter(isPipeline);
          return pipelines.length === 0 ? (
            <Empty title="No pipelines yet" icon={<FlowchartRegular />} command={START}>
              A pipeline runs components as a graph and reuses steps whose code, inputs and environment did not change.
              The sample in <code>samples/diabetes</code> is one to copy.
            </Empty>
          ) : (
            <Card flush>
              <JobsTable label="Pipeline jobs" jobs={pipelines} />
            </Card>
          );
        }}
      </Loaded>
    </Page>
  );
}
