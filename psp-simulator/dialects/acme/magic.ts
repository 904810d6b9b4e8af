/**
 * acme's test tokens: what a card, a device wallet or another method does when it is charged.
 * An unknown token is refused: a typing mistake must not look like a payment. acme never sees a
 * card number, so there is none to keep.
 */
import { PspProblem } from '../../core/problem.ts';
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome, DeclineReason, Exemption, PayoutRecord } from '../../core/records.ts';

const approve = { kind: 'approve' } as const;
const declined = (reason: DeclineReason): CardOutcome => ({ threeDs: 'none', issuer: { kind: 'decline', reason } });
const checked = (frictionlessResult: NonNullable<CardOutcome['frictionlessResult']>): CardOutcome => ({
  threeDs: 'frictionless',
  issuer: approve,
  frictionlessResult,
});
const disputed = (ends: 'won' | 'lost' | 'reversed' | null): CardOutcome => ({
  ...APPROVED,
  fate: { dispute: { reason: 'fraudulent', ends } },
});

export const CARDS: Readonly<Record<string, CardOutcome>> = {
  tok_ok: APPROVED,
  tok_mastercard: { ...APPROVED, scheme: 'mastercard' },
  tok_declined: declined('do_not_honor'),
  tok_insufficient_funds: declined('insufficient_funds'),
  tok_expired_card: declined('expired_card'),
  tok_incorrect_cvc: declined('incorrect_cvc'),
  tok_lost_card: declined('lost_card'),
  tok_stolen_card: declined('stolen_card'),
  tok_velocity: declined('velocity_exceeded'),
  tok_fraud: declined('suspected_fraud'),
  tok_processing_error: declined('processing_error'),
  tok_issuer_unavailable: declined('issuer_unavailable'),
  /** Soft decline: passes once the cardholder is authenticated, see `charged`. */
  tok_soft_decline: declined('authentication_required'),
  tok_3ds: { threeDs: 'challenge', issuer: approve },
  tok_3ds_declined: { threeDs: 'challenge', issuer: { kind: 'decline', reason: 'do_not_honor' } },
  tok_3ds_frictionless: checked('authenticated'),
  tok_3ds_attempted: checked('attempted'),
  tok_3ds_unavailable: checked('unavailable'),
  tok_3ds_failed: checked('failed'),
  tok_3ds_rejected: checked('rejected'),
  tok_disputed: disputed(null),
  tok_disputed_won: disputed('won'),
  tok_disputed_lost: disputed('lost'),
  tok_disputed_reversed: disputed('reversed'),
  tok_refund_pending: APPROVED,
  tok_refund_fails: { ...APPROVED, fate: { refunds: 'failed' } },
  tok_refund_fails_late: { ...APPROVED, fate: { refunds: 'fails-late' } },
};

/** Cards whose refunds are not done at once. */
export const PENDING_REFUNDS: readonly string[] = ['tok_refund_pending', 'tok_refund_fails'];

/** Apple Pay and Google Pay: a cryptogram of the device counts as authentication; a bare card number in Google's vault does not. */
export const DEVICES: Readonly<Record<string, CardOutcome>> = {
  tok_device_ok: checked('authenticated'),
  tok_device_declined: { ...declined('do_not_honor'), threeDs: 'frictionless' },
  tok_device_pan_only: { threeDs: 'challenge', issuer: approve },
};

/** What happens after the payer approved on the page of another method. */
export const OTHERS: Readonly<Record<string, CardOutcome>> = {
  tok_ok: APPROVED,
  tok_declined: declined('do_not_honor'),
  tok_insufficient_funds: declined('insufficient_funds'),
  tok_refund_fails: { ...APPROVED, fate: { refunds: 'failed' } },
};

export const DESTINATIONS: Readonly<Record<string, PayoutRecord['outcome']>> = {
  tok_payout_ok: 'paid',
  tok_payout_fail: 'failed',
  tok_payout_returned: 'returned',
};

/** What the merchant wants about authentication. */
export interface AuthenticationWish {
  readonly force: boolean;
  readonly exemption: Exemption | undefined;
}

/** A card's outcome under that wish: force makes a challenge of it, an exemption is recorded where no challenge follows. */
export function charged(outcome: CardOutcome, wish: AuthenticationWish): CardOutcome {
  if (wish.force) {
    const { fate, scheme, issuer } = outcome;
    const soft = issuer.kind === 'decline' && issuer.reason === 'authentication_required';
    return {
      threeDs: 'challenge',
      issuer: soft ? approve : issuer,
      ...(fate === undefined ? {} : { fate }),
      ...(scheme === undefined ? {} : { scheme }),
    };
  }
  return wish.exemption === undefined || outcome.threeDs !== 'none'
    ? outcome
    : { ...outcome, exemption: wish.exemption };
}

/** Throws `PspProblem('validation')` for a token that is not in the table. */
export function outcomeOf<T>(table: Readonly<Record<string, T>>, token: string, field: string): T {
  const outcome = Object.hasOwn(table, token) ? table[token] : undefined;
  if (outcome !== undefined) return outcome;
  const known = Object.keys(table).join(', ');
  throw new PspProblem('validation', `${field} "${token}" is unknown: there are ${known}`, { field });
}
