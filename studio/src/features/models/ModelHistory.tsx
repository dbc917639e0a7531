/** Every change of a model's stages, aliases and deployments: who, when, from what to what. */
import { Badge, Text } from '@fluentui/react-components';
import { modelHistory, type ModelChange } from '../../api/registry';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { TimeAgo } from '../../components/Time';

export function ModelHistory({ name }: { name: string }) {
  const load = useLoad(['models', name, 'history'], (ws, o) => modelHistory(ws, name, o));
  return (
    <Loaded load={load} what="The history could not be read">
      {(list) => (
        <Card flush>
          <DataTable
            label="History"
            noun="change"
            rows={list.map((c, i) => ({ ...c, id: `${list.length - i}` }))}
            rowKey={(c) => c.id}
            columns={[
              { key: 'at', header: 'When', value: (c) => c.at, render: (c) => <TimeAgo at={c.at} /> },
              { key: 'who', header: 'Who', value: (c) => c.who, render: (c) => c.who || '–' },
              {
                key: 'version',
                header: 'Version',
                value: (c) => c.version,
                render: (c) =>
                  c.version ? (
                    <AppLink to={`/models/${encodeURIComponent(name)}/${encodeURIComponent(c.version)}`}>
                      {c.version}
                    </AppLink>
                  ) : (
                    '–'
                  ),
              },
              {
                key: 'kind',
                header: 'Kind',
                value: (c) => c.kind,
                render: (c) => <Badge appearance="tint">{c.kind}</Badge>,
              },
              { key: 'what', header: 'Change', value: said, render: (c) => <Text wrap>{said(c)}</Text> },
            ]}
          />
        </Card>
      )}
    </Loaded>
  );
}

/** A change in a sentence's worth of words. */
export function said(c: ModelChange): string {
  switch (c.kind) {
    case 'created':
      return 'Registered';
    case 'deleted':
      return c.version ? 'Version deleted' : 'Model deleted';
    case 'renamed':
      return `Renamed from ${c.before} to ${c.after}`;
    case 'stage':
      return `Stage from ${c.before || 'None'} to ${c.after || 'None'}`;
    case 'alias':
      if (!c.after) return `Alias ${c.alias} removed from version ${c.before}`;
      return c.before
        ? `Alias ${c.alias} from version ${c.before} to ${c.after}`
        : `Alias ${c.alias} set on version ${c.after}`;
    default: {
      const where = `${c.endpoint}/${c.deployment}`;
      if (c.after === '') return `No longer served by ${where}`;
      if (c.before === '') return `Deployed to ${where} with ${c.after} % of the traffic`;
      return c.before === c.after
        ? `Deployed anew to ${where}, ${c.after} % of the traffic`
        : `Traffic of ${where} from ${c.before} % to ${c.after} %`;
    }
  }
}
