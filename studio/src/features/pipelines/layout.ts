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

export interface Spot {
  x: number;
  y: number;
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

/** What a wire says: its ports, or their number when they are many. */
export function wireText(wire: Wire): string {
  return wire.labels.length > 2 ? `${wire.labels.length} ports` : wire.labels.join(', ');
}

export interface Drawing {
  /** Of everything drawn, labels and long wires included. */
  width: number;
  height: number;
  placed: Placed[];
  /** Each wire with the points it passes and the middle of its label. */
  routed: (Wire & { points: Spot[]; label: Spot })[];
}

/** Top-left corners and routes around nodes. A cycle, which no valid pipeline has, still gets a drawing. */
export function draw(graph: JobGraph): Drawing {
  const g = new graphlib.Graph();
  g.setGraph({ rankdir: 'TB', nodesep: 48, ranksep: 34, marginx: 16, marginy: 16 });
  g.setDefaultEdgeLabel(() => ({}));
  const links = wires(graph);
  for (const n of graph.nodes) g.setNode(n.name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const end of [INPUTS, OUTPUTS]) {
    if (links.some((l) => l.from === end || l.to === end)) g.setNode(end, { width: END_WIDTH, height: END_HEIGHT });
  }
  // Room for the label makes dagre lead long wires around the nodes between their ends.
  for (const l of links) g.setEdge(l.from, l.to, { width: 6.2 * wireText(l).length, height: 16, labelpos: 'c' });
  dagre(g);
  const placed = g.nodes().map((id) => {
    const n = g.node(id) as { x: number; y: number; width: number; height: number };
    const kind = graph.nodes.some((node) => node.name === id) ? ('node' as const) : ('end' as const);
    return { id, kind, x: n.x - n.width / 2, y: n.y - n.height / 2, width: n.width, height: n.height };
  });
  const routed = links.map((l) => {
    const e = g.edge(l.from, l.to) as { points: Spot[]; x: number; y: number };
    return { ...l, points: e.points, label: { x: e.x, y: e.y } };
  });
  const { width = 0, height = 0 } = g.graph() as { width?: number; height?: number };
  return { width, height, placed, routed };
}

/** An SVG path that leaves and arrives straight and bends smoothly at the points between. */
export function curve(points: readonly Spot[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const at = (p: Spot) => `${Math.round(p.x)},${Math.round(p.y)}`;
  let path = `M${at(first)}`;
  rest.forEach((p, i) => {
    const next = rest[i + 1];
    path += next ? ` Q${at(p)} ${at({ x: (p.x + next.x) / 2, y: (p.y + next.y) / 2 })}` : ` L${at(p)}`;
  });
  return path;
}
