/** What a scenario or a person says about one simulated PSP, and its check. */
import { messageOf, UserError } from '../../kernel/index.ts';
import { readDistribution } from '../faults/read-distribution.ts';
import { DIALECTS } from '../dialects/index.ts';
import type { PspProfile } from '../dialects/profile.ts';

export interface PspConfig {
  /** Unique in one simulator; lower-case letters, digits and hyphens, at most 32 characters. */
  name: string;
  dialect: string;
  /** Where its events go; can be set later through the control API. */
  webhookUrl?: string;
  /** TCP only; 0 or absent lets the system choose. */
  port?: number;
  profile?: Partial<PspProfile>;
}

const DURATIONS = ['keyLifeMs', 'visibilityLagMs', 'ackTimeoutMs', 'challengeLifeMs'] as const;
const DISTRIBUTIONS = ['latency', 'firstDelivery', 'payoutSettlement', 'refundSettlement'] as const;

/** Longest retry plan that is taken. */
const MOST_RETRIES = 100;

/** Throws a UserError in one sentence. */
export function checkConfigs(configs: readonly PspConfig[]): void {
  const names = new Set<string>();
  for (const { name, dialect, profile, webhookUrl } of configs) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      throw new UserError(
        `"${name}" cannot be the name of a PSP`,
        'Use 1 to 32 lower-case letters, digits and hyphens, beginning with a letter.',
      );
    }
    if (names.has(name)) throw new UserError(`two PSPs are named "${name}"`, 'Give each PSP a name of its own.');
    names.add(name);
    if (DIALECTS[dialect] === undefined) {
      throw new UserError(
        `unknown dialect "${dialect}" of PSP "${name}"`,
        `Choose one of ${Object.keys(DIALECTS).join(', ')}.`,
      );
    }
    const problem = profileProblem(profile ?? {}) ?? urlProblem(webhookUrl);
    if (problem !== undefined) throw new UserError(`PSP "${name}": ${problem}`, 'Correct the value.');
  }
}

/** What is wrong with a (partial) profile, as a sentence, or undefined. */
export function profileProblem(profile: Readonly<Record<string, unknown>>): string | undefined {
  const known: readonly string[] = [...DURATIONS, ...DISTRIBUTIONS, 'retryScheduleMs', 'webhookEvents'];
  const unknown = Object.keys(profile).filter((name) => !known.includes(name));
  if (unknown.length > 0) return `profile.${unknown.join(', ')} is unknown: there are ${known.join(', ')}`;
  for (const name of DURATIONS) {
    if (profile[name] !== undefined && !isDelay(profile[name])) return `profile.${name} must be milliseconds from 0 on`;
  }
  for (const name of DISTRIBUTIONS) {
    if (profile[name] === undefined) continue;
    const problem = distributionProblem(profile[name]);
    if (problem !== undefined) return `profile.${name}: ${problem}`;
  }
  const schedule = profile['retryScheduleMs'];
  if (
    schedule !== undefined &&
    !(Array.isArray(schedule) && schedule.length <= MOST_RETRIES && schedule.every(isDelay))
  ) {
    return `profile.retryScheduleMs must be a list of at most ${MOST_RETRIES} pauses in milliseconds`;
  }
  const events = profile['webhookEvents'];
  if (events !== undefined && !(Array.isArray(events) && events.every((type) => typeof type === 'string'))) {
    return 'profile.webhookEvents must be a list of event types';
  }
  return undefined;
}

/** What is wrong with a webhook URL, or undefined. */
export function urlProblem(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return undefined;
  return `the webhook URL ${JSON.stringify(url)} must be an absolute http or https URL`;
}

function distributionProblem(value: unknown): string | undefined {
  try {
    readDistribution(value);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function isDelay(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
