/**
 * Stripe's test cards: which token, payment method id or card number does what.
 * Facts from Stripe's public testing page; the ids are what merchants write in their tests,
 * so they must mean here what they mean there. What a charge of a card leads to is in
 * card-outcome.ts, how a decline is worded in declines.ts.
 */
import type { DeclineReason, DisputeReason } from '../../core/records.ts';

export type ThreeDsBehaviour =
  | 'not-supported' /** the card's network has no 3DS for it */
  | 'not-enrolled' /** 3DS is attempted when asked for, never shown */
  | 'optional' /** challenged only when the merchant asks for 3DS */
  | 'optional-error' /** as optional, but authentication breaks when asked for */
  | 'required' /** always challenged */
  | 'required-until-set-up' /** challenged unless it was set up for off-session use */
  | 'required-on-session' /** set up already: challenged only while the cardholder is there */
  | 'required-error' /** always authenticated, and the lookup always breaks */
  | 'frictionless'; /** authenticated without a challenge */

export interface TestCard {
  /** Behind `pm_card_`. */
  name: string;
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  threeDs: ThreeDsBehaviour;
  /** What the issuer says; absent: it approves. */
  decline?: DeclineReason;
  /** What becomes of a refund to this card; the default is that it succeeds at once and stays so. */
  refund?: 'fails-late' | 'pending';
  /** The cardholder disputes what is charged. */
  dispute?: DisputeReason;
  /** The card's issuer reports a charge as fraud, without taking the money back. */
  earlyFraudWarning?: true;
  /** The card can be attached to a customer, though it declines. */
  attaches?: true;
  risk: 'normal' | 'elevated' | 'highest';
}

type CardFacts = Omit<TestCard, 'name'>;

function card(number: string, more: Partial<CardFacts> = {}): CardFacts {
  return { number, brand: 'visa', funding: 'credit', country: 'US', threeDs: 'not-enrolled', risk: 'normal', ...more };
}

/** Names as merchants write them after `pm_card_` or `tok_`. */
const BY_NAME: Readonly<Record<string, CardFacts>> = {
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
  authenticationRequiredOnSetup: card('4000002500003155', { threeDs: 'required-until-set-up' }),
  authenticationRequiredSetupForOffSession: card('4000003800000446', { threeDs: 'required-on-session' }),
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
  chargeCustomerFail: card('4000000000000341', { decline: 'generic', attaches: true }),
  riskLevelElevated: card('4000000000009235', { risk: 'elevated' }),
  riskLevelHighest: card('4000000000004954', { risk: 'highest' }),

  refundFail: card('4000000000005126', { refund: 'fails-late' }),
  pendingRefund: card('4000000000007726', { refund: 'pending' }),
  createDispute: card('4000000000000259', { dispute: 'fraudulent' }),
  createDisputeProductNotReceived: card('4000000000002685', { dispute: 'product_not_received' }),
  createDisputeInquiry: card('4000000000001976'),
  createIssuerFraudRecord: card('4000000000005423', { earlyFraudWarning: true }),
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

const CARDS: ReadonlyMap<string, TestCard> = new Map(
  Object.entries(BY_NAME).map(([name, facts]) => [name, { name, ...facts }]),
);

const NAME_BY_NUMBER: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_NAME).map(([name, { number }]) => [number, name]),
);

/** The card behind `pm_card_…`, `tok_…` or a bare number; undefined when Stripe has no such test card. */
export function findTestCard(source: string): TestCard | undefined {
  const given = /^(?:pm_card_|tok_)(.+)$/.exec(source)?.[1];
  const name = given === undefined ? NAME_BY_NUMBER.get(source.replaceAll(' ', '')) : (ALIASES[given] ?? given);
  return name === undefined ? undefined : CARDS.get(name);
}

/** The card of that name in the table; a name that is stored was found before. */
export function testCard(name: string): TestCard {
  const found = CARDS.get(ALIASES[name] ?? name);
  if (found === undefined) throw new Error(`'${name}' is missing from the table of test cards`);
  return found;
}

/** Every payment method id of the table, for documentation and tests. */
export function testPaymentMethods(): string[] {
  return [...Object.keys(BY_NAME), ...Object.keys(ALIASES)].map((name) => `pm_card_${name}`);
}

/**
 * What this simulator adds to Stripe's test values: metadata of a PaymentIntent or Payout that
 * decides what happens to it later, where Stripe has no card for it.
 */
export const OWN_MAGIC = {
  /** On an intent: how its dispute ends; also disputes a card that does not by itself. */
  dispute: { key: 'assay_dispute', values: ['open', 'won', 'lost', 'reversed'] },
  /** On an intent: what becomes of its refunds. */
  refund: { key: 'assay_refund', values: ['fail', 'fail_late', 'pending'] },
  /** On a payout: what the receiving bank says. */
  payout: { key: 'assay_outcome', values: ['fail', 'return'] },
  /** On an intent: its first change is refused, because the object is locked. */
  lock: { key: 'assay_lock', values: ['timeout'] },
} as const;

type OwnMagic = typeof OWN_MAGIC;

/** The own magic value in `metadata`, or undefined; an unknown value means nothing, as any other metadata. */
export function ownMagic<K extends keyof OwnMagic>(
  metadata: Readonly<Record<string, string>>,
  kind: K,
): OwnMagic[K]['values'][number] | undefined {
  const { key, values } = OWN_MAGIC[kind];
  return values.find((value) => value === metadata[key]);
}
