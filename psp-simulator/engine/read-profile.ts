/**
 * Profiles as people write them. Programs give `ackTimeoutMs: 5000`; a scenario file gives
 * `ack_timeout: 5s`; both mean the same, and `readProfile` makes the first form of either.
 * `profileProblem` says in one sentence what is wrong with a profile in that form.
 */
import { messageOf } from '../../kernel/index.ts';
import type { PspProfile } from '../dialects/profile.ts';
import { readDistribution } from '../faults/read-distribution.ts';
import { readDuration, DURATION_HINT } from './read-duration.ts';
import { settlementProblem } from './settlement-problem.ts';

const DURATIONS = [
  'keyLifeMs',
  'visibilityLagMs',
  'ackTimeoutMs',
  'challengeLifeMs',
  'authorizationLifeMs',
  'openLifeMs',
  'disputeEvidenceMs',
] as const;
const DISTRIBUTIONS = [
  'latency',
  'firstDelivery',
  'payoutSettlement',
  'refundSettlement',
  'refundLateFailure',
  'payoutReturn',
  'disputeDelay',
  'disputeDecision',
] as const;
/** Fields that a PSP may be without; null takes them away. */
const OPTIONAL = ['rateLimit', 'settlement', 'webhookEvents'] as const;
const KNOWN: readonly string[] = [...DURATIONS, ...DISTRIBUTIONS, 'retryScheduleMs', ...OPTIONAL];

/** Longest retry plan that is taken. */
const MOST_RETRIES = 100;

type Fields = Readonly<Record<string, unknown>>;

/** Names in camel case, durations in milliseconds under names that end in `Ms`. Checks nothing. */
export function readProfile(given: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => readField(camelCase(key), value)));
}

/** `null` for an optional field takes it away; the rest is laid over the profile. */
export function mergeProfile(profile: PspProfile, changes: Fields): PspProfile {
  const merged: Record<string, unknown> = { ...profile, ...changes };
  for (const name of OPTIONAL) if (merged[name] === null) delete merged[name];
  return merged as unknown as PspProfile;
}

export function profileProblem(profile: Fields): string | undefined {
  const unknown = Object.keys(profile).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) return `profile.${unknown.join(', ')} is unknown: there are ${KNOWN.join(', ')}`;
  for (const name of DURATIONS) {
    if (profile[name] !== undefined && !isDelay(profile[name])) return `profile.${name} must be ${DURATION_HINT}`;
  }
  for (const name of DISTRIBUTIONS) {
    const problem = profile[name] === undefined ? undefined : distributionProblem(profile[name]);
    if (problem !== undefined) return `profile.${name}: ${problem}`;
  }
  return listsProblem(profile) ?? rateLimitProblem(profile['rateLimit']) ?? settlementProblem(profile['settlement']);
}

function listsProblem(profile: Fields): string | undefined {
  const { retryScheduleMs: schedule, webhookEvents: events } = profile;
  if (
    schedule !== undefined &&
    !(Array.isArray(schedule) && schedule.length <= MOST_RETRIES && schedule.every(isDelay))
  )
    return `profile.retryScheduleMs must be a list of at most ${MOST_RETRIES} pauses, each ${DURATION_HINT}`;
  const isList = Array.isArray(events) && events.every((type) => typeof type === 'string');
  if (events !== undefined && events !== null && !isList) return 'profile.webhookEvents must be a list of event types';
  return undefined;
}

function rateLimitProblem(limit: unknown): string | undefined {
  if (limit === undefined || limit === null || limit === 'published') return undefined;
  const { requests, windowMs, ...others } = isObject(limit) ? limit : {};
  const counts = typeof requests === 'number' && Number.isInteger(requests) && requests >= 1;
  if (counts && isDelay(windowMs) && windowMs !== 0 && Object.keys(others).length === 0) return undefined;
  return 'profile.rateLimit must be "published", null, or {requests, windowMs} with at least one request per window';
}

function readField(name: string, value: unknown): [string, unknown] {
  if (Array.isArray(value) && value.length > 0 && value.every(isText)) {
    const ms = value.map(readDuration);
    return ms.includes(undefined) ? [name, value] : [withUnit(name), ms];
  }
  if (isText(value)) {
    const ms = readDuration(value);
    return ms === undefined ? [name, value] : [withUnit(name), ms];
  }
  return [name, isObject(value) ? readProfile(value) : value];
}

function withUnit(name: string): string {
  return name === 'ms' || name.endsWith('Ms') ? name : `${name}Ms`;
}

function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function distributionProblem(value: unknown): string | undefined {
  try {
    readDistribution(value);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isDelay(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
