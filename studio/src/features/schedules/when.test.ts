import { expect, it } from 'vitest';
import { whenText } from './when';

it('a cron expression stays as it is, with its zone', () => {
  expect(whenText({ triggerType: 'Cron', expression: '0 * * * *' })).toBe('0 * * * *, UTC');
  expect(whenText({ triggerType: 'Cron', expression: '0 9 * * 1', timeZone: 'Pacific Standard Time' })).toBe(
    '0 9 * * 1, Pacific Standard Time',
  );
});

it.each([
  ['Minute', 15, undefined, 'Every 15 minutes'],
  ['Hour', 1, {}, 'Every hour'],
  ['Day', 1, { hours: [4, 5], minutes: [0, 30] }, 'Every day at 04:00, 04:30, 05:00 and 05:30, UTC'],
  ['Day', 2, { hours: [], minutes: [] }, 'Every 2 days, UTC'],
  [
    'Week',
    2,
    { hours: [10], minutes: [15], weekDays: ['Monday', 'Friday'] },
    'Every 2 weeks on Monday and Friday at 10:15, UTC',
  ],
  ['Month', 1, { hours: [9], minutes: [0], monthDays: [1, 15] }, 'Every month on day 1 and 15 at 09:00, UTC'],
  ['Day', 1, { hours: [1, 2, 3, 4], minutes: [0, 30] }, 'Every day at 8 times, UTC'],
])('every %s × %i', (frequency, interval, schedule, text) => {
  expect(whenText({ triggerType: 'Recurrence', frequency, interval, ...(schedule ? { schedule } : {}) })).toBe(text);
});
