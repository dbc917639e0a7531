/** What the metric charts compute: smoothing, axes and thinning. Pure functions over [x, y] points. */
export type Point = readonly [x: number, y: number];

/**
 * Exponential moving average with bias correction, so that the first points are not pulled towards zero.
 * `weight` 0 leaves the points as they are; it must be below 1. Values that are no numbers are passed by.
 */
export function smooth(points: readonly Point[], weight: number): Point[] {
  if (!(weight >= 0 && weight < 1)) throw new RangeError(`Smoothing weight must be in [0, 1), not ${weight}`);
  if (weight === 0) return [...points];
  let last = 0;
  let seen = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    last = last * weight + (1 - weight) * y;
    seen++;
    return [x, last / (1 - weight ** seen)];
  });
}

/** Points a logarithmic axis can show. */
export function positive(points: readonly Point[]): Point[] {
  return points.filter(([, y]) => y > 0);
}

export type By = 'step' | 'time' | 'wall';

/** Values of one metric over steps, over seconds since its first point, or over the time of day. */
export function axis(history: readonly { step: number; timestamp: number; value: number }[], by: By): Point[] {
  const sorted = [...history].sort((a, b) =>
    by === 'step' ? a.step - b.step || a.timestamp - b.timestamp : a.timestamp - b.timestamp || a.step - b.step,
  );
  const start = sorted[0]?.timestamp ?? 0;
  const x = {
    step: (p: Stamp) => p.step,
    time: (p: Stamp) => (p.timestamp - start) / 1000,
    wall: (p: Stamp) => p.timestamp,
  };
  return sorted.map((p) => [x[by](p), p.value]);
}

interface Stamp {
  step: number;
  timestamp: number;
}

/** A part of the horizontal axis, as the chart counts it. */
export type Range = readonly [from: number, to: number];

/** The same part in whole numbers, as the server counts it: milliseconds instead of seconds. */
export function serverRange([from, to]: Range, by: By): { from: number; to: number } {
  const unit = by === 'time' ? 1000 : 1;
  return { from: Math.floor(from * unit), to: Math.ceil(to * unit) };
}

/** A thinned history in which the points of one part are replaced by those loaded for it. */
export function detailed<P extends Stamp>(
  history: readonly P[],
  part: readonly P[],
  range: { from: number; to: number },
  by: By,
  start = 0,
): P[] {
  const x = (p: P) => (by === 'step' ? p.step : by === 'wall' ? p.timestamp : p.timestamp - start);
  const outside = history.filter((p) => x(p) < range.from || x(p) > range.to);
  return [...outside, ...part];
}
