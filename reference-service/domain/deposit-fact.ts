/**
 * Fact: one thing learned about an attempt, from whatever side, in neutral words.
 *
 * The source decides what a fact may do. A PSP's first answer, or what the browser brought
 * back, may move the attempt; only proof (a verified webhook, a status query, the replay of
 * our own call under the same key) may move money.
 */
import type { Money } from './money.ts';

export type FactSource = 'answer' | 'return' | 'webhook' | 'query' | 'replay';

export type FactOutcome =
  | 'authorized'
  | 'succeeded'
  | 'declined'
  | 'canceled'
  | 'refunded'
  | 'pending'
  | 'requires_action'
  | 'not_reached'
  | 'refused'
  | 'in_doubt'
  | 'not_found'
  | 'absent_proven';

export interface DepositFact {
  source: FactSource;
  outcome: FactOutcome;
  /** Name under which the PSP is configured. */
  psp: string;
  pspReference: string | null;
  /** What the PSP states; null when it states no amount. */
  money: Money | null;
  code: string | null;
  declineClass: 'issuer' | 'technical' | null;
  redirectUrl: string | null;
  /** Webhooks only: the PSP's event id. */
  eventId: string | null;
  /** Webhooks only: a success of a payment that captures by itself; one that does not is only authorized. */
  onlyIfAutomatic?: true;
  /** Ids of further payments that the PSP took money for under the same reference: one too many each. Queries only. */
  others?: readonly string[];
  /** A method that the PSP keeps because of this payment. */
  stored?: { token: string; brand: string | null; last4: string | null };
}

/** True when the fact may move money. */
export function isProof(fact: DepositFact): boolean {
  return fact.source === 'webhook' || fact.source === 'query' || fact.source === 'replay';
}
