/** Sends one request to the endpoint and shows what came back and how long it took. */
import {
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Tab,
  TabList,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { SendRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { orNull } from '../../api/arm';
import { listKeys, score, type DeploymentResource, type EndpointResource } from '../../api/endpoints';
import { ApiError } from '../../api/http';
import { getModelVersion } from '../../api/models';
import { parseAssetRef } from '../../api/refs';
import type { SignatureColumn } from '../../api/signature';
import { useAnnounce } from '../../app/announce';
import { useLoad, useWs, type Load } from '../../app/workspace';
import { CodeBlock } from '../../components/CodeBlock';
import { ErrorBar } from '../../components/Feedback';
import { Card, Grid } from '../../components/Page';
import { pretty } from '../../lib/files';
import { latency } from '../../lib/format';
import { loadModelFile, type ModelFile } from '../models/mlmodel';
import { asRow, jsonProblem, requestText, withField } from './request';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '14px' },
  bar: { display: 'flex', gap: '12px', alignItems: 'end', flexWrap: 'wrap', justifyContent: 'space-between' },
  json: {
    '& textarea': {
      fontFamily: tokens.fontFamilyMonospace,
      fontSize: tokens.fontSizeBase200,
      lineHeight: '1.6',
      minHeight: '300px',
      maxHeight: 'none',
    },
  },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))',
    gap: '12px 16px',
    maxHeight: '440px',
    overflow: 'auto',
    padding: '2px 8px 2px 2px',
  },
  result: { display: 'flex', flexDirection: 'column', gap: '12px' },
  big: {
    fontSize: '30px',
    lineHeight: '36px',
    fontWeight: 600,
    fontVariantNumeric: 'tabular-nums',
    overflowWrap: 'anywhere',
  },
  facts: { display: 'flex', gap: '22px', color: tokens.colorNeutralForeground2 },
});

const BLANK = '{\n  "input_data": {\n    "columns": [],\n    "index": [0],\n    "data": [[]]\n  }\n}';

/** The model behind the deployment that a request would reach. */
function useModelFile(deployment: DeploymentResource | undefined): Load<ModelFile | null> {
  const ref = parseAssetRef(deployment?.properties.model, 'models');
  return useLoad(
    ['endpointModel', deployment?.properties.model],
    async (ws, o) => {
      const version = ref?.version ? await orNull(getModelVersion(ws, ref.name, ref.version, o)) : null;
      return version ? loadModelFile(ws, version, o) : null;
    },
    { once: true, enabled: !!ref },
  );
}

