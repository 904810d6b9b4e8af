/**
 * Stripe's test cards: which token, payment method id or card number does what.
 * Facts from Stripe's public testing page; the ids are what merchants write in their tests,
 * so they must mean here what they mean there.
 *
 * Only this table decides a card's fate. It knows nothing of payments; how a decline is worded
 * is in declines.ts.
 */
import type { CardOutcome, DeclineReason } from '../../core/records.ts';

export type ThreeDsBehaviour =
  | 'not-supported' /** the card's network has no 3DS for it */
  | 'not-enrolled' /** 3DS is attempted when asked for, never shown */
  | 'optional' /** challenged only when the merchant asks for 3DS */
  | 'optional-error' /** as optional, but authentication breaks when asked for */
  | 'required' /** always challenged */
  | 'required-error' /** always authenticated, and the lookup always breaks */
  | 'frictionless'; /** authenticated without a challenge */

export interface TestCard {
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  threeDs: ThreeDsBehaviour;
  /** What the issuer says; absent: it approves. */
  decline?: DeclineReason;
  /** What becomes of a refund to this card; the default is that it succeeds at once. */
  refund?: 'fails' | 'pending';
  risk: 'normal' | 'elevated' | 'highest';
}

function card(number: string, more: Partial<TestCard> = {}): TestCard {
  return { number, brand: 'visa', funding: 'credit', country: 'US', threeDs: 'not-enrolled', risk: 'normal', ...more };
}

/** Names as merchants write them after `pm_card_` or `tok_`. */
const BY_NAME: Readonly<Record<string, TestCard>> = {
  visa: card('4242424242424242'),
  visa_debit: card('4000056655665556', { funding: 'debit' }),
  mastercard: card('5555555555554444', { brand: 'mastercard' }),
  mastercard_debit: card('5200828282828210', { brand: 'mastercard', funding: 'debit' }),
  mastercard_prepaid: card('5105105105105100', { brand: 'mastercard', funding: 'prepaid' }),
  amex: card('371449635398431', { brand: 'amex' }),
  discover: card('6011111111111117', { brand: 'discover' }),
  diners: card('3056930009020004', { brand: 'diners' }),
  jcb: card('3566002020360505', { brand: 'jcb' }),
  unionpay: card('6200000000000005', { brand: 'unionpay' }),
  bypassPending: card('4000000000000077'),

  threeDSecureRequired: card('4000000000003063', { threeDs: 'required' }),
  threeDSecure2Required: card('4000000000003220', { threeDs: 'required' }),
  authenticationRequired: card('4000002760003184', { threeDs: 'required' }),
  authenticationRequiredOnSetup: card('4000002500003155', { threeDs: 'required' }),
  authenticationRequiredSetupForOffSession: card('4000003800000446', { threeDs: 'required' }),
  threeDSecureRequiredChargeDeclined: card('4000008400001629', { threeDs: 'required', decline: 'generic' }),
  authenticationRequiredChargeDeclinedInsufficientFunds: card('4000008260003178', {
    threeDs: 'required',
    decline: 'insufficient_funds',
  }),
  threeDSecureRequiredProcessingError: card('4000008400001280', { threeDs: 'required-error' }),
  threeDSecureOptional: card('4000000000003055', { threeDs: 'optional' }),
  threeDSecureOptionalProcessingError: card('4000000000003097', { threeDs: 'optional-error' }),
  amex_threeDSecureNotSupported: card('378282246310005', { brand: 'amex', threeDs: 'not-supported' }),
  threeDSecureFrictionless: card('4000000032200000', { threeDs: 'frictionless' }),

  visa_chargeDeclined: card('4000000000000002', { decline: 'generic' }),
  visa_chargeDeclinedInsufficientFunds: card('4000000000009995', { decline: 'insufficient_funds' }),
  visa_chargeDeclinedLostCard: card('4000000000009987', { decline: 'lost_card' }),
  visa_chargeDeclinedStolenCard: card('4000000000009979', { decline: 'stolen_card' }),
  visa_chargeDeclinedVelocityLimitExceeded: card('4000000000006975', { decline: 'velocity_exceeded' }),
  visa_chargeDeclinedFraudulent: card('4100000000000019', { decline: 'suspected_fraud', risk: 'highest' }),
  radarBlock: card('4100000000000019', { decline: 'suspected_fraud', risk: 'highest' }),
  chargeDeclinedExpiredCard: card('4000000000000069', { decline: 'expired_card' }),
  chargeDeclinedIncorrectCvc: card('4000000000000127', { decline: 'incorrect_cvc' }),
  chargeDeclinedProcessingError: card('4000000000000119', { decline: 'processing_error' }),
  chargeCustomerFail: card('4000000000000341', { decline: 'generic' }),
  riskLevelElevated: card('4000000000009235', { risk: 'elevated' }),
  riskLevelHighest: card('4000000000004954', { risk: 'highest' }),

  refundFail: card('4000000000005126', { refund: 'fails' }),
  pendingRefund: card('4000000000007726', { refund: 'pending' }),
  createDispute: card('4000000000000259'),
  createDisputeProductNotReceived: card('4000000000002685'),
  createDisputeInquiry: card('4000000000001976'),
  createIssuerFraudRecord: card('4000000000005423'),
};

