/** A run's artifacts and a job's named outputs, in one browser with a switch. */
import { Tab, TabList } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import type { Workspace } from '../../api/arm';
import type { Job } from '../../api/jobs';
import { ApiError } from '../../api/http';
import { artifactUrl, listArtifacts } from '../../api/mlflow';
import { useWs } from '../../app/workspace';
import { blobSource } from '../../components/blobSource';
import { Files, type FileSource } from '../../components/Files';
import { Card } from '../../components/Page';

export function runSource(ws: Workspace, runId: string): FileSource {
  return {
    key: ['run', ws.workspaceId, runId],
    list: async (folder, signal) => (await listArtifacts(ws, runId, folder, { signal })).entries,
    url: async (path) => {
      const { root } = await listArtifacts(ws, runId, path.split('/').slice(0, -1).join('/'));
      const url = artifactUrl(ws, root, path);
      if (!url) throw new ApiError(`These artifacts are kept at ${root}, which the studio cannot read.`, 0);
      return url;
    },
  };
}

export function JobArtifacts({ job, runId, live }: { job?: Job; runId?: string; live: boolean }) {
  const ws = useWs();
  const id = job?.name ?? runId ?? '';
  const outputs = Object.keys(job?.properties.outputs ?? {}).filter((o) => o !== 'default');
  const [chosen, setChosen] = useState('artifacts');
  const source = useMemo<FileSource>(() => {
    if (chosen === 'artifacts') return runSource(ws, id);
    const uri = job?.properties.outputs?.[chosen]?.uri;
    return blobSource(ws, uri || `azureml://jobs/${id}/outputs/${chosen}`);
  }, [ws, id, chosen, job?.properties.outputs]);
  return (
    <Card>
      {outputs.length > 0 && (
        <TabList
          size="small"
          selectedValue={chosen}
          onTabSelect={(_, d) => setChosen(String(d.value))}
          aria-label="Places"
          style={{ marginBottom: 12 }}
        >
          <Tab value="artifacts">Artifacts</Tab>
          {outputs.map((o) => (
            <Tab key={o} value={o}>
              Output: {o}
            </Tab>
          ))}
        </TabList>
      )}
      <Files
        key={chosen}
        source={source}
        label={chosen === 'artifacts' ? 'Artifacts' : `Output ${chosen}`}
        live={live}
      />
    </Card>
  );
}
