/** What the page of a sweep computes from its trials. Pure. */
import type { ParameterValue, Trial, Trials } from '../../api/sweeps';
import { number } from '../../lib/format';

export type Scalar = string | number | boolean;

/** The parameters of a trial, members of dictionaries as `name.member`. */
export function flat(parameters: Record<string, ParameterValue>): Map<string, Scalar> {
  const all = new Map<string, Scalar>();
  const add = (name: string, value: ParameterValue) => {
    if (value !== null && typeof value === 'object') {
      for (const [member, inner] of Object.entries(value)) add(`${name}.${member}`, inner);
    } else if (value !== null) all.set(name, value);
  };
  for (const [name, value] of Object.entries(parameters)) add(name, value);
  return all;
}

/** Names of all parameters, in the order in which trials first have them. */
export function parameterNames(trials: readonly Trial[]): string[] {
  return [...new Set(trials.flatMap((t) => [...flat(t.parameters).keys()]))];
}

export function better(a: number, b: number, goal: Trials['objective']['goal']): boolean {
  return goal === 'maximize' ? a > b : a < b;
}

/** The best value up to each trial that logged one, by number of the trial. */
export function bestSoFar(trials: readonly Trial[], goal: Trials['objective']['goal']): [number, number][] {
  let best: number | null = null;
  const line: [number, number][] = [];
  for (const trial of trials) {
    if (trial.metric === null || trial.status === 'Failed') continue;
    if (best === null || better(trial.metric, best, goal)) best = trial.metric;
    line.push([trial.number, best]);
  }
  return line;
}

export interface Axis {
  name: string;
  type: 'value' | 'log' | 'category';
  categories: string[];
}

/** A logarithmic axis for positive numbers that spread over more than two powers of ten. */
export function axisOf(name: string, values: readonly Scalar[]): Axis {
  const numbers = values.filter((v): v is number => typeof v === 'number');
  if (numbers.length === values.length && values.length > 0) {
    const low = Math.min(...numbers);
    return { name, type: low > 0 && Math.max(...numbers) / low > 100 ? 'log' : 'value', categories: [] };
  }
  return { name, type: 'category', categories: [...new Set(values.map(String))] };
}

/** One line for each trial with a metric: a place on the axis of every parameter, the metric last. */
export function parallel(trials: readonly Trial[], metric: string) {
  const shown = trials.filter((t) => t.metric !== null);
  const names = parameterNames(shown);
  const rows = shown.map((t) => ({ trial: t, values: flat(t.parameters) }));
  const axes = names.map((n) =>
    axisOf(
      n,
      rows.map((r) => r.values.get(n)).filter((v) => v !== undefined),
    ),
  );
  return {
    axes: [...axes, { name: metric, type: 'value' as const, categories: [] }],
    lines: rows.map(({ trial, values }) => ({
      name: trial.name,
      value: [
        ...axes.map((axis) => {
          const value = values.get(axis.name);
          return value === undefined ? '-' : axis.type === 'category' ? String(value) : Number(value);
        }),
        trial.metric!,
      ],
    })),
  };
}

export function shown(value: Scalar | undefined): string {
  return value === undefined ? '–' : typeof value === 'number' ? number(value) : String(value);
}

/** How many trials are in each state, in words. */
export function progress(trials: readonly Trial[]): string {
  const counts = new Map<string, number>();
  for (const t of trials) counts.set(t.status, (counts.get(t.status) ?? 0) + 1);
  return [...counts].map(([status, n]) => `${n} ${status.toLowerCase()}`).join(', ');
}
