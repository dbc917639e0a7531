import { describe, expect, it } from 'vitest';
import { csvProblem, fileKind, parseCsv, pretty } from './files';
import { axis, detailed, positive, serverRange, smooth, type Point } from './series';
import { isActive, isCancellable, statusView } from './status';
import { matches, sortBy } from './table';
import { assetNameProblem, endpointNameProblem, foldCarriageReturns, stripAnsi, tail } from './text';
import { newestFirst } from './versions';

describe('status', () => {
  it.each([
    'NotStarted',
    'Queued',
    'Preparing',
    'Starting',
    'Running',
    'Finalizing',
    'CancelRequested',
    'Completed',
    'Failed',
    'Canceled',
    'NotResponding',
  ])('knows the job status %s', (s) => {
    expect(statusView(s).tone).not.toBe('unknown');
  });
  it('says MLflow and ARM states with the same words, whatever the case', () => {
    expect(statusView('FINISHED').label).toBe('Completed');
    expect(statusView('KILLED').label).toBe(statusView('Canceled').label);
    expect(statusView('SUCCEEDED').tone).toBe('success');
  });
  it('shows an unknown word as it came', () => {
    expect(statusView('Teleporting')).toEqual({ label: 'Teleporting', tone: 'unknown' });
    expect(statusView(null).label).toBe('Unknown');
  });
  it('polls what moves and nothing else', () => {
    expect(['Running', 'Queued', 'Building', 'Creating', 'CancelRequested'].every(isActive)).toBe(true);
    expect(['Completed', 'Failed', 'NotBuilt', 'Paused', undefined].some(isActive)).toBe(false);
  });
  it('offers to cancel only what can be cancelled', () => {
    expect(isCancellable('Running')).toBe(true);
    expect(isCancellable('CancelRequested')).toBe(false);
    expect(isCancellable('Completed')).toBe(false);
  });
});

describe('smoothing', () => {
  const flat: Point[] = [
    [0, 2],
    [1, 2],
    [2, 2],
  ];
  it('leaves a constant series alone, first point included', () => {
    for (const [, y] of smooth(flat, 0.9)) expect(y).toBeCloseTo(2, 12);
  });
  it('does nothing at weight 0 and refuses weight 1', () => {
    expect(
      smooth(
        [
          [0, 1],
          [1, 5],
        ],
        0,
      ),
    ).toEqual([
      [0, 1],
      [1, 5],
    ]);
    expect(() => smooth(flat, 1)).toThrow(RangeError);
  });
  it('averages with the bias taken out', () => {
    // v1 = 1; v2 = (0.5*0.5*1 + 0.5*3) / 0.75
    expect(
      smooth(
        [
          [0, 1],
          [1, 3],
        ],
        0.5,
      )[1]![1],
    ).toBeCloseTo(1.75 / 0.75, 12);
  });
  it('passes NaN by without losing the average', () => {
    const out = smooth(
      [
        [0, 2],
        [1, NaN],
        [2, 2],
      ],
      0.5,
    );
    expect(out[1]![1]).toBeNaN();
    expect(out[2]![1]).toBeCloseTo(2, 12);
  });
  it('orders by step or by time since the first point', () => {
    const history = [
      { step: 2, timestamp: 3000, value: 3 },
      { step: 1, timestamp: 1000, value: 1 },
    ];
    expect(axis(history, 'step')).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(axis(history, 'time')).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(
      positive([
        [0, 0],
        [1, -1],
        [2, 4],
      ]),
    ).toEqual([[2, 4]]);
  });
});

describe('log text', () => {
  it('drops colours and keeps the last word of a progress bar', () => {
    expect(stripAnsi('\u001b[32mINFO\u001b[0m done\u001b[2K')).toBe('INFO done');
    expect(foldCarriageReturns('10%\r50%\r100%\nnext\r\nlast')).toBe('100%\nnext\nlast');
  });
  it('cuts at a line and says how much is gone', () => {
    expect(tail('one\ntwo\nthree', 8)).toEqual({ text: 'three', dropped: 8 });
    expect(tail('short', 8)).toEqual({ text: 'short', dropped: 0 });
  });
});

