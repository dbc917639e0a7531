import { ServerRegular } from '@fluentui/react-icons';
import type { Arm } from '../../api/arm';
import type { Compute } from '../../api/compute';
import { useComputes } from '../../app/queries';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { Status } from '../../components/Status';
import { TimeAgo } from '../../components/Time';

const KINDS: Record<string, string> = {
  AmlCompute: 'Compute cluster',
  ComputeInstance: 'Compute instance',
  Kubernetes: 'Kubernetes cluster',
  SynapseSpark: 'Spark pool',
};

/** The most telling of a compute's states: what it does now, else how it was set up. */
export function computeState(c: Compute): string | undefined {
  return c.properties?.state ?? c.properties?.allocationState ?? c.provisioningState;
}

export function nodes(c: Compute): string {
  const s = c.properties?.scaleSettings;
  if (s?.maxNodeCount === undefined) return '–';
  const now = c.properties?.currentNodeCount;
  return `${now === undefined ? '' : `${now} of `}${s.minNodeCount ?? 0}–${s.maxNodeCount}`;
}

export default function ComputeList() {
  const computes = useComputes();
  return (
    <Page title="Compute" subtitle="Where jobs run">
      <Loaded load={computes}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              title="No compute of its own yet"
              icon={<ServerRegular />}
              command={
                'from azure.ai.ml.entities import AmlCompute\n\nml.compute.begin_create_or_update(AmlCompute(name="aml-cluster", min_instances=0, max_instances=2))'
              }
            >
              Jobs without a compute run on this machine. Name one to give it limits of its own.
            </Empty>
          ) : (
            <Card flush>
              <DataTable<Arm<Compute>>
                label="Compute"
                noun="compute"
                rows={list}
                rowKey={(c) => c.name}
                columns={[
                  { key: 'name', header: 'Name', value: (c) => c.name, render: (c) => <strong>{c.name}</strong> },
                  {
                    key: 'type',
                    header: 'Type',
                    value: (c) => c.properties.computeType,
                    render: (c) => KINDS[c.properties.computeType] ?? c.properties.computeType,
                  },
                  {
                    key: 'state',
                    header: 'State',
                    value: (c) => computeState(c.properties),
                    render: (c) => <Status value={computeState(c.properties)} />,
                  },
                  {
                    key: 'size',
                    header: 'Size',
                    value: (c) => c.properties.properties?.vmSize,
                    render: (c) => c.properties.properties?.vmSize ?? '–',
                  },
                  {
                    key: 'nodes',
                    header: 'Nodes',
                    numeric: true,
                    value: (c) => c.properties.properties?.scaleSettings?.maxNodeCount,
                    render: (c) => nodes(c.properties),
                  },
                  {
                    key: 'created',
                    header: 'Created',
                    value: (c) => c.systemData?.createdAt,
                    render: (c) => <TimeAgo at={c.systemData?.createdAt} />,
                  },
                ]}
              />
            </Card>
          )
        }
      </Loaded>
    </Page>
  );
}
