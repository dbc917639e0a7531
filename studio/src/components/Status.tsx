import { Badge, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import {
  ArrowClockwiseRegular,
  ArrowRepeatAllRegular,
  CheckmarkCircleFilled,
  ClockRegular,
  DismissCircleFilled,
  ProhibitedRegular,
  QuestionCircleRegular,
  WarningFilled,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { statusView, type Tone } from '../lib/status';

const useStyles = makeStyles({
  root: { display: 'inline-flex', alignItems: 'center', gap: '6px', whiteSpace: 'nowrap' },
  icon: { display: 'inline-flex', fontSize: '16px' },
  waiting: { color: tokens.colorNeutralForeground3 },
  active: { color: tokens.colorBrandForeground1 },
  success: { color: tokens.colorPaletteGreenForeground1 },
  danger: { color: tokens.colorPaletteRedForeground1 },
  stopped: { color: tokens.colorNeutralForeground3 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
  spin: {
    animationName: { from: { transform: 'rotate(0)' }, to: { transform: 'rotate(360deg)' } },
    animationDuration: '1.4s',
    animationIterationCount: 'infinite',
    animationTimingFunction: 'linear',
  },
});

const ICONS: Record<Tone, ReactElement> = {
  waiting: <ClockRegular />,
  active: <ArrowClockwiseRegular />,
  success: <CheckmarkCircleFilled />,
  danger: <DismissCircleFilled />,
  stopped: <ProhibitedRegular />,
  warning: <WarningFilled />,
  unknown: <QuestionCircleRegular />,
};

/** A state as icon and word: the colour only repeats what both say. */
export function Status({ value }: { value: string | null | undefined }) {
  const styles = useStyles();
  const { label } = statusView(value);
  return (
    <span className={styles.root}>
      <StatusIcon value={value} />
      {label}
    </span>
  );
}

export function StatusIcon({ value }: { value: string | null | undefined }) {
  const styles = useStyles();
  const { tone } = statusView(value);
  return (
    <span aria-hidden="true" className={mergeClasses(styles.icon, styles[tone], tone === 'active' && styles.spin)}>
      {ICONS[tone]}
    </span>
  );
}

export function ReusedBadge({ reason }: { reason?: string | null | undefined }) {
  return (
    <Badge appearance="tint" color="brand" icon={<ArrowRepeatAllRegular />} title={reason ?? undefined}>
      Reused
    </Badge>
  );
}
