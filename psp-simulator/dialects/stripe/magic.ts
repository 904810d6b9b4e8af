/**
 * Stripe's test cards: which token, payment method id or card number does what.
 * Facts from Stripe's public testing page; the ids are what merchants write in their tests,
 * so they must mean here what they mean there.
 *
 * Only this table decides a card's fate. It knows nothing of payments or of the bank.
 */
export type ThreeDsBehaviour =
  | 'not-supported' /** the card's network has no 3DS for it */
  | 'not-enrolled' /** 3DS is attempted when asked for, never shown */
  | 'optional' /** challenged only when the merchant asks for 3DS */
  | 'optional-error' /** as optional, but authentication breaks when asked for */
  | 'required' /** always challenged */
  | 'required-error' /** always authenticated, and the lookup always breaks */
  | 'frictionless'; /** authenticated without a challenge */

export interface CardDecline {
  code: string;
  declineCode: string;
  networkDeclineCode?: string;
  adviceCode?: string;
  message: string;
}

export interface TestCard {
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  country: string;
  threeDs: ThreeDsBehaviour;
  decline?: CardDecline;
  /** What becomes of a refund to this card; the default is that it succeeds at once. */
  refund?: 'fails' | 'pending';
  risk: 'normal' | 'elevated' | 'highest';
}

const DECLINED = 'Your card was declined.';

function declined(declineCode: string, networkDeclineCode: string, adviceCode: string, message = DECLINED): CardDecline {
  return { code: 'card_declined', declineCode, networkDeclineCode, adviceCode, message };
}

/** Codes whose `code` and `decline_code` are the same word. */
function ownCode(code: string, message: string): CardDecline {
  return { code, declineCode: code, message };
}

export const DECLINES = {
  generic: declined('generic_decline', '01', 'try_again_later'),
  insufficientFunds: declined('insufficient_funds', '51', 'try_again_later', 'Your card has insufficient funds.'),
  lost: declined('lost_card', '41', 'do_not_try_again'),
  stolen: declined('stolen_card', '43', 'do_not_try_again'),
  velocity: declined('card_velocity_exceeded', '65', 'try_again_later', 'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.'),
  fraudulent: declined('fraudulent', '59', 'do_not_try_again'),
  expired: ownCode('expired_card', 'Your card has expired.'),
  incorrectCvc: ownCode('incorrect_cvc', "Your card's security code is incorrect."),
  processingError: ownCode('processing_error', 'An error occurred while processing your card. Try again in a little bit.'),
} as const satisfies Record<string, CardDecline>;

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
  threeDSecureRequiredChargeDeclined: card('4000008400001629', { threeDs: 'required', decline: DECLINES.generic }),
  authenticationRequiredChargeDeclinedInsufficientFunds: card('4000008260003178', { threeDs: 'required', decline: DECLINES.insufficientFunds }),
  threeDSecureRequiredProcessingError: card('4000008400001280', { threeDs: 'required-error' }),
  threeDSecureOptional: card('4000000000003055', { threeDs: 'optional' }),
  threeDSecureOptionalProcessingError: card('4000000000003097', { threeDs: 'optional-error' }),
  amex_threeDSecureNotSupported: card('378282246310005', { brand: 'amex', threeDs: 'not-supported' }),
  threeDSecureFrictionless: card('4000000032200000', { threeDs: 'frictionless' }),

  visa_chargeDeclined: card('4000000000000002', { decline: DECLINES.generic }),
  visa_chargeDeclinedInsufficientFunds: card('4000000000009995', { decline: DECLINES.insufficientFunds }),
  visa_chargeDeclinedLostCard: card('4000000000009987', { decline: DECLINES.lost }),
  visa_chargeDeclinedStolenCard: card('4000000000009979', { decline: DECLINES.stolen }),
  visa_chargeDeclinedVelocityLimitExceeded: card('4000000000006975', { decline: DECLINES.velocity }),
  visa_chargeDeclinedFraudulent: card('4100000000000019', { decline: DECLINES.fraudulent, risk: 'highest' }),
  radarBlock: card('4100000000000019', { decline: DECLINES.fraudulent, risk: 'highest' }),
  chargeDeclinedExpiredCard: card('4000000000000069', { decline: DECLINES.expired }),
  chargeDeclinedIncorrectCvc: card('4000000000000127', { decline: DECLINES.incorrectCvc }),
  chargeDeclinedProcessingError: card('4000000000000119', { decline: DECLINES.processingError }),
  chargeCustomerFail: card('4000000000000341', { decline: DECLINES.generic }),
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

/** Every payment method id of the table, for documentation and tests. */
export function testPaymentMethods(): string[] {
  return [...Object.keys(BY_NAME), ...Object.keys(ALIASES)].map((name) => `pm_card_${name}`);
}
