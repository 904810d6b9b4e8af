/**
 * Adyen's test values: which holder name, acquirer response code, card number and
 * authentication wish leads to which result. Facts from Adyen's public testing pages; codes
 * above 7 follow its table of refusal reasons.
 *
 * Only this file decides a card's fate. It knows nothing of payments or of the bank.
 */
import type { DeclineReason } from '../../core/records.ts';

export interface Refusal {
  /** `Refused`, `Error` or `Cancelled`: refusals are HTTP 200 answers. */
  resultCode: 'Refused' | 'Error' | 'Cancelled';
  refusalReason: string;
  refusalReasonCode: string;
}

function refused(code: number, reason: string, resultCode: Refusal['resultCode'] = 'Refused'): Refusal {
  return { resultCode, refusalReason: reason, refusalReasonCode: String(code) };
}

/** By the name a merchant writes into `holderName`; `APPROVED` is absent: it is no refusal. */
const BY_NAME: Readonly<Record<string, Refusal>> = {
  UNKNOWN: refused(0, 'Unknown', 'Error'),
  DECLINED: refused(2, 'Refused'),
  REFERRAL: refused(3, 'Referral'),
  ERROR: refused(4, 'Acquirer Error', 'Error'),
  BLOCK_CARD: refused(5, 'Blocked Card'),
  CARD_EXPIRED: refused(6, 'Expired Card'),
  INVALID_AMOUNT: refused(7, 'Invalid Amount'),
  INVALID_CARD: refused(8, 'Invalid Card Number'),
  ISSUER_UNAVAILABLE: refused(9, 'Issuer Unavailable'),
  NOT_SUPPORTED: refused(10, 'Not supported'),
  NOT_3D_AUTHENTICATED: refused(11, '3D Not Authenticated'),
  NOT_ENOUGH_BALANCE: refused(12, 'Not enough balance'),
  ACQUIRER_FRAUD: refused(14, 'Acquirer Fraud'),
  CANCELLED: refused(15, 'Cancelled', 'Cancelled'),
  SHOPPER_CANCELLED: refused(16, 'Shopper Cancelled', 'Cancelled'),
  INVALID_PIN: refused(17, 'Invalid Pin'),
  FRAUD: refused(20, 'FRAUD'),
  CVC_DECLINED: refused(24, 'CVC Declined'),
  RESTRICTED_CARD: refused(25, 'Restricted Card'),
  AUTHENTICATION_REQUIRED: refused(38, 'Authentication required'),
};

const BY_CODE: ReadonlyMap<string, Refusal> = new Map(
  Object.values(BY_NAME).map((entry) => [entry.refusalReasonCode, entry]),
);

/** The answer to a failed challenge. */
export const NOT_AUTHENTICATED: Refusal = refused(11, '3D Not Authenticated');
/** What becomes of a challenge whose time ran out. */
export const SESSION_EXPIRED: Refusal = refused(11, '3D Not Authenticated: the session expired');

/** Refusal code → neutral reason; a code that is not here is a generic decline. */
const REASONS: Readonly<Record<string, DeclineReason>> = {
  '2': 'do_not_honor',
  '4': 'processing_error',
  '6': 'expired_card',
  '9': 'processing_error',
  '11': 'authentication_failed',
  '12': 'insufficient_funds',
  '14': 'suspected_fraud',
  '20': 'suspected_fraud',
  '24': 'incorrect_cvc',
};

export function neutralReason(refusal: Refusal): DeclineReason {
  return REASONS[refusal.refusalReasonCode] ?? 'generic';
}

/** Cards that Adyen's test environment has enrolled in 3D Secure. */
const ENROLLED: ReadonlySet<string> = new Set([
  '371449635398431',
  '6703444444444449',
  '4871049999999910',
  '4035501428146300',
  '5454545454545454',
  '5201281505129736',
  '4917610000000000',
  '4212345678910006',
]);

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^3[47]/, 'amex'],
  [/^(?:5[1-5]|2[2-7])/, 'mc'],
  [/^6703/, 'bcmc'],
  [/^6(?:011|5)/, 'discover'],
  [/^35/, 'jcb'],
  [/^62/, 'cup'],
  [/^4/, 'visa'],
];

export interface CardInput {
  holderName: string | undefined;
  requestedResponseCode: string | undefined;
}

/** The digits of a card number field in either form; undefined when it has none of the known forms. */
export function cardDigits(value: string | undefined): string | undefined {
  const digits = value?.replace(/^test_/, '').replaceAll(' ', '');
  return digits !== undefined && /^\d{12,19}$/.test(digits) ? digits : undefined;
}

/** Adyen's payment method variant for a card number (`visa`, `mc`, …). */
export function cardBrand(digits: string): string {
  return BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? 'visa';
}

/** The refusal that the input asks for, or null for an approval. A response code wins over the holder's name. */
export function refusalFor(input: CardInput): Refusal | null {
  const code = input.requestedResponseCode?.trim();
  if (code !== undefined && code !== '') return BY_CODE.get(code) ?? byName(code);
  return byName(input.holderName ?? '');
}

/** A challenge is shown when the merchant wants authentication and the card is enrolled. */
export function isChallenged(digits: string | undefined, wantsAuthentication: boolean): boolean {
  return wantsAuthentication && digits !== undefined && ENROLLED.has(digits);
}

/** `DECLINED` and `DECLINED : 05 some text` both name the refusal. */
function byName(text: string): Refusal | null {
  const name = text.split(':')[0]?.trim().toUpperCase() ?? '';
  return Object.hasOwn(BY_NAME, name) ? (BY_NAME[name] ?? null) : null;
}
