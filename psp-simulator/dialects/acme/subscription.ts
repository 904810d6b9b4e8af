/** Which of acme's events a merchant gets: all, unless the profile names those that are wanted. */
import type { PspContext } from '../dialect.ts';

export function isSubscribed(psp: PspContext, type: string): boolean {
  const wanted = psp.profile.webhookEvents;
  return wanted === undefined || wanted.includes('*') || wanted.includes(type);
}
