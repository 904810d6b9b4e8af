/**
 * Which of acme's events a merchant gets. By default all but `settlement.ready`, which is of no
 * use to a platform that reads settlements on its own schedule.
 */
import type { PspContext } from '../dialect.ts';

const ON_REQUEST: readonly string[] = ['settlement.ready'];

export function isSubscribed(psp: PspContext, type: string): boolean {
  const wanted = psp.profile.webhookEvents;
  if (wanted === undefined) return !ON_REQUEST.includes(type);
  return wanted.includes('*') || wanted.includes(type);
}
