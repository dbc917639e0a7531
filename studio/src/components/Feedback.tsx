/** Loading, failing, empty: the three states beside having something to show. */
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from '@fluentui/react-components';
import { BoxRegular } from '@fluentui/react-icons';
import type { ReactElement, ReactNode } from 'react';
import { ApiError } from '../api/http';
import type { Load } from '../app/workspace';
import { CodeBlock } from './CodeBlock';

const useStyles = makeStyles({
  skeleton: { display: 'flex', flexDirection: 'column', gap: '14px', padding: '12px 0' },
  empty: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: '10px',
    padding: '44px 24px',
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px dashed ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  emptyIcon: {
    display: 'grid',
    placeItems: 'center',
    width: '56px',
    height: '56px',
    borderRadius: '50%',
    fontSize: '28px',
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  command: { width: '100%', maxWidth: '640px', textAlign: 'left' },
  text: { maxWidth: '60ch', color: tokens.colorNeutralForeground2 },
});

export function ErrorBar({ error, retry, what }: { error: unknown; retry?: (() => void) | undefined; what?: string }) {
  const message = error instanceof Error ? error.message : String(error);
  const requestId = error instanceof ApiError ? error.requestId : null;
  const status = error instanceof ApiError && error.status ? error.status : null;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{what ?? 'That did not work'}</MessageBarTitle>
        {message}
        {(status || requestId) && (
          <Text size={200} block style={{ opacity: 0.8 }}>
            {[status && `HTTP ${status}`, error instanceof ApiError && error.code, requestId && `request ${requestId}`]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        )}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

export function Loading({ rows = 5, label = 'Loading' }: { rows?: number; label?: string }) {
  const styles = useStyles();
  return (
    <Skeleton aria-label={label} className={styles.skeleton}>
      {Array.from({ length: rows }, (_, i) => (
        <SkeletonItem key={i} size={i === 0 ? 24 : 16} style={{ width: `${[60, 100, 94, 88, 97, 78][i % 6]}%` }} />
      ))}
    </Skeleton>
  );
}

/** Shows what was loaded; keeps showing it under an error bar when a later refresh fails. */
export function Loaded<T>({
  load,
  children,
  rows,
  what,
}: {
  load: Load<T>;
  children: (data: T) => ReactNode;
  rows?: number;
  what?: string;
}) {
  if (load.data !== undefined) {
    return (
      <>
        {load.isError && <ErrorBar error={load.error} retry={() => void load.refetch()} what="Not up to date" />}
        {children(load.data)}
      </>
    );
  }
  if (load.isError)
    return <ErrorBar error={load.error} retry={() => void load.refetch()} {...(what ? { what } : {})} />;
  return <Loading {...(rows ? { rows } : {})} />;
}

export function Empty({
  title,
  children,
  command,
  icon = <BoxRegular />,
  action,
}: {
  title: string;
  children?: ReactNode;
  command?: string;
  icon?: ReactElement;
  action?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon} aria-hidden="true">
        {icon}
      </span>
      <Text as="h2" size={500} weight="semibold" style={{ margin: 0 }}>
        {title}
      </Text>
      {children && <div className={styles.text}>{children}</div>}
      {command && (
        <div className={styles.command}>
          <CodeBlock code={command} />
        </div>
      )}
      {action}
    </div>
  );
}
