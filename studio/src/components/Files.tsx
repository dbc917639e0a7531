/** A tree of files on the left, the chosen one on the right. Where they come from is a {@link FileSource}. */
import {
  Button,
  Image,
  makeStyles,
  Spinner,
  Text,
  tokens,
  Tree,
  TreeItem,
  TreeItemLayout,
} from '@fluentui/react-components';
import { ArrowDownloadRegular, DocumentRegular, FolderRegular, ImageRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { text as fetchText } from '../api/http';
import type { Entry } from '../api/blob';
import { bytes } from '../lib/format';
import { fileKind, pretty, parseCsv } from '../lib/files';
import { CodeBlock } from './CodeBlock';
import { ErrorBar, Loading } from './Feedback';

export interface FileSource {
  /** Names the source in the query cache. */
  key: readonly unknown[];
  list(folder: string, signal: AbortSignal): Promise<Entry[]>;
  /** Same-origin address of a file's bytes. */
  url(path: string): Promise<string>;
}

const useStyles = makeStyles({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(220px, 320px) minmax(0, 1fr)',
    gap: '20px',
    minHeight: '320px',
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  tree: {
    overflow: 'auto',
    maxHeight: '620px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    paddingRight: '8px',
  },
  viewerHead: { display: 'flex', gap: '10px', alignItems: 'center', marginBottom: '10px', flexWrap: 'wrap' },
  image: {
    maxWidth: 'min(100%, 760px)',
    backgroundColor: '#fff',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  table: {
    borderCollapse: 'collapse',
    fontSize: tokens.fontSizeBase200,
    '& th, & td': { border: `1px solid ${tokens.colorNeutralStroke2}`, padding: '4px 10px', textAlign: 'left' },
  },
  hint: { color: tokens.colorNeutralForeground2 },
});

/** Text files up to this size are shown; larger ones are downloaded. */
const SHOWN = 2 * 1024 * 1024;

export function Files({ source, label, live = false }: { source: FileSource; label: string; live?: boolean }) {
  const styles = useStyles();
  const [chosen, setChosen] = useState<Entry | null>(null);
  return (
    <div className={styles.root}>
      <div className={styles.tree}>
        <Tree aria-label={label} size="small">
          <Folder source={source} folder="" live={live} chosen={chosen?.path ?? null} onChoose={setChosen} />
        </Tree>
      </div>
      <div style={{ minWidth: 0 }}>
        {chosen ? (
          <Viewer key={chosen.path} source={source} entry={chosen} />
        ) : (
          <Text className={styles.hint}>Choose a file to look at it.</Text>
        )}
      </div>
    </div>
  );
}

function Folder({
  source,
  folder,
  live,
  chosen,
  onChoose,
}: {
  source: FileSource;
  folder: string;
  live: boolean;
  chosen: string | null;
  onChoose: (entry: Entry) => void;
}) {
  const styles = useStyles();
  const listing = useQuery({
    queryKey: ['files', ...source.key, folder],
    queryFn: ({ signal }) => source.list(folder, signal),
    refetchInterval: live ? 5000 : false,
  });
  if (listing.isError) return <ErrorBar error={listing.error} retry={() => void listing.refetch()} />;
  if (!listing.data) return <Spinner size="tiny" label="Loading" labelPosition="after" />;
  if (listing.data.length === 0) return <Text className={styles.hint}>{folder ? 'Empty folder.' : 'No files.'}</Text>;
  return listing.data.map((e) =>
    e.folder ? (
      <TreeItem key={e.path} itemType="branch" value={e.path}>
        <TreeItemLayout iconBefore={<FolderRegular />}>{e.name}</TreeItemLayout>
        <Tree>
          <Folder source={source} folder={e.path} live={live} chosen={chosen} onChoose={onChoose} />
        </Tree>
      </TreeItem>
    ) : (
      <TreeItem
        key={e.path}
        itemType="leaf"
        value={e.path}
        onClick={() => onChoose(e)}
        onKeyDown={(k) => k.key === 'Enter' && onChoose(e)}
      >
        <TreeItemLayout
          iconBefore={fileKind(e.name) === 'image' ? <ImageRegular /> : <DocumentRegular />}
          aside={<Text size={100}>{bytes(e.bytes)}</Text>}
          style={
            chosen === e.path ? { fontWeight: 600, backgroundColor: tokens.colorNeutralBackground1Selected } : undefined
          }
        >
          {e.name}
        </TreeItemLayout>
      </TreeItem>
    ),
  );
}

export function Viewer({ source, entry }: { source: FileSource; entry: Entry }) {
  const styles = useStyles();
  const kind = fileKind(entry.name);
  const tooLarge = kind !== 'image' && (entry.bytes ?? 0) > SHOWN;
  const address = useQuery({
    queryKey: ['fileUrl', ...source.key, entry.path],
    queryFn: () => source.url(entry.path),
    staleTime: Infinity,
  });
  const wantsText = kind === 'text' || kind === 'json' || kind === 'csv';
  const content = useQuery({
    queryKey: ['fileText', ...source.key, entry.path, entry.bytes],
    queryFn: ({ signal }) => fetchText(address.data!, { signal }),
    enabled: !!address.data && wantsText && !tooLarge,
    staleTime: Infinity,
  });
  return (
    <div>
      <div className={styles.viewerHead}>
        <Text weight="semibold" style={{ overflowWrap: 'anywhere' }}>
          {entry.path}
        </Text>
        <Text size={200} className={styles.hint}>
          {bytes(entry.bytes)}
        </Text>
        {address.data && (
          <Button
            as="a"
            href={address.data}
            download={entry.name}
            size="small"
            icon={<ArrowDownloadRegular />}
            style={{ marginLeft: 'auto' }}
          >
            Download
          </Button>
        )}
      </div>
      {address.isError && <ErrorBar error={address.error} />}
      {content.isError && <ErrorBar error={content.error} retry={() => void content.refetch()} />}
      {tooLarge && <Text className={styles.hint}>Too large to show here; download it instead.</Text>}
      {kind === 'binary' && <Text className={styles.hint}>This kind of file has no viewer; download it instead.</Text>}
      {kind === 'image' && address.data && <Image className={styles.image} src={address.data} alt={entry.name} />}
      {wantsText && !tooLarge && content.isPending && !content.isError && <Loading rows={6} />}
      {content.data !== undefined && kind === 'csv' && <CsvTable text={content.data} name={entry.name} />}
      {content.data !== undefined && kind !== 'csv' && (
        <CodeBlock
          code={kind === 'json' ? pretty(content.data) : content.data}
          maxHeight={560}
          wrap
          label={entry.name}
        />
      )}
    </div>
  );
}

function CsvTable({ text, name }: { text: string; name: string }) {
  const styles = useStyles();
  const [head, ...rows] = parseCsv(text, 201);
  return (
    <div style={{ overflow: 'auto', maxHeight: 560 }} tabIndex={0} role="region" aria-label={`Table ${name}`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(head ?? []).map((h, i) => (
              <th key={i} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={i}>
              {r.map((v, j) => (
                <td key={j}>{v}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 200 && (
        <Text size={200} className={styles.hint}>
          The first 200 rows.
        </Text>
      )}
    </div>
  );
}
