import { Button, makeStyles, mergeClasses, tokens, Tooltip } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';

const useStyles = makeStyles({
  root: {
    position: 'relative',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  pre: {
    margin: 0,
    padding: '10px 44px 10px 14px',
    overflow: 'auto',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '1.6',
    tabSize: 4,
    color: tokens.colorNeutralForeground1,
  },
  wrap: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  copy: { position: 'absolute', top: '4px', right: '4px' },
});

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1600);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <Tooltip content={done ? 'Copied' : label} relationship="label">
      <Button
        size="small"
        appearance="subtle"
        icon={done ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
      />
    </Tooltip>
  );
}

/** Text to read or copy. Long blocks scroll within `maxHeight` and can be reached by keyboard. */
export function CodeBlock({
  code,
  maxHeight,
  wrap = false,
  label = 'Code',
}: {
  code: string;
  maxHeight?: number;
  wrap?: boolean;
  label?: string;
}) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <pre
        className={mergeClasses(styles.pre, wrap && styles.wrap)}
        style={maxHeight ? { maxHeight } : undefined}
        tabIndex={0}
        role="group"
        aria-label={label}
      >
        <code>{code}</code>
      </pre>
      <span className={styles.copy}>
        <CopyButton text={code} />
      </span>
    </div>
  );
}