export default function TestForm({
  endpoint,
  deployments,
}: {
  endpoint: EndpointResource;
  deployments: Load<DeploymentResource[]>;
}) {
  const styles = useStyles();
  const ws = useWs();
  const announce = useAnnounce();
  const traffic = endpoint.properties.traffic ?? {};
  const busiest = deployments.data?.toSorted((a, b) => (traffic[b.name] ?? 0) - (traffic[a.name] ?? 0))[0];
  const [deployment, setDeployment] = useState('');
  const target = deployments.data?.find((d) => d.name === deployment) ?? busiest;
  const file = useModelFile(target);
  const [body, setBody] = useState<string | null>(null);
  const [view, setView] = useState<'form' | 'json'>('form');
  const prefilled = file.data?.request ? requestText(file.data.request) : BLANK;
  const text = body ?? prefilled;
  const types = useMemo(() => new Map((file.data?.model.inputs ?? []).map((c) => [c.name, c])), [file.data]);
  const row = asRow(text);
  const showForm = view === 'form' && row !== null && row.input_data.columns.length > 0;
  const problem = jsonProblem(text);
  useEffect(() => setBody(null), [target?.properties.model]);
  const send = useMutation({
    mutationFn: async () => {
      if (!endpoint.properties.scoringUri) throw new ApiError('This endpoint has no scoring URI yet.', 0);
      const keys = await listKeys(ws, endpoint.name);
      return score(endpoint.properties.scoringUri, keys.primaryKey ?? '', text, deployment || null);
    },
    onSuccess: (s) => announce(`Answer after ${latency(s.latencyMs)}: ${s.body.slice(0, 200)}`),
  });
  return (
    <Grid>
      <Card title="Request" span={7}>
        <form
          className={styles.form}
          onSubmit={(e) => {
            e.preventDefault();
            if (!problem) send.mutate();
          }}
        >
          <div className={styles.bar}>
            <TabList
              size="small"
              selectedValue={showForm ? 'form' : 'json'}
              onTabSelect={(_, d) => setView(d.value as 'form' | 'json')}
              aria-label="How to write the request"
            >
              <Tab value="form" disabled={!row || row.input_data.columns.length === 0}>
                Form
              </Tab>
              <Tab value="json">JSON</Tab>
            </TabList>
            <Field label="Send to" orientation="horizontal">
              <Dropdown
                value={deployment || 'By traffic'}
                selectedOptions={[deployment]}
                onOptionSelect={(_, d) => setDeployment(d.optionValue ?? '')}
                style={{ minWidth: 140 }}
              >
                <Option value="">By traffic</Option>
                <>
                  {(deployments.data ?? []).map((d) => (
                    <Option key={d.name} value={d.name}>
                      {d.name}
                    </Option>
                  ))}
                </>
              </Dropdown>
            </Field>
          </div>
          {showForm ? (
            <div className={styles.fields}>
              {row.input_data.columns.map((c, i) => (
                <ColumnField
                  key={c}
                  name={c}
                  spec={types.get(c)}
                  value={row.input_data.data[0]?.[i]}
                  onChange={(v) => setBody(requestText(withField(row, i, v, types)))}
                />
              ))}
            </div>
          ) : (
            <Field
              label="JSON body"
              {...(problem ? { validationMessage: problem, validationState: 'error' as const } : {})}
            >
              <Textarea
                className={styles.json}
                value={text}
                resize="vertical"
                spellCheck={false}
                onChange={(_, d) => setBody(d.value)}
              />
            </Field>
          )}
          <div style={{ display: 'flex', gap: 10 }}>
            <Button type="submit" appearance="primary" icon={<SendRegular />} disabled={send.isPending || !!problem}>
              {send.isPending ? 'Sending…' : 'Test'}
            </Button>
            {body !== null && (
              <Button type="button" onClick={() => setBody(null)}>
                Start over
              </Button>
            )}
          </div>
          {file.data === null && (
            <Text size={200} style={{ color: tokens.colorNeutralForeground2 }}>
              The model says nothing about its inputs, so write the request yourself.
            </Text>
          )}
        </form>
      </Card>
      <Card title="Response" span={5}>
        <div className={styles.result} aria-busy={send.isPending}>
          {send.isError && <ErrorBar error={send.error} what="No prediction" />}
          {send.data && (
            <>
              <div className={styles.facts}>
                <span>
                  Latency <strong>{latency(send.data.latencyMs)}</strong>
                </span>
                {send.data.deployment && (
                  <span>
                    Deployment <strong>{send.data.deployment}</strong>
                  </span>
                )}
              </div>
              {headline(send.data.body) !== null && <div className={styles.big}>{headline(send.data.body)}</div>}
              <CodeBlock code={pretty(send.data.body)} label="Response" maxHeight={420} wrap />
            </>
          )}
          {!send.data && !send.isError && (
            <Text style={{ color: tokens.colorNeutralForeground2 }}>
              The endpoint's answer appears here, with the time it took.
            </Text>
          )}
        </div>
      </Card>
    </Grid>
  );
}

function ColumnField({
  name,
  spec,
  value,
  onChange,
}: {
  name: string;
  spec: SignatureColumn | undefined;
  value: unknown;
  onChange: (v: string) => void;
}) {
  return (
    <Field label={name} {...(spec ? { hint: `${spec.type}${spec.required ? '' : ', optional'}` } : {})}>
      <Input
        style={{ minWidth: 0 }}
        input={{ style: { minWidth: 0, width: '100%' } }}
        value={value === null || value === undefined ? '' : String(value)}
        onChange={(_, d) => onChange(d.value)}
      />
    </Field>
  );
}

/** A single prediction, to be shown large; null for anything longer. */
function headline(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const one = Array.isArray(parsed) && parsed.length === 1 ? (parsed[0] as unknown) : parsed;
    return typeof one === 'number' || typeof one === 'string' || typeof one === 'boolean' ? String(one) : null;
  } catch {
    return null;
  }
}
