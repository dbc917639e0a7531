import { Tab, TabList } from '@fluentui/react-components';
import { useNavigate } from 'react-router-dom';

/** The two kinds of endpoints, each with a list of its own. */
export function EndpointKinds({ current }: { current: 'online' | 'batch' }) {
  const navigate = useNavigate();
  return (
    <TabList
      selectedValue={current}
      onTabSelect={(_, d) => navigate(d.value === 'batch' ? '/batch-endpoints' : '/endpoints')}
      aria-label="Kinds of endpoints"
    >
      <Tab value="online">Real-time</Tab>
      <Tab value="batch">Batch</Tab>
    </TabList>
  );
}
