/** Which rows of a long table are in the page. */

/** Height of a row, in pixels; rows of one line only. */
export const ROW = 37;
const SPARE = 12;
/** Steps in which the window moves, so that scrolling a few pixels draws nothing anew. */
const STEP = 6;

/** The rows from `first` to before `last` for a viewport of `height` at `top`, with some to spare on both sides. */
export function inSight(top: number, height: number, rows: number): { first: number; last: number } {
  const at = Math.max(0, Math.floor(top / ROW / STEP) * STEP - SPARE);
  const first = Math.min(at, Math.max(0, rows - 1));
  const last = Math.min(rows, first + Math.ceil(height / ROW) + 2 * SPARE + STEP);
  return { first, last };
}
