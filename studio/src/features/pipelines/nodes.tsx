import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { BaseEdge, Handle, Position, type EdgeProps, type NodeProps } from '@xyflow/react';
import type { GraphNode } from '../../api/jobs';
import { ReusedBadge, Status } from '../../components/Status';
import { Elapsed } from '../../components/Time';
import { instant } from '../../lib/format';
import { isActive, statusView, type Tone } from '../../lib/status';
import { curve, END_HEIGHT, END_WIDTH, NODE_HEIGHT, NODE_WIDTH, type Spot } from './layout';

const useStyles = makeStyles({
  step: {
    width: `${NODE_WIDTH}px`,
    height: `${NODE_HEIGHT}px`,
    boxSizing: 'border-box',
    padding: '11px 14px 10px 18px',
    borderRadius: '10px',
    position: 'relative',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    boxShadow: tokens.shadow4,
    overflow: 'hidden',
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'space-between',
    color: tokens.colorNeutralForeground1,
    cursor: 'pointer',
    '::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      top: 0,
      bottom: 0,
      width: '5px',
      backgroundColor: 'var(--tone)',
    },
  },
  chosen: { border: `2px solid ${tokens.colorBrandStroke1}`, boxShadow: tokens.shadow8, padding: '10px 13px 9px 17px' },
  row: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: '8px',
    fontSize: tokens.fontSizeBase200,
  },
  name: {
    fontWeight: 600,
    fontSize: tokens.fontSizeBase300,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  component: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  end: {
    width: `${END_WIDTH}px`,
    height: `${END_HEIGHT}px`,
    boxSizing: 'border-box',
    display: 'grid',
    placeItems: 'center',
    borderRadius: '20px',
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
  handle: { opacity: 0 },
});

const TONES: Record<Tone, string> = {
  waiting: tokens.colorNeutralStroke1,
  active: tokens.colorBrandStroke1,
  success: tokens.colorPaletteGreenBorderActive,
  danger: tokens.colorPaletteRedBorderActive,
  stopped: tokens.colorNeutralStrokeAccessible,
  warning: tokens.colorPaletteDarkOrangeBorderActive,
  unknown: tokens.colorNeutralStroke1,
};

export function StepNode({ data, selected }: NodeProps) {
  const styles = useStyles();
  const node = (data as { node: GraphNode }).node;
  return (
    <div
      className={mergeClasses(styles.step, selected && styles.chosen)}
      style={{ '--tone': TONES[statusView(node.status).tone] } as React.CSSProperties}
    >
      <Handle type="target" position={Position.Top} className={styles.handle} isConnectable={false} />
      <div>
        <div className={styles.name} title={node.name}>
          {node.displayName || node.name}
        </div>
        <div className={styles.component}>{node.name}</div>
      </div>
      <div className={styles.row}>
        <Status value={node.status} />
        {node.reused ? (
          <ReusedBadge reason={node.reason} />
        ) : (
          <Text size={200}>
            <Elapsed from={instant(node.startedAt)} to={instant(node.finishedAt)} running={isActive(node.status)} />
          </Text>
        )}
      </div>
      <Handle type="source" position={Position.Bottom} className={styles.handle} isConnectable={false} />
    </div>
  );
}

export function EndNode({ data }: NodeProps) {
  const styles = useStyles();
  return (
    <div className={styles.end}>
      <Handle type="target" position={Position.Top} className={styles.handle} isConnectable={false} />
      {(data as { label: string }).label}
      <Handle type="source" position={Position.Bottom} className={styles.handle} isConnectable={false} />
    </div>
  );
}

interface Route {
  points: Spot[];
  text: string;
  at: Spot;
  color: string;
  surface: string;
}

/** A wire along the layout's own route, so that it passes beside nodes and not under them. */
export function RoutedEdge({ id, data, style, markerEnd }: EdgeProps) {
  const r = data as unknown as Route;
  return (
    <BaseEdge
      id={id}
      path={curve(r.points)}
      style={style}
      markerEnd={markerEnd}
      label={r.text}
      labelX={r.at.x}
      labelY={r.at.y}
      labelStyle={{ fontSize: 11, fill: r.color }}
      labelBgStyle={{ fill: r.surface, fillOpacity: 0.94 }}
      labelBgPadding={[4, 2]}
    />
  );
}
