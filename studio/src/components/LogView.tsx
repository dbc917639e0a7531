/** A log that grows while you watch: reads from the last byte on, follows the end unless you scrolled away. */
import { Button, makeStyles, Switch, Text, tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useEffect, useMemo, useRef, useState } from 'react';
import { logUrl, readLog } from '../api/jobs';
import { FAST_MS, useWs } from '../app/workspace';
import { bytes } from '../lib/format';
import { foldCarriageReturns, stripAnsi, tail } from '../lib/text';
import { ErrorBar } from './Feedback';

const useStyles = makeStyles({
  bar: { display: 'flex', gap: '14px', alignItems: 'center', flexWrap: 'wrap', marginBottom: '8px' },
  log: {
    margin: 0,
    padding: '12px 16px',
    overflow: 'auto',
    height: '420px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: '#10131C',
    color: '#DCE1EE',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: '12.5px',
    lineHeight: '1.55',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    boxSizing: 'border-box',
    border: '1px solid #2A3040',
  },
});

/** What of a log is kept in the page; the rest can be downloaded. */
const KEEP = 2_000_000;

interface Tail {
  text: string;
  size: number;
  dropped: boolean;
  complete: boolean;
  error: unknown;
}

const START: Tail = { text: '', size: 0, dropped: false, complete: false, error: null };

/** Follows one log file until the server says that no more will come. */
export function useLogTail(job: string, path: string | null): Tail & { retry: () => void } {
  const ws = useWs();
  const [state, setState] = useState<Tail>(START);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setState(START);
    if (!path) return;
    const abort = new AbortController();
    const decoder = new TextDecoder();
    let offset = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.hidden && offset > 0) {
        timer = setTimeout(next, FAST_MS);
        return;
      }
      try {
        const chunk = await readLog(ws, job, path, offset, abort.signal);
        const grown = chunk.nextOffset > offset;
        offset = chunk.nextOffset;
        const added = decoder.decode(chunk.bytes, { stream: true });
        setState((s) => {
          const kept = tail(s.text + added, KEEP);
          return {
            text: kept.text,
            size: offset,
            dropped: s.dropped || kept.dropped > 0,
            complete: chunk.complete,
            error: null,
          };
        });
        if (!chunk.complete || grown) timer = setTimeout(next, chunk.complete ? 0 : FAST_MS);
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((s) => ({ ...s, error }));
      }
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [ws, job, path, attempt]);
  return { ...state, retry: () => setAttempt((a) => a + 1) };
}

export function LogView({ job, path, height }: { job: string; path: string; height?: number }) {
  const ws = useWs();
  const log = useLogTail(job, path);
  return (
    <>
      {log.error !== null && <ErrorBar error={log.error} retry={log.retry} what="The log could not be read" />}
      <LogText
        text={log.text}
        label={`Log ${path}`}
        live={!log.complete}
        {...(height ? { height } : {})}
        note={`${bytes(log.size)}${log.dropped ? ', end shown' : ''}${log.complete ? ' · complete' : ' · live'}`}
        download={logUrl(ws, job, path)}
      />
    </>
  );
}

export function LogText({
  text,
  label,
  live,
  note,
  download,
  height,
}: {
  text: string;
  label: string;
  live: boolean;
  note?: string;
  download?: string;
  height?: number;
}) {
  const styles = useStyles();
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLPreElement>(null);
  const clean = useMemo(() => foldCarriageReturns(stripAnsi(text)), [text]);
  useEffect(() => {
    const el = box.current;
    if (el && follow) el.scrollTop = el.scrollHeight;
  }, [clean, follow]);
  return (
    <div>
      <div className={styles.bar}>
        <Switch checked={follow} onChange={(_, d) => setFollow(d.checked)} label="Follow" />
        {note && (
          <Text size={200} style={{ color: tokens.colorNeutralForeground2 }}>
            {note}
          </Text>
        )}
        {download && (
          <Button
            as="a"
            href={download}
            download
            size="small"
            appearance="subtle"
            icon={<ArrowDownloadRegular />}
            style={{ marginLeft: 'auto' }}
          >
            Download
          </Button>
        )}
      </div>
      <pre
        ref={box}
        className={styles.log}
        style={height ? { height } : undefined}
        tabIndex={0}
        role="group"
        aria-label={label}
        onScroll={(e) => {
          const el = e.currentTarget;
          const atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
          if (atEnd !== follow && live) setFollow(atEnd);
        }}
      >
        {clean || (live ? 'Waiting for the first line…' : 'This log is empty.')}
      </pre>
    </div>
  );
}
