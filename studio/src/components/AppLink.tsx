import { Link, type LinkProps } from '@fluentui/react-components';
import type { MouseEvent } from 'react';
import { useHref, useLinkClickHandler } from 'react-router-dom';
import { parseAssetRef, refLabel, refPath, type AssetKind } from '../api/refs';

type Props = Omit<Extract<LinkProps, { as?: 'a' }>, 'href' | 'as'> & { to: string };

/** A Fluent link that the router follows without loading the page anew. */
export function AppLink({ to, onClick, ...rest }: Props) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return (
    <Link
      {...rest}
      as="a"
      href={href}
      onClick={(e: MouseEvent<HTMLAnchorElement>) => {
        onClick?.(e as never);
        if (!e.defaultPrevented) follow(e);
      }}
    />
  );
}

/** A referenced asset by its short name, linked when the studio has a page for it. */
export function AssetLink({ id, kind = null }: { id: string | null | undefined; kind?: AssetKind | null }) {
  if (!id) return <>–</>;
  const ref = parseAssetRef(id, kind);
  if (!ref) return <span style={{ overflowWrap: 'anywhere' }}>{id}</span>;
  const path = ref.registry ? null : refPath(ref);
  const label = refLabel(ref);
  if (!path) return <span title={id}>{ref.registry ? `${ref.registry}/${label}` : label}</span>;
  return (
    <AppLink to={path} title={id}>
      {label}
    </AppLink>
  );
}
