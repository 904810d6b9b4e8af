/**
 * PayPal's test values: which card number and which name on the card lead to which result, and
 * this simulator's own `ASSAY-…` words for what PayPal's sandbox cannot play. Facts from
 * PayPal's card testing and 3D Secure test pages.
 *
 * Only this file decides a card's fate. It knows nothing of orders or of the bank.
 */
import type { CardOutcome, CardScheme, DeclineReason, Exemption, Fate, IssuerAnswer } from '../../core/records.ts';

/** Processor response codes by neutral reason; what is not here is a generic decline. */
const RESPONSE_CODES: Partial<Readonly<Record<DeclineReason, string>>> = {
  do_not_honor: '0500',
  suspected_fraud: '9500',
  expired_card: '5400',
  restricted_card: '5180',
  insufficient_funds: '5120',
  lost_card: '9520',
  stolen_card: '9520',
  invalid_card: '1330',
  generic: '5100',
  incorrect_cvc: '00N7',
  velocity_exceeded: '5710',
  not_permitted: '5700',
  issuer_unavailable: '5920',
  authentication_required: '5650',
  authentication_failed: '7710',
  authentication_error: '7700',
  challenge_expired: '7710',
};

const GENERIC_DECLINE = '5100';
export const APPROVED_CODE = '0000';

export function responseCodeOf(reason: DeclineReason | null): string {
  return reason === null ? APPROVED_CODE : (RESPONSE_CODES[reason] ?? GENERIC_DECLINE);
}

/** Names on the card, as PayPal's sandbox has them. `CCREJECT-SCA` is this simulator's own. */
const REJECTIONS: Readonly<Record<string, DeclineReason>> = {
  'CCREJECT-REFUSED': 'do_not_honor',
  'CCREJECT-SF': 'suspected_fraud',
  'CCREJECT-EC': 'expired_card',
  'CCREJECT-IRC': 'restricted_card',
  'CCREJECT-IF': 'insufficient_funds',
  'CCREJECT-LS': 'lost_card',
  'CCREJECT-IA': 'invalid_card',
  'CCREJECT-BANK_ERROR': 'generic',
  'CCREJECT-CVV_F': 'incorrect_cvc',
  'CCREJECT-SCA': 'authentication_required',
};

/** Words of this simulator, in the name on the card or in the payer's e-mail address. */
const FATES: readonly (readonly [string, Fate])[] = [
  ['ASSAY-DISPUTE-WON', { dispute: { reason: 'product_not_received', ends: 'won' } }],
  ['ASSAY-DISPUTE-LOST', { dispute: { reason: 'fraudulent', ends: 'lost' } }],
  ['ASSAY-DISPUTE-REVERSED', { dispute: { reason: 'product_unacceptable', ends: 'reversed' } }],
  ['ASSAY-REFUND-FAILS-LATE', { refunds: 'fails-late' }],
  ['ASSAY-REFUND-FAILS', { refunds: 'failed' }],
];
const WALLET_DECLINED = 'ASSAY-DECLINED';

/** How a card's issuer takes part in 3D Secure. `asks`: the payer sees a challenge. */
type Enrolment = 'asks' | NonNullable<CardOutcome['frictionlessResult']> | 'not-enrolled';

const ENROLMENT: Readonly<Record<string, Enrolment>> = {
  '4868719196829038': 'authenticated',
  '5329879707824603': 'authenticated',
  '4868719158130060': 'failed',
  '5329879769571910': 'failed',
  '4868719581920723': 'attempted',
  '5329879715396727': 'attempted',
  '4868719033482561': 'unavailable',
  '5329879705777613': 'unavailable',
  '4868719081564153': 'rejected',
  '5319541865518409': 'rejected',
  '4868719166101368': 'asks',
  '5329879735316929': 'asks',
  '4868719460707704': 'asks',
  '5329879786234393': 'asks',
};

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^3[47]/, 'AMEX'],
  [/^3(?:0[0-5]|[68])/, 'DINERS'],
  [/^35/, 'JCB'],
  [/^(?:5[1-5]|2[2-7])/, 'MASTERCARD'],
  [/^6(?:011|4[4-9]|5)/, 'DISCOVER'],
  [/^62/, 'CHINA_UNION_PAY'],
  [/^4/, 'VISA'],
];

const SCHEMES: Readonly<Record<string, CardScheme>> = { VISA: 'visa', MASTERCARD: 'mastercard', AMEX: 'amex' };

/** What a card or a payer does when it is charged. Carries no number. */
export interface CardMagic {
  brand: string;
  enrolment: Enrolment;
  rejection: DeclineReason | null;
  fate: Fate;
}

/** When PayPal is asked to authenticate: always, or where the issuer or a regulation wants it. */
export type Verification = 'SCA_ALWAYS' | 'SCA_WHEN_REQUIRED' | null;

export function brandOf(digits: string): string {
  return BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? 'UNKNOWN';
}

export function cardMagic(digits: string, name: string | null): CardMagic {
  const word = (name ?? '').trim().toUpperCase();
  return {
    brand: brandOf(digits),
    enrolment: ENROLMENT[digits] ?? 'not-enrolled',
    rejection: Object.hasOwn(REJECTIONS, word) ? (REJECTIONS[word] ?? null) : null,
    fate: fateIn(word),
  };
}

export function walletMagic(email: string | null): CardMagic {
  const word = (email ?? '').toUpperCase();
  const rejection = word.includes(WALLET_DECLINED) ? 'insufficient_funds' : null;
  return { brand: 'PAYPAL', enrolment: 'not-enrolled', rejection, fate: fateIn(word) };
}

/**
 * What charging the card leads to. An ordinary card is challenged only when the merchant always
 * wants authentication; without any verification nobody is authenticated. A card whose issuer
 * insists on authentication passes once the payer was asked.
 */
export function cardOutcome(
  magic: CardMagic,
  verification: Verification,
  exemption: Exemption | null = null,
): CardOutcome {
  const { enrolment, fate } = magic;
  const asked = verification !== null && exemption === null;
  const challenged = asked && (enrolment === 'asks' || (enrolment === 'not-enrolled' && verification === 'SCA_ALWAYS'));
  const frictionless = asked && !challenged && enrolment !== 'not-enrolled' && enrolment !== 'asks';
  return {
    threeDs: challenged ? 'challenge' : frictionless ? 'frictionless' : 'none',
    issuer: issuerAnswer(magic, challenged || frictionless),
    scheme: SCHEMES[magic.brand] ?? 'other',
    fate,
    ...(frictionless ? { frictionlessResult: enrolment } : {}),
    ...(exemption === null ? {} : { exemption }),
  };
}

/** The payer first approves on PayPal's own page. */
export function walletOutcome(magic: CardMagic): CardOutcome {
  return { threeDs: 'none', page: 'wallet', issuer: issuerAnswer(magic, false), fate: magic.fate };
}

/** The same account charged again by its token: nobody is asked. */
export function walletTokenOutcome(magic: CardMagic): CardOutcome {
  return { threeDs: 'none', issuer: issuerAnswer(magic, false), fate: magic.fate };
}

function issuerAnswer({ rejection }: CardMagic, authenticated: boolean): IssuerAnswer {
  if (rejection === null || (rejection === 'authentication_required' && authenticated)) return { kind: 'approve' };
  return { kind: 'decline', reason: rejection };
}

function fateIn(word: string): Fate {
  return FATES.find(([trigger]) => word.includes(trigger))?.[1] ?? {};
}
