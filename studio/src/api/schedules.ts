import { armList, armLongRunning, armJson, enc, type Arm, type Workspace } from './arm';
import type { RequestOptions } from './http';

export interface CronTrigger {
  triggerType: 'Cron';
  expression: string;
  timeZone?: string;
  startTime?: string;
  endTime?: string;
}

export interface RecurrenceTrigger {
  triggerType: 'Recurrence';
  frequency: string;
  interval: number;
  schedule?: { hours?: number[]; minutes?: number[]; weekDays?: string[] | null; monthDays?: number[] | null } | null;
  timeZone?: string;
  startTime?: string;
  endTime?: string;
}

export interface Schedule {
  displayName?: string | null;
  description?: string | null;
  isEnabled: boolean;
  tags?: Record<string, string>;
  properties?: Record<string, string>;
  trigger: CronTrigger | RecurrenceTrigger;
  action: { actionType: string; jobDefinition: { jobType: string; sourceJobId?: string | null } };
}

/** One time that a schedule submitted a job, or should have. */
export interface Fire {
  number: number;
  scheduledTime: string;
  firedTime: string;
  trigger: 'Schedule' | 'Manual';
  status: 'Submitting' | 'Submitted' | 'Failed';
  jobName: string;
  error?: { code: string; message: string };
}

/** A schedule, when it fires next, and what it did last, newest first. */
export interface ScheduleOverview extends Arm<Schedule> {
  nextFireTime: string | null;
  lastFires: Fire[];
}

export const listSchedules = (ws: Workspace, o: Pick<RequestOptions, 'signal'> = {}) =>
  armList<Schedule>(ws, '/atelier/schedules', o) as Promise<ScheduleOverview[]>;

export const enableSchedule = (ws: Workspace, schedule: Arm<Schedule>, isEnabled: boolean) =>
  armLongRunning(ws, `/schedules/${enc(schedule.name)}`, {
    method: 'PUT',
    json: { properties: { ...schedule.properties, isEnabled } },
  });

export const deleteSchedule = (ws: Workspace, name: string) =>
  armLongRunning(ws, `/schedules/${enc(name)}`, { method: 'DELETE' });

/** Submits a job now; its name. */
export const triggerSchedule = async (ws: Workspace, name: string): Promise<string> =>
  (await armJson<{ submissionId: string }>(ws, `/schedules/${enc(name)}/trigger`, { method: 'POST', json: {} }))
    .submissionId;
