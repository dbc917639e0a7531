/** Moments and durations that move on by themselves; the exact time is in the title. */
import { useSyncExternalStore } from 'react';
import { ago, duration, exact, instant } from '../lib/format';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    for (const l of listeners) l();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, one tick a second while anybody watches. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

export function TimeAgo({ at }: { at: string | number | null | undefined }) {
  const moment = instant(at);
  const current = useNow();
  if (moment === null) return <>–</>;
  return (
    <time dateTime={new Date(moment).toISOString()} title={exact(moment)} style={{ whiteSpace: 'nowrap' }}>
      {ago(moment, Math.max(current, moment))}
    </time>
  );
}

/** From `from` to `to`, or to now while `running`. */
export function Elapsed({ from, to, running }: { from: number | null; to: number | null; running: boolean }) {
  const current = useNow();
  if (from === null || (to === null && !running)) return <>–</>;
  const ms = Math.max(0, (to ?? current) - from);
  return (
    <span style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }} title={`${Math.round(ms)} ms`}>
      {duration(to === null ? Math.floor(ms / 1000) * 1000 || ms : ms)}
    </span>
  );
}
