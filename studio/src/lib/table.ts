/** Sorting and filtering of tables, apart from their looks. */
export type Direction = 'ascending' | 'descending';

export interface SortState {
  column: string;
  direction: Direction;
}

export type SortValue = string | number | boolean | null | undefined;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function missing(v: SortValue): boolean {
  return v === null || v === undefined || v === '' || (typeof v === 'number' && Number.isNaN(v));
}

/** Stable; missing values come last in both directions; numbers inside text sort as numbers. */
export function sortBy<T>(rows: readonly T[], value: (row: T) => SortValue, direction: Direction): T[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const x = value(a);
    const y = value(b);
    if (missing(x) || missing(y)) return Number(missing(x)) - Number(missing(y));
    if (typeof x === 'string' || typeof y === 'string') return sign * collator.compare(String(x), String(y));
    return sign * (Number(x) - Number(y));
  });
}

/** True when every word of the query is somewhere in one of the texts, whatever the case. */
export function matches(query: string, texts: readonly SortValue[]): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = texts
    .filter((t) => !missing(t))
    .join('\n')
    .toLowerCase();
  return words.every((w) => hay.includes(w));
}
