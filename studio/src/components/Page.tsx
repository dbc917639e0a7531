/** The frame of every page: breadcrumb, one h1, actions, and cards below. */
import {
  Breadcrumb,
  BreadcrumbDivider,
  BreadcrumbItem,
  makeStyles,
  mergeClasses,
  Text,
  Title1,
  tokens,
} from '@fluentui/react-components';
import { Fragment, useEffect, useId, type ReactNode } from 'react';
import { AppLink } from './AppLink';

const useStyles = makeStyles({
  page: {
    display: 'flex',
    flexDirection: 'column',
    gap: '18px',
    padding: '22px 32px 56px',
    maxWidth: '1720px',
    minWidth: 0,
    '@media (max-width: 700px)': { padding: '16px 14px 40px' },
  },
  head: { display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', gap: '16px', flexWrap: 'wrap' },
  title: {
    fontSize: '26px',
    lineHeight: '34px',
    fontWeight: 600,
    margin: 0,
    overflowWrap: 'anywhere',
    letterSpacing: '-0.01em',
  },
  actions: { display: 'flex', gap: '8px', flexWrap: 'wrap', alignItems: 'center' },
  subtitle: {
    color: tokens.colorNeutralForeground2,
    display: 'flex',
    gap: '14px',
    flexWrap: 'wrap',
    alignItems: 'center',
    marginTop: '4px',
  },
  crumbs: { marginLeft: '-8px', marginBottom: '-10px' },
  card: {
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    padding: '18px 20px',
    boxShadow: tokens.shadow2,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    minWidth: 0,
  },
  cardHead: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: '12px',
    marginBottom: '12px',
    flexWrap: 'wrap',
  },
  cardTitle: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: 600 },
  flush: { padding: '0' },
  flushHead: { padding: '16px 20px 0' },
  grid: {
    display: 'grid',
    gap: '18px',
    gridTemplateColumns: 'repeat(12, minmax(0, 1fr))',
    // One column where two would be too narrow to read; the spans of the parts are inline styles.
    '@media (max-width: 900px)': {
      gridTemplateColumns: 'minmax(0, 1fr)',
      '& > *': { gridColumn: 'auto / span 1 !important' },
    },
  },
});

export interface Crumb {
  label: string;
  to: string;
}

export function Page({
  title,
  crumbs,
  subtitle,
  actions,
  children,
}: {
  title: string;
  crumbs?: Crumb[];
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  useEffect(() => {
    document.title = `${title} · Atelier studio`;
  }, [title]);
  return (
    <div className={styles.page}>
      {crumbs && (
        <Breadcrumb aria-label="Breadcrumb" size="small" className={styles.crumbs}>
          {crumbs.map((c) => (
            <Fragment key={c.to}>
              <BreadcrumbItem>
                <AppLink to={c.to} style={{ padding: '2px 8px' }}>
                  {c.label}
                </AppLink>
              </BreadcrumbItem>
              <BreadcrumbDivider />
            </Fragment>
          ))}
          <BreadcrumbItem>
            <Text size={200} aria-current="page" style={{ padding: '2px 8px' }}>
              {title}
            </Text>
          </BreadcrumbItem>
        </Breadcrumb>
      )}
      <div className={styles.head}>
        <div style={{ minWidth: 0 }}>
          <Title1 as="h1" className={styles.title}>
            {title}
          </Title1>
          {subtitle && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A titled section. `flush` lets a table reach the card's edges. `span` is in twelfths inside a {@link Grid}. */
export function Card({
  title,
  actions,
  flush = false,
  span,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  flush?: boolean;
  span?: number;
  children: ReactNode;
}) {
  const styles = useStyles();
  const id = useId();
  return (
    <section
      className={mergeClasses(styles.card, flush && styles.flush)}
      {...(title ? { 'aria-labelledby': id } : {})}
      style={span ? { gridColumn: `span ${span}` } : undefined}
    >
      {(title || actions) && (
        <div className={mergeClasses(styles.cardHead, flush && styles.flushHead)}>
          {title && (
            <h2 className={styles.cardTitle} id={id}>
              {title}
            </h2>
          )}
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

export function Grid({ children }: { children: ReactNode }) {
  return <div className={useStyles().grid}>{children}</div>;
}
