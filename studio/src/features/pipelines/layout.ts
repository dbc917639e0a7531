/** Positions of a pipeline's nodes: layered, top to bottom, by dagre; the pipeline's ends are nodes of their own. */
import { graphlib, layout as dagre } from '@dagrejs/dagre';
import type { JobGraph } from '../../api/jobs';

export const NODE_WIDTH = 268;
export const NODE_HEIGHT = 92;
export const END_WIDTH = 168;
export const END_HEIGHT = 40;

/** Ids of the two ends; the wire uses the same words. */
export const INPUTS = 'inputs';
export const OUTPUTS = 'outputs';

export interface Placed {
  id: string;
  kind: 'node' | 'end';
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Wire {
  id: string;
  from: string;
  to: string;
  /** All ports that this connection carries: "prepared_data → training_data". */
  labels: string[];
}

/** Several ports between the same two nodes become one wire. Wires to nodes that do not exist are left out. */
export function wires(graph: JobGraph): Wire[] {
  const names = new Set(graph.nodes.map((n) => n.name));
  const byEnds = new Map<string, Wire>();
  for (const e of graph.edges) {
    if (!(names.has(e.from) || e.from === INPUTS) || !(names.has(e.to) || e.to === OUTPUTS)) continue;
    const id = `${e.from}→${e.to}`;
    const label = e.fromPort === e.toPort ? e.fromPort : `${e.fromPort} → ${e.toPort}`;
    const wire = byEnds.get(id);
    if (wire) wire.labels.push(label);
    else byEnds.set(id, { id, from: e.from, to: e.to, labels: [label] });
  }
  return [...byEnds.values()];
}

/** Top-left corners. A cycle, which no valid pipeline has, still gets a drawing. */
export function place(graph: JobGraph): Placed[] {
  const g = new graphlib.Graph();
  g.setGraph({ rankdir: 'TB', nodesep: 48, ranksep: 64, marginx: 16, marginy: 16 });
  g.setDefaultEdgeLabel(() => ({}));
  const links = wires(graph);
  for (const n of graph.nodes) g.setNode(n.name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const end of [INPUTS, OUTPUTS]) {
    if (links.some((l) => l.from === end || l.to === end)) g.setNode(end, { width: END_WIDTH, height: END_HEIGHT });
  }
  for (const l of links) g.setEdge(l.from, l.to);
  dagre(g);
  return g.nodes().map((id) => {
    const n = g.node(id) as { x: number; y: number; width: number; height: number };
    const kind = graph.nodes.some((node) => node.name === id) ? ('node' as const) : ('end' as const);
    return { id, kind, x: n.x - n.width / 2, y: n.y - n.height / 2, width: n.width, height: n.height };
  });
}
