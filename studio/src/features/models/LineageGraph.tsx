/** A model version's lineage as a graph; every node leads to its page. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import {
  BeakerRegular,
  BoxRegular,
  DatabaseRegular,
  FlowRegular,
  LayerRegular,
  RocketRegular,
} from '@fluentui/react-icons';
import { Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo, type ReactElement } from 'react';
import type { ModelVersionResource } from '../../api/models';
import { useLoad } from '../../app/workspace';
import { AppLink } from '../../components/AppLink';
import { Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';
import { useMode } from '../../theme/mode';
import { graphOf, HEIGHT, inWords, loadSources, place, WIDTH, type LineageGraph, type LineageNode } from './lineage';

const useStyles = makeStyles({
  canvas: { borderRadius: tokens.borderRadiusLarge, overflow: 'hidden' },
  node: {
    boxSizing: 'border-box',
    width: `${WIDTH}px`,
    height: `${HEIGHT}px`,
    padding: '9px 14px',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'center',
    gap: '2px',
    borderRadius: '10px',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    boxShadow: tokens.shadow4,
    color: tokens.colorNeutralForeground1,
    '& a, & strong': {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontWeight: 600,
      fontSize: tokens.fontSizeBase300,
    },
  },
  model: { border: `2px solid ${tokens.colorBrandStroke1}` },
  kind: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
  hidden: { opacity: 0, pointerEvents: 'none' },
});

const ICONS: Record<LineageNode['kind'], ReactElement> = {
  Data: <DatabaseRegular />,
  Environment: <LayerRegular />,
  Pipeline: <FlowRegular />,
  Run: <BeakerRegular />,
  Model: <BoxRegular />,
  Endpoint: <RocketRegular />,
};

function AssetNode({ data }: NodeProps<Node<{ node: LineageNode }>>) {
  const styles = useStyles();
  const { node } = data;
  return (
    <div className={mergeClasses(styles.node, node.kind === 'Model' && styles.model)}>
      <Handle type="target" position={Position.Left} className={styles.hidden} isConnectable={false} />
      <span className={styles.kind}>
        {ICONS[node.kind]}
        {node.kind}
      </span>
      {node.to ? (
        <AppLink to={node.to} title={node.label} className="nodrag">
          {node.label}
        </AppLink>
      ) : (
        <strong title={node.label}>{node.label}</strong>
      )}
      <Handle type="source" position={Position.Right} className={styles.hidden} isConnectable={false} />
    </div>
  );
}

const nodeTypes = { asset: AssetNode };

export default function ModelLineageGraph({ model, version }: { model: string; version: ModelVersionResource }) {
  const load = useLoad(['models', model, version.name, 'lineage'], (ws, o) => loadSources(ws, model, version, o));
  return (
    <Loaded load={load} rows={6} what="The lineage could not be read">
      {(sources) => <Canvas graph={graphOf(sources)} />}
    </Loaded>
  );
}

function Canvas({ graph }: { graph: LineageGraph }) {
  const styles = useStyles();
  const { dark } = useMode();
  const shape = JSON.stringify(graph);
  const { nodes, edges, bounds } = useMemo(() => {
    const g = JSON.parse(shape) as LineageGraph;
    const { at, width, height } = place(g);
    return {
      bounds: { x: 0, y: 0, width, height },
      nodes: g.nodes.map((node): Node => ({
        id: node.id,
        type: 'asset',
        position: at.get(node.id) ?? { x: 0, y: 0 },
        width: WIDTH,
        height: HEIGHT,
        data: { node },
        draggable: false,
        // The link inside takes the focus.
        focusable: false,
      })),
      edges: g.edges.map((e): Edge => ({
        id: `${e.from}→${e.to}`,
        source: e.from,
        target: e.to,
        focusable: false,
        markerEnd: { type: MarkerType.ArrowClosed, color: dark ? '#7A8299' : '#8D95AA', width: 16, height: 16 },
        style: { stroke: dark ? '#5B6276' : '#A9B0C3', strokeWidth: 1.5 },
      })),
    };
  }, [shape, dark]);
  return (
    <Card>
      <section
        className={styles.canvas}
        style={{ height: Math.min(Math.max(260, bounds.height + 60), 640) }}
        aria-label={`Lineage: ${inWords(graph)}`}
      >
        <ReactFlow
          key={shape}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode={dark ? 'dark' : 'light'}
          style={{ backgroundColor: 'transparent' }}
          onInit={(flow) => void flow.fitBounds(bounds, { padding: 0.04 })}
          minZoom={0.2}
          maxZoom={1.2}
          nodesConnectable={false}
          nodesDraggable={false}
          elementsSelectable={false}
          deleteKeyCode={null}
          zoomOnScroll={false}
          preventScrolling={false}
          proOptions={{ hideAttribution: true }}
        />
      </section>
      {graph.edges.length === 0 && <Text>{inWords(graph)}</Text>}
    </Card>
  );
}
