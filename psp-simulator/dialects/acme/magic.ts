/** acme's test tokens. An unknown token is refused: a typing mistake must not look like a payment. */
import { PspProblem } from '../../core/problem.ts';
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome } from '../../core/records.ts';

const CARDS: Readonly<Record<string, CardOutcome>> = {
  tok_ok: APPROVED,
  tok_declined: { threeDs: 'none', issuer: { kind: 'decline', reason: 'do_not_honor' } },
  tok_insufficient_funds: { threeDs: 'none', issuer: { kind: 'decline', reason: 'insufficient_funds' } },
  tok_3ds: { threeDs: 'challenge', issuer: { kind: 'approve' } },
  tok_3ds_frictionless: { threeDs: 'frictionless', issuer: { kind: 'approve' } },
  tok_3ds_declined: { threeDs: 'challenge', issuer: { kind: 'decline', reason: 'do_not_honor' } },
};

const DESTINATIONS: Readonly<Record<string, 'paid' | 'failed'>> = { tok_payout_ok: 'paid', tok_payout_fail: 'failed' };

export function cardOutcome(token: string): CardOutcome {
  const outcome = CARDS[token];
  if (outcome === undefined) throw unknownToken('token', token, Object.keys(CARDS));
  return outcome;
}

export function payoutOutcome(destination: string): 'paid' | 'failed' {
  const outcome = DESTINATIONS[destination];
  if (outcome === undefined) throw unknownToken('destination', destination, Object.keys(DESTINATIONS));
  return outcome;
}

function unknownToken(field: string, token: string, known: readonly string[]): PspProblem {
  return new PspProblem('validation', `${field} "${token}" is unknown: there are ${known.join(', ')}`, { field });
}
