/** The same file of several runs side by side: images, tables, text. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { ArrowUpRegular, DocumentRegular, FolderRegular, ImageRegular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { Entry } from '../../api/blob';
import { listArtifacts, type Run } from '../../api/mlflow';
import { useLoad, useWs } from '../../app/workspace';
import { Loaded } from '../../components/Feedback';
import { Viewer } from '../../components/Files';
import { Card } from '../../components/Page';
import { count } from '../../lib/format';
import { fileKind } from '../../lib/files';
import { runSource } from '../jobs/JobArtifacts';

const useStyles = makeStyles({
  list: { display: 'flex', flexWrap: 'wrap', gap: '6px', alignItems: 'center' },
  grid: { display: 'grid', gap: '18px', gridTemplateColumns: 'repeat(auto-fit, minmax(min(340px, 100%), 1fr))' },
  none: { color: tokens.colorNeutralForeground2 },
});

interface Shared {
  entry: Entry;
  /** How many of the runs have it. */
  runs: number;
}

/** One list of what several runs keep in a folder: what most have first, then folders, then by name. */
export function shared(lists: readonly (readonly Entry[])[]): Shared[] {
  const by = new Map<string, Shared>();
  for (const entry of lists.flat()) {
    const found = by.get(entry.path);
    if (found) found.runs++;
    else by.set(entry.path, { entry, runs: 1 });
  }
  return [...by.values()].sort(
    (a, b) =>
      Number(b.entry.folder) - Number(a.entry.folder) || b.runs - a.runs || a.entry.name.localeCompare(b.entry.name),
  );
}

export default function CompareArtifacts({ runs, labels }: { runs: Run[]; labels: string[] }) {
  const styles = useStyles();
  const ws = useWs();
  const [search, setSearch] = useSearchParams();
  const folder = search.get('folder') ?? '';
  const file = search.get('file');
  const ids = runs.map((r) => r.info.run_id).join();
  const lists = useLoad(['compare', 'artifacts', ids, folder], (ws, o) =>
    Promise.all(runs.map(async (r) => (await listArtifacts(ws, r.info.run_id, folder, o)).entries)),
  );
  const sources = useMemo(() => runs.map((r) => runSource(ws, r.info.run_id)), [ws, ids]);
  const go = (next: { folder?: string; file?: string }) =>
    setSearch(
      (s) => {
        for (const key of ['folder', 'file'] as const) {
          const value = key in next ? next[key] : key === 'folder' ? folder : undefined;
          if (value) s.set(key, value);
          else s.delete(key);
        }
        return s;
      },
      { replace: true },
    );
  return (
    <Loaded load={lists}>
      {(all) => {
        const entries = shared(all);
        return (
          <>
            <Card title={folder || 'Artifacts'}>
              <div className={styles.list} role="group" aria-label="Files of the compared runs">
                {folder && (
                  <Button
                    size="small"
                    icon={<ArrowUpRegular />}
                    onClick={() => go({ folder: folder.split('/').slice(0, -1).join('/') })}
                  >
                    Up
                  </Button>
                )}
                {entries.map(({ entry, runs: n }) => (
                  <Button
                    key={entry.path}
                    size="small"
                    appearance={file === entry.path ? 'primary' : 'outline'}
                    aria-pressed={file === entry.path}
                    icon={
                      entry.folder ? (
                        <FolderRegular />
                      ) : fileKind(entry.name) === 'image' ? (
                        <ImageRegular />
                      ) : (
                        <DocumentRegular />
                      )
                    }
                    title={`In ${count(n, 'run')} of ${runs.length}`}
                    onClick={() => go(entry.folder ? { folder: entry.path } : { file: entry.path })}
                  >
                    {entry.name}
                    {n < runs.length ? ` (${n})` : ''}
                  </Button>
                ))}
                {entries.length === 0 && <Text className={styles.none}>No files here.</Text>}
              </div>
            </Card>
            {file ? (
              <div className={styles.grid}>
                {runs.map((r, i) => {
                  const entry = all[i]?.find((e) => e.path === file && !e.folder);
                  return (
                    <Card key={r.info.run_id} title={labels[i]!}>
                      {entry ? (
                        <Viewer source={sources[i]!} entry={entry} />
                      ) : (
                        <Text className={styles.none}>This run has no such file.</Text>
                      )}
                    </Card>
                  );
                })}
              </div>
            ) : (
              entries.length > 0 && <Text className={styles.none}>Choose a file to see it for every run.</Text>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
