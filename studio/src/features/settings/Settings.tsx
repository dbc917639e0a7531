import { Radio, RadioGroup } from '@fluentui/react-components';
import { wsPath } from '../../api/arm';
import { useCurrent } from '../../app/workspace';
import { CodeBlock } from '../../components/CodeBlock';
import { KeyValues } from '../../components/KeyValues';
import { Card, Grid, Page } from '../../components/Page';
import { useMode, type Choice } from '../../theme/mode';

export default function Settings() {
  const { me, ws } = useCurrent();
  const { choice, setChoice } = useMode();
  const origin = window.location.origin;
  return (
    <Page title="Settings">
      <Grid>
        <Card title="Connect from a shell" span={6}>
          <p style={{ marginTop: 0 }}>Sets what the Azure ML SDK, MLflow and curl need, the certificate included:</p>
          <CodeBlock label="Shell" code={'eval "$(./atelier env)"'} />
          <p>For one command only:</p>
          <CodeBlock label="Shell" code="./atelier exec -- python train.py" />
        </Card>
        <Card title="Azure ML SDK for Python" span={6}>
          <CodeBlock
            label="Azure ML SDK"
            code={`from azure.ai.ml import MLClient\nfrom azure.identity import DefaultAzureCredential\n\nml = MLClient(\n    DefaultAzureCredential(),\n    subscription_id="${ws.subscriptionId}",\n    resource_group_name="${ws.resourceGroup}",\n    workspace_name="${ws.name}",\n)`}
          />
        </Card>
        <Card title="MLflow" span={6}>
          <CodeBlock
            label="MLflow"
            code={`import mlflow\n\n# after: eval "$(./atelier env)"\nmlflow.set_experiment("my-experiment")\nmlflow.autolog()`}
          />
          <p>Tracking URI, where it has to be written out:</p>
          <CodeBlock
            label="Tracking URI"
            wrap
            code={
              me.tracking?.startsWith('http') ? me.tracking : `${origin}${me.tracking ?? `/mlflow/v1.0${wsPath(ws)}`}`
            }
          />
        </Card>
        <Card title="Workspace" span={6}>
          <KeyValues
            items={[
              ['Name', ws.name],
              ['Resource group', ws.resourceGroup],
              ['Subscription', <code key="s">{ws.subscriptionId}</code>],
              ['Location', ws.location],
              ['Workspace id', <code key="w">{ws.workspaceId}</code>],
              ['Resource id', <code key="r">{wsPath(ws)}</code>],
            ]}
          />
        </Card>
        <Card title="Appearance" span={6}>
          <RadioGroup value={choice} onChange={(_, d) => setChoice(d.value as Choice)} aria-label="Theme">
            <Radio value="system" label="As the system" />
            <Radio value="light" label="Light" />
            <Radio value="dark" label="Dark" />
          </RadioGroup>
        </Card>
        <Card title="About" span={6}>
          <KeyValues
            items={[
              ['Atelier', me.version],
              ['Signed in as', me.user],
              ['Server', origin],
            ]}
          />
        </Card>
      </Grid>
    </Page>
  );
}
