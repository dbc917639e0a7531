/** Trials of sweep jobs. */
import { armJson, enc, type Workspace } from './arm';
import type { Job } from './jobs';
import type { RequestOptions } from './http';

export type ParameterValue = string | number | boolean | null | { [member: string]: ParameterValue };

export interface Trial {
  name: string;
  number: number;
  displayName: string;
  status: string;
  best: boolean;
  parameters: Record<string, ParameterValue>;
  /** The best value of the primary metric that it has logged; null before the first. */
  metric: number | null;
  /** How often it has logged the primary metric. */
  points: number;
  reason: string | null;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface Trials {
  objective: { goal: 'maximize' | 'minimize'; primaryMetric: string };
  maxTotalTrials: number;
  /** How many combinations there are; null for no end. */
  spaceSize: number | null;
  best: string | null;
  value: Trial[];
}

export const getTrials = (ws: Workspace, sweep: string, o: Pick<RequestOptions, 'signal'> = {}) =>
  armJson<Trials>(ws, `/atelier/jobs/${enc(sweep)}/trials`, o);

export function isSweep(job: Job): boolean {
  return job.properties.jobType.toLowerCase() === 'sweep';
}

/** A job that is a trial of a sweep. */
export function isTrial(job: Job): boolean {
  return job.properties.properties?.hyperparameters !== undefined;
}
