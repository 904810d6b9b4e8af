/**
 * Subscriptions to next-generation webhooks, kept in one file of the bank under a fixed token so
 * that each change of the books finds them without a search.
 */
import { APPROVED } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';

export interface Hook {
  id: string;
  name: string;
  url: string;
  eventTypes: string[];
  createdAtMs: number;
}

const TOKEN = 'webhooks';

export function hooks(psp: PspContext): readonly Hook[] {
  const details = psp.bank.findMethod(TOKEN)?.details as { hooks?: readonly Hook[] } | undefined;
  return details?.hooks ?? [];
}

export function saveHooks(psp: PspContext, list: readonly Hook[]): void {
  psp.bank.saveMethod({
    token: TOKEN,
    customer: null,
    type: 'webhooks',
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome: APPROVED,
    details: { hooks: [...list] },
  });
}

export function subscribedTypes(psp: PspContext): readonly string[] {
  return hooks(psp).flatMap((hook) => hook.eventTypes);
}

/** Where the first subscription to this type wants it. */
export function hookUrl(psp: PspContext, type: string): string | undefined {
  return hooks(psp).find(({ eventTypes }) => eventTypes.includes('*') || eventTypes.includes(type))?.url;
}
