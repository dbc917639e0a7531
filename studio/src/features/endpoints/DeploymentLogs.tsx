import { Tab, TabList } from '@fluentui/react-components';
import { useState } from 'react';
import { getDeploymentLogs, type DeploymentResource } from '../../api/endpoints';
import { useLoad, type Load } from '../../app/workspace';
import { Empty, Loaded } from '../../components/Feedback';
import { LogText } from '../../components/LogView';
import { Card } from '../../components/Page';

const LINES = 500;

export function DeploymentLogs({
  endpoint,
  deployments,
}: {
  endpoint: string;
  deployments: Load<DeploymentResource[]>;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Loaded load={deployments}>
      {(list) => {
        const name = chosen ?? list[0]?.name;
        if (!name) return <Empty title="No deployments yet">A deployment's log appears here once there is one.</Empty>;
        return (
          <Card>
            <TabList
              size="small"
              selectedValue={name}
              onTabSelect={(_, d) => setChosen(String(d.value))}
              aria-label="Deployments"
            >
              {list.map((d) => (
                <Tab key={d.name} value={d.name}>
                  {d.name}
                </Tab>
              ))}
            </TabList>
            <One key={name} endpoint={endpoint} deployment={name} />
          </Card>
        );
      }}
    </Loaded>
  );
}

function One({ endpoint, deployment }: { endpoint: string; deployment: string }) {
  // A deployment's log has no end, so it is always asked for soon again.
  const logs = useLoad(
    ['deploymentLogs', endpoint, deployment],
    (ws, o) => getDeploymentLogs(ws, endpoint, deployment, LINES, o),
    { active: () => true },
  );
  return (
    <Loaded load={logs} rows={8}>
      {(l) => (
        <LogText
          text={l.content ?? ''}
          live
          label={`Log of ${deployment}`}
          note={`Last ${LINES} lines · live`}
          height={520}
        />
      )}
    </Loaded>
  );
}
