/** A version's way: data → pipeline → run → model → deployments. */
import { graphlib, layout as dagre } from '@dagrejs/dagre';
import { orNull, type Workspace } from '../../api/arm';
import { listBatchDeployments, listBatchEndpoints } from '../../api/batch';
import { listDeployments, listEndpoints } from '../../api/endpoints';
import { getJob, jobTitle, parentOf, type Job } from '../../api/jobs';
import { getRun, type Run } from '../../api/mlflow';
import type { ModelVersionResource } from '../../api/models';
import { parseAssetRef, refLabel, refPath } from '../../api/refs';
import { dataInputs } from '../jobs/Lineage';
import { originJob } from './ModelLineage';

export interface LineageNode {
  id: string;
  kind: 'Data' | 'Environment' | 'Pipeline' | 'Run' | 'Model' | 'Endpoint';
  label: string;
  /** The page of it in the studio, if it has one. */
  to: string | null;
}

export interface LineageGraph {
  nodes: LineageNode[];
  edges: { from: string; to: string }[];
}

export interface Sources {
  model: string;
  version: string;
  runId: string | null;
  job: Job | null;
  pipeline: Job | null;
  run: Run | null;
  served: { endpoint: string; deployment: string; batch: boolean }[];
}

export async function loadSources(
  ws: Workspace,
  model: string,
  version: ModelVersionResource,
  o: { signal: AbortSignal },
): Promise<Sources> {
  const runId = originJob(version);
  const [job, run, online, batch] = await Promise.all([
    runId ? orNull(getJob(ws, runId, o)) : null,
    runId ? orNull(getRun(ws, runId, o)) : null,
    listEndpoints(ws, o),
    listBatchEndpoints(ws, o),
  ]);
  const parent = job ? parentOf(job) : null;
  const isThis = (id: unknown) => {
    const ref = typeof id === 'string' ? parseAssetRef(id, 'models') : null;
    return ref?.name === model && ref.version === version.name;
  };
  const [pipeline, ...served] = await Promise.all([
    parent ? orNull(getJob(ws, parent, o)) : null,
    ...online.map(async (e) =>
      (await listDeployments(ws, e.name, o))
        .filter((d) => isThis(d.properties.model))
        .map((d) => ({ endpoint: e.name, deployment: d.name, batch: false })),
    ),
    ...batch.map(async (e) =>
      (await listBatchDeployments(ws, e.name, o))
        .filter((d) => isThis(modelIn(d.properties)))
        .map((d) => ({ endpoint: e.name, deployment: d.name, batch: true })),
    ),
  ]);
  return { model, version: version.name, runId, job, pipeline, run, served: served.flat() };
}

/** Batch deployments name their model as text or as a reference with an asset id. */
function modelIn(properties: { model?: unknown }): unknown {
  const model = properties.model;
  return typeof model === 'object' && model !== null ? (model as { assetId?: unknown }).assetId : model;
}

export function graphOf(s: Sources): LineageGraph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, { from: string; to: string }>();
  const node = (n: LineageNode) => (nodes.has(n.id) || nodes.set(n.id, n), n.id);
  const edge = (from: string, to: string) => edges.set(`${from}→${to}`, { from, to });
  const asset = (kind: 'Data' | 'Environment', id: string) => {
    const ref = parseAssetRef(id, kind === 'Data' ? 'data' : 'environments');
    return node({ id, kind, label: ref ? refLabel(ref) : id, to: ref && !ref.registry ? refPath(ref) : null });
  };
  const model = node({
    id: 'model',
    kind: 'Model',
    label: `${s.model} ${s.version}`,
    to: `/models/${encodeURIComponent(s.model)}/${encodeURIComponent(s.version)}`,
  });
  const page = (name: string) => `/jobs/${encodeURIComponent(name)}`;
  if (s.runId) {
    const label = s.job ? jobTitle(s.job) : (s.run?.info.run_name ?? s.runId);
    const run = node({ id: 'run', kind: 'Run', label, to: s.job || s.run ? page(s.runId) : null });
    edge(run, model);
    for (const d of dataInputs(s.job)) edge(asset('Data', d), run);
    for (const d of s.run?.inputs?.dataset_inputs ?? []) {
      const { name, digest } = d.dataset;
      edge(node({ id: `dataset ${name} ${digest}`, kind: 'Data', label: `${name} (${digest})`, to: null }), run);
    }
    if (s.job?.properties.environmentId) edge(asset('Environment', s.job.properties.environmentId), run);
    if (s.pipeline) {
      const pipeline = node({
        id: 'pipeline',
        kind: 'Pipeline',
        label: jobTitle(s.pipeline),
        to: page(s.pipeline.name),
      });
      edge(pipeline, run);
      for (const d of dataInputs(s.pipeline)) edge(asset('Data', d), pipeline);
    }
  }
  for (const d of s.served) {
    const place = d.batch ? 'batch-endpoints' : 'endpoints';
    edge(
      model,
      node({
        id: `${place}/${d.endpoint}/${d.deployment}`,
        kind: 'Endpoint',
        label: `${d.endpoint}/${d.deployment}`,
        to: `/${place}/${encodeURIComponent(d.endpoint)}`,
      }),
    );
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export const WIDTH = 220;
export const HEIGHT = 62;

/** Top-left corners, from left to right. */
export function place(graph: LineageGraph): {
  at: Map<string, { x: number; y: number }>;
  width: number;
  height: number;
} {
  const g = new graphlib.Graph();
  g.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 70, marginx: 12, marginy: 12 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const n of graph.nodes) g.setNode(n.id, { width: WIDTH, height: HEIGHT });
  for (const e of graph.edges) g.setEdge(e.from, e.to);
  dagre(g);
  const at = new Map(
    g.nodes().map((id) => {
      const n = g.node(id) as { x: number; y: number };
      return [id, { x: n.x - WIDTH / 2, y: n.y - HEIGHT / 2 }] as const;
    }),
  );
  const { width = 0, height = 0 } = g.graph() as { width?: number; height?: number };
  return { at, width, height };
}

/** The graph in words. */
export function inWords(graph: LineageGraph): string {
  const label = (id: string) => graph.nodes.find((n) => n.id === id)?.label ?? id;
  if (graph.edges.length === 0) return 'Where this model came from is not recorded, and nothing serves it.';
  return graph.edges.map((e) => `${label(e.from)} to ${label(e.to)}`).join('; ');
}
