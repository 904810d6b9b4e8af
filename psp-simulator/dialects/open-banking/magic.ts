/**
 * Test values: the provider (the payer's bank) decides what becomes of a payment once the payer
 * has acted on its page, the number of the receiving account what becomes of a payout. The names
 * begin as the sandbox's mock provider does; the endings are this simulator's own.
 */
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome, DeclineReason, PayoutRecord } from '../../core/records.ts';
import { refuse } from './fields.ts';

const rejected = (reason: DeclineReason): CardOutcome => ({ threeDs: 'none', issuer: { kind: 'decline', reason } });

export const DEFAULT_PROVIDER = 'mock-payments-gb-redirect';

export const PROVIDERS: Readonly<Record<string, CardOutcome>> = {
  [DEFAULT_PROVIDER]: APPROVED,
  'mock-payments-gb-redirect-rejected': rejected('generic'),
  'mock-payments-gb-redirect-insufficient-funds': rejected('insufficient_funds'),
  'mock-payments-gb-redirect-limit-exceeded': rejected('velocity_exceeded'),
  'mock-payments-gb-redirect-blocked': rejected('suspected_fraud'),
  'mock-payments-gb-redirect-error': rejected('issuer_unavailable'),
  'mock-payments-gb-redirect-refund-fails': { ...APPROVED, fate: { refunds: 'failed' } },
  'mock-payments-gb-redirect-refund-fails-late': { ...APPROVED, fate: { refunds: 'fails-late' } },
};

/** What the bank behind this provider does; refuses a provider that is not in the table. */
export function providerOutcome(providerId: string, field: string): CardOutcome {
  const outcome = Object.hasOwn(PROVIDERS, providerId) ? PROVIDERS[providerId] : undefined;
  return outcome ?? refuse(field, `Unknown provider: there are ${Object.keys(PROVIDERS).join(', ')}.`);
}

/** Endings of account numbers (or IBANs) that do not take money. */
const ACCOUNTS: readonly (readonly [ending: string, outcome: PayoutRecord['outcome']])[] = [
  ['0002', 'failed'],
  ['0003', 'returned'],
];

export function payoutOutcome(accountNumber: string): PayoutRecord['outcome'] {
  return ACCOUNTS.find(([ending]) => accountNumber.endsWith(ending))?.[1] ?? 'paid';
}
