/** Test values: the `source` of a payment and the `destination` of a payout decide what happens. */
import { PspProblem } from '../../core/problem.ts';
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome, DeclineReason, PayoutRecord } from '../../core/records.ts';

const approve = { kind: 'approve' } as const;
const declined = (reason: DeclineReason): CardOutcome => ({ threeDs: 'none', issuer: { kind: 'decline', reason } });

export const CARDS: Readonly<Record<string, CardOutcome>> = {
  card_ok: APPROVED,
  card_declined: declined('do_not_honor'),
  card_no_money: declined('insufficient_funds'),
  card_wants_3ds: declined('authentication_required'),
  card_frictionless: { threeDs: 'frictionless', issuer: approve },
  card_attempted: { threeDs: 'frictionless', issuer: approve, frictionlessResult: 'attempted' },
  card_challenge: { threeDs: 'challenge', issuer: approve },
  card_disputed_won: { ...APPROVED, fate: { dispute: { reason: 'fraudulent', ends: 'won' } } },
  card_disputed_lost: { ...APPROVED, fate: { dispute: { reason: 'fraudulent', ends: 'lost' } } },
  card_refund_fails: { ...APPROVED, fate: { refunds: 'failed' } },
  card_refund_fails_late: { ...APPROVED, fate: { refunds: 'fails-late' } },
};

export const DESTINATIONS: Readonly<Record<string, PayoutRecord['outcome']>> = {
  account_ok: 'paid',
  account_closed: 'failed',
  account_returns: 'returned',
};

/** Throws `PspProblem('validation')`: a typing mistake must not look like a payment. */
export function outcomeOf<T>(table: Readonly<Record<string, T>>, value: string, field: string): T {
  const outcome = Object.hasOwn(table, value) ? table[value] : undefined;
  if (outcome !== undefined) return outcome;
  const known = Object.keys(table).join(', ');
  throw new PspProblem('validation', `${field} "${value}" is unknown: there are ${known}`, { field });
}
