import { describe, expect, it } from 'vitest';
import { ago, bytes, count, duration, exact, instant, latency, number, percent, short } from './format';

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KB'],
    [500 * 1024, '500 KB'],
    [3 * 1024 ** 3, '3 GB'],
    [-1, '–'],
    [null, '–'],
  ])('%s reads %s', (n, text) => {
    expect(bytes(n)).toBe(text);
  });
});

describe('duration', () => {
  it.each([
    [950, '950 ms'],
    [1500, '1.5 s'],
    [59_960, '1m 0s'],
    [61_000, '1m 1s'],
    [3_720_000, '1h 2m'],
    [90_000_000, '1d 1h'],
    [null, '–'],
    [-5, '–'],
  ])('%s ms reads %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('ago', () => {
  const now = Date.UTC(2026, 0, 15, 12);
  it('counts in the largest fitting unit', () => {
    expect(ago(now - 2_000, now)).toBe('just now');
    expect(ago(now - 30_000, now)).toBe('30 seconds ago');
    expect(ago(now - 3 * 3_600_000, now)).toBe('3 hours ago');
    expect(ago(now - 26 * 3_600_000, now)).toBe('yesterday');
    expect(ago(null, now)).toBe('–');
  });
});

describe('instant', () => {
  it('reads ISO text, milliseconds and millisecond text, and nothing else', () => {
    expect(instant('2026-01-01T00:00:00Z')).toBe(Date.UTC(2026, 0, 1));
    expect(instant(1_767_225_600_000)).toBe(1_767_225_600_000);
    expect(instant('1767225600000')).toBe(1_767_225_600_000);
    expect(instant('soon')).toBeNull();
    expect(instant(0)).toBeNull();
    expect(exact(null)).toBe('');
  });
});

describe('number', () => {
  it.each([
    [1234567, '1,234,567'],
    [0.04033061, '0.0403306'],
    [0.00001234, '1.234e-5'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-0.5, '-0.5'],
    [null, '–'],
  ])('%s reads %s', (n, text) => {
    expect(number(n)).toBe(text);
  });
});

it('latencies keep digits where they matter', () => {
  expect([0.423, 12.34, 345.6, 1234].map(latency)).toEqual(['0.42 ms', '12.3 ms', '346 ms', '1.23 s']);
});

it('counts and percentages agree with grammar and zero', () => {
  expect(count(1, 'row')).toBe('1 row');
  expect(count(1200, 'row')).toBe('1,200 rows');
  expect(percent(0, 10)).toBe('0%');
  expect(percent(1, 100_000)).toBe('<0.1%');
  expect(percent(1, 3)).toBe('33%');
  expect(percent(1, 0)).toBe('–');
  expect(short('abcdef', 3)).toBe('abc…');
});
