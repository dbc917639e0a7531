import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Dropdown,
  Field,
  makeStyles,
  Option,
} from '@fluentui/react-components';
import { PlayRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { startBatchJob, type BatchDeploymentResource, type BatchEndpointResource } from '../../api/batch';
import { wsPath } from '../../api/arm';
import { useDataAssets } from '../../app/queries';
import { useWs } from '../../app/workspace';
import { ErrorBar, Loaded } from '../../components/Feedback';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', gap: '14px' } });

/** A dialog that starts a job over the latest version of a data asset. */
export function CreateJob({
  endpoint,
  deployments,
}: {
  endpoint: BatchEndpointResource;
  deployments: BatchDeploymentResource[];
}) {
  const styles = useStyles();
  const ws = useWs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const assets = useDataAssets();
  const [open, setOpen] = useState(false);
  const [data, setData] = useState<string | null>(null);
  const [deployment, setDeployment] = useState<string | null>(null);
  const target = deployment ?? endpoint.properties.defaults?.deploymentName ?? deployments[0]?.name ?? '';
  const start = useMutation({
    mutationFn: (name: string) => {
      const asset = (assets.data ?? []).find((a) => a.name === name);
      const version = asset?.properties.latestVersion ?? '1';
      return startBatchJob(ws, endpoint.name, target, {
        id: `${wsPath(ws)}/data/${name}/versions/${version}`,
        file: asset?.properties.dataType === 'uri_file',
      });
    },
    onSuccess: async () => {
      setOpen(false);
      await client.invalidateQueries();
      navigate(`/batch-endpoints/${encodeURIComponent(endpoint.name)}/jobs`);
    },
  });
  return (
    <Dialog open={open} onOpenChange={(_, d) => setOpen(d.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button appearance="primary" icon={<PlayRegular />} disabled={deployments.length === 0}>
          Create job
        </Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Score a data asset</DialogTitle>
          <DialogContent className={styles.form}>
            <Loaded load={assets}>
              {(list) => (
                <Field label="Data asset" hint="Each of its files is read, and its rows are scored.">
                  <Dropdown
                    placeholder="Choose"
                    value={data ?? ''}
                    selectedOptions={data ? [data] : []}
                    onOptionSelect={(_, d) => setData(d.optionValue ?? null)}
                  >
                    {list.map((a) => (
                      <Option key={a.name} value={a.name} text={a.name}>
                        {a.name} ({a.properties.dataType})
                      </Option>
                    ))}
                  </Dropdown>
                </Field>
              )}
            </Loaded>
            <Field label="Deployment">
              <Dropdown
                value={target}
                selectedOptions={[target]}
                onOptionSelect={(_, d) => setDeployment(d.optionValue ?? null)}
              >
                {deployments.map((d) => (
                  <Option key={d.name} value={d.name}>
                    {d.name}
                  </Option>
                ))}
              </Dropdown>
            </Field>
            {start.isError && <ErrorBar error={start.error} what="The job was not started" />}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>Close</Button>
            </DialogTrigger>
            <Button appearance="primary" disabled={!data || start.isPending} onClick={() => data && start.mutate(data)}>
              {start.isPending ? 'Starting…' : 'Start'}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
