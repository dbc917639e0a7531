/** Triggers in words. */
import type { CronTrigger, RecurrenceTrigger } from '../../api/schedules';

const two = (n: number) => String(n).padStart(2, '0');

/** "Every 2 weeks on Monday and Friday at 10:15, Pacific Standard Time"; a cron expression stays as it is. */
export function whenText(trigger: CronTrigger | RecurrenceTrigger): string {
  const zone = trigger.timeZone && trigger.timeZone !== 'UTC' ? `, ${trigger.timeZone}` : '';
  if (trigger.triggerType === 'Cron') return `${trigger.expression}${zone || ', UTC'}`;
  const unit = trigger.frequency.toLowerCase();
  const every = trigger.interval === 1 ? `Every ${unit}` : `Every ${trigger.interval} ${unit}s`;
  if (unit === 'minute' || unit === 'hour') return every;
  const { hours, minutes, weekDays, monthDays } = trigger.schedule ?? {};
  const days = [
    ...(monthDays?.length && unit === 'month' ? [`day ${and(monthDays.map(String))}`] : []),
    ...(weekDays?.length ? [and(weekDays)] : []),
  ];
  const times = (hours ?? []).flatMap((h) => (minutes?.length ? minutes : [0]).map((m) => `${two(h)}:${two(m)}`));
  const shown = times.length > 6 ? `at ${times.length} times` : times.length ? `at ${and(times)}` : '';
  return [every, days.length ? `on ${days.join(' and ')}` : '', shown].filter(Boolean).join(' ') + (zone || ', UTC');
}

function and(words: string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
