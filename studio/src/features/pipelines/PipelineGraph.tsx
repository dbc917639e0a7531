/** A pipeline job as its graph: states, reuse and timings on the nodes, details of the chosen node beside it. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { Background, Controls, MarkerType, ReactFlow, type Edge, type Node } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { getGraph, type Job, type JobGraph } from '../../api/jobs';
import { useAnnounceStatus } from '../../app/announce';
import { useLoad } from '../../app/workspace';
import { Loaded } from '../../components/Feedback';
import { count } from '../../lib/format';
import { isActive, statusView } from '../../lib/status';
import { useMode } from '../../theme/mode';
import { draw, INPUTS, wireText } from './layout';
import { NodePanel } from './NodePanel';
import { EndNode, RoutedEdge, StepNode } from './nodes';

const nodeTypes = { step: StepNode, end: EndNode };
const edgeTypes = { routed: RoutedEdge };

const useStyles = makeStyles({
  root: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: '18px', alignItems: 'start' },
  withPanel: { gridTemplateColumns: 'minmax(0, 1fr) minmax(380px, 42%)' },
  canvas: {
    height: 'calc(100vh - 270px)',
    minHeight: '440px',
    borderRadius: tokens.borderRadiusXLarge,
    overflow: 'hidden',
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
  },
  summary: { color: tokens.colorNeutralForeground2 },
});

export default function PipelineGraph({ job }: { job: Job }) {
  const active = isActive(job.properties.status);
  const graph = useLoad(['graph', job.name], (ws, o) => getGraph(ws, job.name, o), {
    active: (g) => active || g.nodes.some((n) => isActive(n.status)),
  });
  return (
    <Loaded load={graph} rows={8} what="The graph could not be loaded">
      {(g) => <Canvas graph={g} job={job} />}
    </Loaded>
  );
}

/** "5 steps: 3 completed, 2 reused, 1 running". */
export function summary(graph: JobGraph): string {
  const by = new Map<string, number>();
  for (const n of graph.nodes) {
    const label = statusView(n.status).label.toLowerCase();
    by.set(label, (by.get(label) ?? 0) + 1);
  }
  const reused = graph.nodes.filter((n) => n.reused).length;
  return `${count(graph.nodes.length, 'step')}: ${[...by].map(([l, n]) => `${n} ${l}`).join(', ')}${reused ? `; ${reused} reused` : ''}`;
}

function Canvas({ graph, job }: { graph: JobGraph; job: Job }) {
  const styles = useStyles();
  const { dark } = useMode();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('node');
  const select = (node: string | null) =>
    setSearch((s) => (node ? s.set('node', node) : s.delete('node'), s), { replace: true });

  // The drawing depends on the shape only, so a change of state moves nothing.
  const shape = JSON.stringify([graph.nodes.map((n) => n.name), graph.edges]);
  const drawing = useMemo(() => draw(graph), [shape]);
  const nodes = useMemo<Node[]>(
    () =>
      drawing.placed.map((p) => ({
        id: p.id,
        type: p.kind === 'end' ? 'end' : 'step',
        position: { x: p.x, y: p.y },
        width: p.width,
        height: p.height,
        data:
          p.kind === 'end'
            ? { label: p.id === INPUTS ? 'Pipeline inputs' : 'Pipeline outputs' }
            : { node: graph.nodes.find((n) => n.name === p.id) },
        selected: p.id === chosen,
        selectable: p.kind === 'node',
        focusable: p.kind === 'node',
        draggable: false,
        ariaLabel:
          p.kind === 'node' ? `${p.id}, ${statusView(graph.nodes.find((n) => n.name === p.id)?.status).label}` : p.id,
      })),
    [drawing, graph, chosen],
  );
  const edges = useMemo<Edge[]>(
    () =>
      drawing.routed.map((l) => {
        const target = graph.nodes.find((n) => n.name === l.to);
        const source = graph.nodes.find((n) => n.name === l.from);
        return {
          id: l.id,
          type: 'routed',
          source: l.from,
          target: l.to,
          focusable: false,
          data: {
            points: l.points,
            text: wireText(l),
            at: l.label,
            color: dark ? '#B9BECC' : '#565C6B',
            surface: dark ? '#1B1D26' : '#FFFFFF',
          },
          markerEnd: { type: MarkerType.ArrowClosed, color: dark ? '#7A8299' : '#8D95AA', width: 14, height: 14 },
          animated:
            statusView(target?.status).tone === 'active' &&
            (source ? statusView(source.status).tone === 'success' : true),
          style: { stroke: dark ? '#5B6276' : '#A9B0C3', strokeWidth: 1.5 },
        };
      }),
    [drawing, graph, dark],
  );
  const node = graph.nodes.find((n) => n.name === chosen) ?? null;
  const text = summary(graph);
  useAnnounceStatus('Pipeline', job.properties.status);
  return (
    <>
      <Text className={styles.summary} aria-live="polite">
        {text}. Choose a step to see its log and outputs.
      </Text>
      <div className={`${styles.root} ${node ? styles.withPanel : ''}`}>
        <section className={styles.canvas} aria-label={`Pipeline graph, ${text}`}>
          <ReactFlow
            // Fitting happens on mount; the panel changes the canvas' width, so mount anew.
            key={`${shape.length}-${node ? 'narrow' : 'wide'}`}
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            style={{ backgroundColor: 'transparent' }}
            colorMode={dark ? 'dark' : 'light'}
            onInit={(flow) =>
              void flow.fitBounds({ x: 0, y: 0, width: drawing.width, height: drawing.height }, { padding: 0.02 })
            }
            minZoom={0.2}
            maxZoom={1.4}
            nodesConnectable={false}
            nodesDraggable={false}
            deleteKeyCode={null}
            onNodesChange={(changes) => {
              for (const c of changes) if (c.type === 'select' && c.selected) select(c.id);
            }}
            onNodeClick={(_, n) => n.type === 'step' && select(n.id)}
            onPaneClick={() => select(null)}
            proOptions={{ hideAttribution: true }}
          >
            <Background bgColor="transparent" gap={22} size={1.5} color={dark ? '#343949' : '#DDE1EC'} />
            <Controls showInteractive={false} />
          </ReactFlow>
        </section>
        {node && <NodePanel node={node} graph={graph} onClose={() => select(null)} />}
      </div>
    </>
  );
}
