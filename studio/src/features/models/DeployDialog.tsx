import {
  Button,
  Combobox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Option,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ModelVersionResource } from '../../api/models';
import { useAnnounce } from '../../app/announce';
import { useEndpoints } from '../../app/queries';
import { useWs } from '../../app/workspace';
import { ErrorBar } from '../../components/Feedback';
import { Status } from '../../components/Status';
import { endpointNameProblem } from '../../lib/text';
import { deploy, type DeployStep } from './deploy';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: '14px' },
  steps: {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    columnGap: '18px',
    rowGap: '8px',
    padding: '12px 14px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

const STEPS: [DeployStep, string][] = [
  ['endpoint', 'Endpoint'],
  ['deployment', 'Deployment'],
  ['traffic', 'Traffic'],
];

function suggestion(model: string): string {
  const name = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  return endpointNameProblem(name) ? 'my-endpoint' : name;
}

export function DeployDialog({
  model,
  version,
  onClose,
}: {
  model: string;
  version: ModelVersionResource;
  onClose: () => void;
}) {
  const styles = useStyles();
  const ws = useWs();
  const navigate = useNavigate();
  const client = useQueryClient();
  const announce = useAnnounce();
  const endpoints = useEndpoints();
  const [endpoint, setEndpoint] = useState(suggestion(model));
  const [deployment, setDeployment] = useState(`v${version.name}`);
  const [takeTraffic, setTakeTraffic] = useState(true);
  const [steps, setSteps] = useState<Partial<Record<DeployStep, string>>>({});
  const abort = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    return () => controller.abort();
  }, []);
  const run = useMutation({
    mutationFn: () => {
      setSteps({});
      const onStep = (step: DeployStep, status: string) => {
        // A step that began means that the ones before it are done.
        const at = STEPS.findIndex(([s]) => s === step);
        setSteps((old) => ({
          ...old,
          ...Object.fromEntries(STEPS.slice(0, at).map(([s]) => [s, 'Succeeded'])),
          [step]: status === 'InProgress' ? 'Creating' : status,
        }));
      };
      return deploy(ws, { endpoint, deployment, modelId: version.id, takeTraffic }, onStep, abort.current.signal);
    },
    onSuccess: async () => {
      announce(`${model} version ${version.name} is deployed to ${endpoint}`);
      await client.invalidateQueries();
      navigate(`/endpoints/${encodeURIComponent(endpoint)}`);
    },
    onSettled: () => client.invalidateQueries(),
  });
  const endpointProblem = endpointNameProblem(endpoint);
  const deploymentProblem = endpointNameProblem(deployment.length < 3 ? `${deployment}xx` : deployment);
  const exists = endpoints.data?.some((e) => e.name === endpoint);
  return (
    <Dialog open modalType="modal" onOpenChange={(_, d) => !d.open && !run.isPending && onClose()}>
      <DialogSurface>
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (!endpointProblem && !deploymentProblem) run.mutate();
          }}
        >
          <DialogBody>
            <DialogTitle>
              Deploy {model} version {version.name}
            </DialogTitle>
            <DialogContent className={styles.content}>
              <Text>To a managed online endpoint on this machine, with a key.</Text>
              <Field
                label="Endpoint"
                required
                hint={exists ? 'This endpoint exists; it gets another deployment.' : 'A new endpoint.'}
                {...(endpointProblem ? { validationMessage: endpointProblem, validationState: 'error' as const } : {})}
              >
                <Combobox
                  freeform
                  value={endpoint}
                  disabled={run.isPending}
                  onChange={(e) => setEndpoint(e.target.value)}
                  onOptionSelect={(_, d) => d.optionValue && setEndpoint(d.optionValue)}
                  selectedOptions={[endpoint]}
                >
                  {(endpoints.data ?? []).map((e) => (
                    <Option key={e.name} value={e.name}>
                      {e.name}
                    </Option>
                  ))}
                </Combobox>
              </Field>
              <Field
                label="Deployment"
                required
                {...(deploymentProblem
                  ? { validationMessage: deploymentProblem, validationState: 'error' as const }
                  : {})}
              >
                <Input value={deployment} disabled={run.isPending} onChange={(_, d) => setDeployment(d.value)} />
              </Field>
              <Switch
                checked={takeTraffic}
                disabled={run.isPending}
                onChange={(_, d) => setTakeTraffic(d.checked)}
                label="Send all traffic to it once it works"
              />
              {Object.keys(steps).length > 0 && (
                <div className={styles.steps} aria-live="polite">
                  {STEPS.filter(([s]) => s !== 'traffic' || takeTraffic).map(([s, label]) => (
                    <div key={s} style={{ display: 'contents' }}>
                      <span>{label}</span>
                      <Status
                        value={
                          run.isError && steps[s] && steps[s] !== 'Succeeded' ? 'Failed' : (steps[s] ?? 'NotStarted')
                        }
                      />
                    </div>
                  ))}
                </div>
              )}
              {run.isError && <ErrorBar error={run.error} what="The deployment failed" />}
            </DialogContent>
            <DialogActions>
              <Button type="button" disabled={run.isPending} onClick={onClose}>
                Close
              </Button>
              <Button
                type="submit"
                appearance="primary"
                disabled={run.isPending || !!endpointProblem || !!deploymentProblem}
              >
                {run.isPending ? 'Deploying…' : run.isError ? 'Try again' : 'Deploy'}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