describe('names', () => {
  it('names the wrong character', () => {
    expect(assetNameProblem('patients 2024')).toContain('" "');
    expect(assetNameProblem('_x')).toContain('starts');
    expect(assetNameProblem('patients-2024.v1')).toBeNull();
  });
  it('holds endpoints to their rules', () => {
    expect(endpointNameProblem('ab')).toContain('3 to 32');
    expect(endpointNameProblem('1abc')).not.toBeNull();
    expect(endpointNameProblem('abc-')).not.toBeNull();
    expect(endpointNameProblem('diabetes-v2')).toBeNull();
  });
});

describe('csv', () => {
  it('reads quotes, doubled quotes and line breaks in quotes', () => {
    expect(parseCsv('a,b\r\n"x, ""y""","1\n2"\n', 10)).toEqual([
      ['a', 'b'],
      ['x, "y"', '1\n2'],
    ]);
  });
  it('stops at the limit', () => {
    expect(parseCsv('a\n1\n2\n3', 2)).toEqual([['a'], ['1']]);
  });
  it.each([
    ['', 0, 'is empty'],
    ['a,b\n', 4, 'no rows'],
    ['a,a\n1,2\n', 8, 'the column "a" twice'],
    ['PK\u0000\u0001', 4, 'not a text file'],
  ])('says what is wrong with %j', (head, size, problem) => {
    expect(csvProblem('x.csv', size, head)).toContain(problem);
  });
  it('accepts a table', () => {
    expect(csvProblem('x.csv', 8, 'a,b\n1,2\n')).toBeNull();
  });
  it('knows kinds of files', () => {
    expect(['a.PNG', 'b.json', 'c.csv', 'model.pkl', 'MLmodel', 'x.py'].map(fileKind)).toEqual([
      'image',
      'json',
      'csv',
      'binary',
      'text',
      'text',
    ]);
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty('not json')).toBe('not json');
  });
});

describe('tables', () => {
  it('sorts numbers inside text as numbers and keeps missing values last both ways', () => {
    const rows = ['v10', 'v9', null, 'v1'];
    expect(sortBy(rows, (r) => r, 'ascending')).toEqual(['v1', 'v9', 'v10', null]);
    expect(sortBy(rows, (r) => r, 'descending')).toEqual(['v10', 'v9', 'v1', null]);
    expect(sortBy([NaN, 2, 1], (r) => r, 'descending')).toEqual([2, 1, NaN]);
  });
  it('filters by every word', () => {
    expect(matches('boost fail', ['Gradient Boosting', 'Failed'])).toBe(true);
    expect(matches('boost done', ['Gradient Boosting', 'Failed'])).toBe(false);
    expect(matches('  ', [])).toBe(true);
  });
  it('puts version 10 before version 9', () => {
    expect(newestFirst([{ name: '9' }, { name: '10' }, { name: '1' }]).map((v) => v.name)).toEqual(['10', '9', '1']);
  });
});

describe('zooming into a long history', () => {
  const thin = [0, 100, 200, 300].map((i) => ({ step: i, timestamp: 5000 + i * 1000, value: i }));
  it('asks the server in its own units, and for whole points', () => {
    expect(serverRange([1.2, 7.1], 'step')).toEqual({ from: 1, to: 8 });
    expect(serverRange([0.0015, 2], 'time')).toEqual({ from: 1, to: 2000 });
    expect(serverRange([1700000000000.5, 1700000000001], 'wall')).toEqual({ from: 1700000000000, to: 1700000000001 });
  });
  it('replaces the points of the part that is seen and keeps the others', () => {
    const part = [100, 101, 102].map((i) => ({ step: i, timestamp: 5000 + i * 1000, value: -i }));
    const steps = (points: { step: number; value: number }[]) =>
      points.map((p) => [p.step, p.value]).sort((a, b) => a[0]! - b[0]!);
    const expected = [
      [0, 0],
      [100, -100],
      [101, -101],
      [102, -102],
      [200, 200],
      [300, 300],
    ];
    expect(steps(detailed(thin, part, { from: 100, to: 102 }, 'step'))).toEqual(expected);
    expect(steps(detailed(thin, part, { from: 105000, to: 107000 }, 'wall'))).toEqual(expected);
    expect(steps(detailed(thin, part, { from: 100000, to: 102000 }, 'time', 5000))).toEqual(expected);
  });
});
