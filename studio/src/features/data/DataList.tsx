import { Button } from '@fluentui/react-components';
import { ArrowUploadRegular, DatabaseRegular } from '@fluentui/react-icons';
import { useNavigate } from 'react-router-dom';
import { useDataAssets } from '../../app/queries';
import { AppLink } from '../../components/AppLink';
import { DataTable } from '../../components/DataTable';
import { Empty, Loaded } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { TimeAgo } from '../../components/Time';

const TYPES: Record<string, string> = { uri_file: 'File', uri_folder: 'Folder', mltable: 'Table' };

export const dataTypeLabel = (type: string | undefined): string => (type ? (TYPES[type] ?? type) : '–');

export default function DataList() {
  const data = useDataAssets();
  const navigate = useNavigate();
  const upload = (
    <Button appearance="primary" icon={<ArrowUploadRegular />} onClick={() => navigate('/data/upload')}>
      Upload
    </Button>
  );
  return (
    <Page title="Data" subtitle="Versioned data assets" actions={upload}>
      <Loaded load={data}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              title="No data yet"
              icon={<DatabaseRegular />}
              action={upload}
              command={
                'from azure.ai.ml.entities import Data\n\nml.data.create_or_update(Data(name="patients", path="patients.csv", type="uri_file"))'
              }
            >
              Upload a CSV here, or register data from Python.
            </Empty>
          ) : (
            <Card flush>
              <DataTable
                label="Data assets"
                noun="asset"
                rows={list}
                rowKey={(d) => d.name}
                initialSort={{ column: 'modified', direction: 'descending' }}
                columns={[
                  {
                    key: 'name',
                    header: 'Name',
                    value: (d) => d.name,
                    render: (d) => (
                      <AppLink to={`/data/${encodeURIComponent(d.name)}`} style={{ fontWeight: 600 }}>
                        {d.name}
                      </AppLink>
                    ),
                  },
                  {
                    key: 'version',
                    header: 'Latest version',
                    value: (d) => d.properties.latestVersion,
                    render: (d) => d.properties.latestVersion ?? '–',
                  },
                  {
                    key: 'type',
                    header: 'Type',
                    value: (d) => dataTypeLabel(d.properties.dataType),
                    render: (d) => dataTypeLabel(d.properties.dataType),
                  },
                  {
                    key: 'description',
                    header: 'Description',
                    value: (d) => d.properties.description,
                    render: (d) => d.properties.description || '–',
                  },
                  {
                    key: 'modified',
                    header: 'Modified',
                    value: (d) => d.systemData?.lastModifiedAt ?? d.systemData?.createdAt,
                    render: (d) => <TimeAgo at={d.systemData?.lastModifiedAt ?? d.systemData?.createdAt} />,
                  },
                  {
                    key: 'by',
                    header: 'Created by',
                    value: (d) => d.systemData?.createdBy,
                    render: (d) => d.systemData?.createdBy ?? '–',
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
