/** Numbers, sizes, durations and times as people read them. Pure functions; times are epoch milliseconds. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** 1536 -> "1.5 KB". Steps of 1024. Missing or negative gives "–". */
export function bytes(n: number | null | undefined): string {
  if (n == null || !Number.isFinite(n) || n < 0) return '–';
  let value = n;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** 950 -> "950 ms", 61_000 -> "1m 1s", 3_720_000 -> "1h 2m". */
export function duration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms) || ms < 0) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 59.95) return `${Number(s.toFixed(1))} s`;
  const whole = Math.round(s);
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  const minutes = Math.round(s / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
  return `${Math.floor(minutes / 1440)}d ${Math.floor((minutes % 1440) / 60)}h`;
}

/** A latency in milliseconds, with more digits where they matter: 0.42 ms, 12.3 ms, 1.2 s. */
export function latency(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return '–';
  if (ms >= 1000) return `${Number((ms / 1000).toFixed(2))} s`;
  return `${ms < 10 ? Number(ms.toFixed(2)) : ms < 100 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

const AGO: ReadonlyArray<readonly [number, Intl.RelativeTimeFormatUnit]> = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
  [12, 'month'],
];

/** "3 minutes ago"; under 5 seconds "just now". */
export function ago(then: number | null | undefined, now: number): string {
  if (then == null || !Number.isFinite(then)) return '–';
  let value = (then - now) / 1000;
  if (Math.abs(value) < 5) return 'just now';
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [size, unit] of AGO) {
    if (Math.abs(value) < size) return format.format(Math.trunc(value), unit);
    value /= size;
  }
  return format.format(Math.trunc(value), 'year');
}

/** An ISO string or epoch milliseconds to epoch milliseconds; null when it is neither. */
export function instant(value: string | number | null | undefined): number | null {
  if (value == null || value === '') return null;
  const ms = typeof value === 'number' ? value : /^\d{12,}$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** The exact time, for titles: local date, time and zone. */
export function exact(ms: number | null | undefined): string {
  return ms == null ? '' : new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
}

/** A metric or statistic: whole numbers grouped, others to six significant digits, extremes in exponents. */
export function number(n: number | null | undefined, digits = 6): string {
  if (n == null) return '–';
  if (Number.isNaN(n)) return 'NaN';
  if (!Number.isFinite(n)) return n > 0 ? '∞' : '-∞';
  if (Number.isInteger(n) && Math.abs(n) < 1e15) return n.toLocaleString('en-US');
  const magnitude = Math.abs(n);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e9)) return n.toExponential(Math.min(digits - 1, 3));
  return Number(n.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 10 });
}

/** "1 row", "2 rows". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** The share as a percentage: percent(3, 10) = "30%"; a share that rounds to nothing is "<0.1%". */
export function percent(part: number, whole: number): string {
  if (!whole) return '–';
  const p = (100 * part) / whole;
  if (p > 0 && p < 0.1) return '<0.1%';
  return `${p >= 10 || Number.isInteger(p) ? Math.round(p) : Number(p.toFixed(1))}%`;
}

/** The first `n` characters of an id with an ellipsis when it was longer. */
export function short(id: string, n = 12): string {
  return id.length <= n ? id : `${id.slice(0, n)}…`;
}
