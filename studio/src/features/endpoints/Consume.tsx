import { orNull } from '../../api/arm';
import type { DeploymentResource, EndpointResource } from '../../api/endpoints';
import { getModelVersion } from '../../api/models';
import { parseAssetRef } from '../../api/refs';
import { useLoad, type Load } from '../../app/workspace';
import { CodeBlock } from '../../components/CodeBlock';
import { Card, Grid } from '../../components/Page';
import { loadModelFile } from '../models/mlmodel';
import { requestText } from './request';
import { curlSnippet, pythonSnippet, sdkSnippet } from './snippets';

export function Consume({
  endpoint,
  deployments,
}: {
  endpoint: EndpointResource;
  deployments: Load<DeploymentResource[]>;
}) {
  const model = deployments.data?.[0]?.properties.model;
  const ref = parseAssetRef(model, 'models');
  const file = useLoad(
    ['endpointModel', model],
    async (ws, o) => {
      const version = ref?.version ? await orNull(getModelVersion(ws, ref.name, ref.version, o)) : null;
      return version ? loadModelFile(ws, version, o) : null;
    },
    { once: true, enabled: !!ref },
  );
  const uri = endpoint.properties.scoringUri ?? '';
  const body = file.data?.request ? requestText(file.data.request) : null;
  return (
    <Grid>
      <Card title="Python, Azure ML SDK" span={6}>
        <CodeBlock label="Azure ML SDK" code={sdkSnippet(endpoint.name)} />
      </Card>
      <Card title="The key" span={6}>
        <p style={{ marginTop: 0 }}>The other two read the key from the environment. Take it from Details, Keys, or:</p>
        <CodeBlock
          label="Key"
          code={`export ENDPOINT_KEY=$(python -c 'from azure.ai.ml import MLClient; from azure.identity import DefaultAzureCredential as C\nprint(MLClient.from_config(C()).online_endpoints.get_keys("${endpoint.name}").primary_key)')`}
          wrap
        />
      </Card>
      <Card title="curl" span={12}>
        <CodeBlock label="curl" code={curlSnippet(uri, body)} wrap />
      </Card>
      <Card title="Python, no packages" span={12}>
        <CodeBlock label="Python" code={pythonSnippet(uri, body)} wrap />
      </Card>
    </Grid>
  );
}
