/**
 * Mollie's test values. Real ones: in test mode the checkout lets one choose the end, and a card
 * payment of a magic amount that is made to fail tells a failure reason. Mollie's API never sees
 * a card number, only tokens of its own card form, so the tokens here are this simulator's:
 * `tkn_assay_<script>`. The same scripts work for every method as `metadata.assay_outcome`.
 *
 * Only this file decides a payment's fate. It knows nothing of the bank.
 */
import type { CardOutcome, DeclineReason } from '../../core/records.ts';
import { APPROVED } from '../../core/records.ts';

const DECLINES = {
  declined: 'generic',
  refused: 'do_not_honor',
  insufficient_funds: 'insufficient_funds',
  card_expired: 'expired_card',
  invalid_cvv: 'incorrect_cvc',
  invalid_card: 'invalid_card',
  lost_card: 'lost_card',
  fraud: 'suspected_fraud',
  issuer_unavailable: 'issuer_unavailable',
  /** The issuer wants the payment again, with 3-D Secure. */
  soft_decline: 'authentication_required',
} as const satisfies Record<string, DeclineReason>;

function declined(reason: DeclineReason, more: Partial<CardOutcome> = {}): CardOutcome {
  return { threeDs: 'none', issuer: { kind: 'decline', reason }, ...more };
}

const dispute = (ends: 'won' | 'lost' | 'reversed'): CardOutcome => ({
  ...APPROVED,
  fate: { dispute: { reason: 'fraudulent', ends } },
});

export const SCRIPTS: Readonly<Record<string, CardOutcome>> = {
  approved: APPROVED,
  mastercard: { ...APPROVED, scheme: 'mastercard' },
  amex: { ...APPROVED, scheme: 'amex' },
  ...Object.fromEntries(Object.entries(DECLINES).map(([name, reason]) => [name, declined(reason)])),
  frictionless: { ...APPROVED, threeDs: 'frictionless' },
  frictionless_mastercard: { ...APPROVED, threeDs: 'frictionless', scheme: 'mastercard' },
  frictionless_attempted: { ...APPROVED, threeDs: 'frictionless', frictionlessResult: 'attempted' },
  frictionless_unavailable: { ...APPROVED, threeDs: 'frictionless', frictionlessResult: 'unavailable' },
  frictionless_failed: { ...APPROVED, threeDs: 'frictionless', frictionlessResult: 'failed' },
  challenge: { ...APPROVED, threeDs: 'challenge' },
  challenge_declined: declined('do_not_honor', { threeDs: 'challenge' }),
  dispute_won: dispute('won'),
  dispute_lost: dispute('lost'),
  dispute_reversed: dispute('reversed'),
  refund_fails: { ...APPROVED, fate: { refunds: 'failed' } },
  refund_fails_late: { ...APPROVED, fate: { refunds: 'fails-late' } },
};

/** Undefined for a name that is none of them. */
export function scriptOf(name: string): CardOutcome | undefined {
  return Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
}

const TOKEN_PREFIX = 'tkn_assay_';

/** Outcome of a card token; undefined for something that is no token. Any other `tkn_…` is an approved card. */
export function tokenOutcome(token: string): CardOutcome | undefined {
  if (token.startsWith(TOKEN_PREFIX)) return scriptOf(token.slice(TOKEN_PREFIX.length));
  return /^tkn_\w+$/.test(token) ? APPROVED : undefined;
}

export function scriptNames(): string[] {
  return Object.keys(SCRIPTS);
}

/** Minor units of EUR of a card payment that is made to fail → Mollie's failure reason (testing.rst of Mollie's documentation). */
const REASON_BY_AMOUNT: Readonly<Record<number, string>> = {
  100_100: 'invalid_card_number',
  100_200: 'invalid_cvv',
  100_300: 'invalid_card_holder_name',
  100_400: 'card_expired',
  100_500: 'invalid_card_type',
  100_600: 'refused_by_issuer',
  100_700: 'insufficient_funds',
  100_800: 'inactive_card',
  100_900: 'possible_fraud',
  101_000: 'authentication_failed',
  101_100: 'card_declined',
};

export function reasonByAmount(amountMinor: number, currency: string): string | undefined {
  return currency === 'EUR' ? REASON_BY_AMOUNT[amountMinor] : undefined;
}

const REASON_BY_DECLINE: Readonly<Record<DeclineReason, string>> = {
  generic: 'card_declined',
  do_not_honor: 'refused_by_issuer',
  insufficient_funds: 'insufficient_funds',
  expired_card: 'card_expired',
  incorrect_cvc: 'invalid_cvv',
  lost_card: 'inactive_card',
  stolen_card: 'inactive_card',
  velocity_exceeded: 'refused_by_issuer',
  restricted_card: 'inactive_card',
  invalid_card: 'invalid_card_number',
  not_permitted: 'invalid_card_type',
  issuer_unavailable: 'unknown_reason',
  authentication_required: 'authentication_required',
  suspected_fraud: 'possible_fraud',
  processing_error: 'unknown_reason',
  authentication_failed: 'authentication_failed',
  authentication_error: 'authentication_unavailable_acs',
  challenge_expired: 'authentication_abandoned',
};

/** Mollie's `details.failureReason`. */
export function failureReason(reason: DeclineReason): string {
  return REASON_BY_DECLINE[reason];
}

/** In the description of a payout: how it ends. What stands before it is the merchant's reference. */
const PAYOUT_MARK = /\s*assay_outcome=(\w+)\s*$/;

export function payoutScript(description: string | null): {
  reference: string | null;
  outcome: 'paid' | 'failed' | 'returned';
} {
  const wanted = PAYOUT_MARK.exec(description ?? '')?.[1];
  const reference = (description ?? '').replace(PAYOUT_MARK, '');
  const outcome = wanted === 'fail' ? 'failed' : wanted === 'return' ? 'returned' : 'paid';
  return { reference: reference === '' ? null : reference, outcome };
}