/** Short names that Stripe's documentation uses for tokens of the same cards. */
const ALIASES: Readonly<Record<string, string>> = {
  chargeDeclined: 'visa_chargeDeclined',
  chargeDeclinedInsufficientFunds: 'visa_chargeDeclinedInsufficientFunds',
  chargeDeclinedLostCard: 'visa_chargeDeclinedLostCard',
  chargeDeclinedStolenCard: 'visa_chargeDeclinedStolenCard',
  chargeDeclinedFraudulent: 'visa_chargeDeclinedFraudulent',
  chargeDeclinedVelocityLimitExceeded: 'visa_chargeDeclinedVelocityLimitExceeded',
  visa_chargeDeclinedExpiredCard: 'chargeDeclinedExpiredCard',
  visa_chargeDeclinedIncorrectCvc: 'chargeDeclinedIncorrectCvc',
  visa_chargeDeclinedProcessingError: 'chargeDeclinedProcessingError',
};

const BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(Object.values(BY_NAME).map((entry) => [entry.number, entry]));

/** The card behind `pm_card_…`, `tok_…` or a bare number; undefined when Stripe has no such test card. */
export function findTestCard(source: string): TestCard | undefined {
  const name = /^(?:pm_card_|tok_)(.+)$/.exec(source)?.[1];
  if (name === undefined) return BY_NUMBER.get(source.replaceAll(' ', ''));
  const known = ALIASES[name] ?? name;
  return Object.hasOwn(BY_NAME, known) ? BY_NAME[known] : undefined;
}

/** What charging `card` leads to when the merchant asks for 3DS this way. */
export function outcomeOf(card: TestCard, requestThreeDs: 'automatic' | 'any' | 'challenge'): CardOutcome {
  const asked = requestThreeDs !== 'automatic';
  const issuer =
    card.decline === undefined ? ({ kind: 'approve' } as const) : ({ kind: 'decline', reason: card.decline } as const);
  switch (card.threeDs) {
    case 'required':
      return { threeDs: 'challenge', issuer };
    case 'optional':
      return { threeDs: asked ? 'challenge' : 'none', issuer };
    case 'required-error':
      return { threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_error' } };
    case 'optional-error':
      return asked
        ? { threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_error' } }
        : { threeDs: 'none', issuer };
    case 'frictionless':
      return { threeDs: 'frictionless', issuer };
    case 'not-enrolled':
    case 'not-supported':
      return { threeDs: 'none', issuer };
  }
}

/** Every payment method id of the table, for documentation and tests. */
export function testPaymentMethods(): string[] {
  return [...Object.keys(BY_NAME), ...Object.keys(ALIASES)].map((name) => `pm_card_${name}`);
}
