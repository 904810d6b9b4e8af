/**
 * Adyen's test values, and this simulator's own for what Adyen publishes none: which card number,
 * holder name, response code and authentication wish leads to which result. A card is known to
 * the rest of the dialect by the name of what it does; its number goes no further than this file.
 *
 * Published: refusals by holder name or response code, the cards that are enrolled in 3D Secure,
 * and the holder names `Chargeback…` (docs.adyen.com, testing pages). The numbers 4000 0000 0077
 * and the text `assay_outcome=` are this simulator's.
 *
 * Only this file decides a card's fate. It knows nothing of payments or of the bank.
 */
import type { CardOutcome, CardScheme, DisputeReason, Exemption, Fate } from '../../core/records.ts';
import { refusalByCode, refusalByName, neutralReason, SOFT_DECLINE_CODE, type Refusal } from './refusals.ts';

export interface TestCard {
  number: string;
  /** Authenticated without a challenge, with this result; a card that has none is challenged when it is `enrolled`. */
  frictionless?: NonNullable<CardOutcome['frictionlessResult']>;
  enrolled?: true;
  /** Declined with 38 unless the shopper is authenticated. */
  softDecline?: true;
  fate?: Fate;
  /** The capture is confirmed, and fails at the scheme afterwards. */
  captureFails?: true;
}

/** This simulator's own cards. */
export const TEST_CARDS = {
  plain: { number: '4111111145551142' },
  enrolled: { number: '5454545454545454', enrolled: true },
  soft_decline: { number: '4000000000770042', softDecline: true, enrolled: true },
  frictionless: { number: '4000000000770059', frictionless: 'authenticated' },
  frictionless_attempted: { number: '4000000000770067', frictionless: 'attempted' },
  frictionless_failed: { number: '4000000000770075', frictionless: 'failed' },
  frictionless_rejected: { number: '4000000000770083', frictionless: 'rejected' },
  frictionless_unavailable: { number: '4000000000770091', frictionless: 'unavailable' },
  disputed_reversed: {
    number: '4000000000770125',
    fate: { dispute: { reason: 'product_not_received', ends: 'reversed' } },
  },
  refund_fails: { number: '4000000000770133', fate: { refunds: 'failed' } },
  refund_fails_late: { number: '4000000000770141', fate: { refunds: 'fails-late' } },
  capture_fails: { number: '4000000000770174', captureFails: true },
} as const satisfies Readonly<Record<string, TestCard>>;

/** The other cards that Adyen's test environment has enrolled in 3D Secure. */
const ALSO_ENROLLED: ReadonlySet<string> = new Set([
  '371449635398431',
  '6703444444444449',
  '4871049999999910',
  '4035501428146300',
  '5201281505129736',
  '4917610000000000',
  '4212345678910006',
]);

const BY_NAME: Readonly<Record<string, TestCard>> = TEST_CARDS;
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(BY_NAME).map(([name, card]) => [card.number, name]));

/** What the rest of the dialect calls the card with this number. */
export function cardName(number: string): string {
  return NAMES.get(number) ?? (ALSO_ENROLLED.has(number) ? 'enrolled' : 'plain');
}

export function testCard(name: string): TestCard {
  return Object.hasOwn(BY_NAME, name) ? (BY_NAME[name] ?? TEST_CARDS.plain) : TEST_CARDS.plain;
}

/** The digits of a card number field, plain or `test_` encrypted; undefined when it has none of the known forms. */
export function cardDigits(value: string | undefined): string | undefined {
  const digits = value?.replace(/^test_/, '').replaceAll(' ', '');
  return digits !== undefined && /^\d{12,19}$/.test(digits) ? digits : undefined;
}

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^3[47]/, 'amex'],
  [/^(?:5[1-5]|2[2-7])/, 'mc'],
  [/^6703/, 'bcmc'],
  [/^6(?:011|5)/, 'discover'],
  [/^35/, 'jcb'],
  [/^62/, 'cup'],
  [/^4/, 'visa'],
];

/** Adyen's payment method variant for a card number (`visa`, `mc`, …). */
export function cardBrand(digits: string): string {
  return BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? 'visa';
}

const SCHEMES: Readonly<Record<string, CardScheme>> = { visa: 'visa', mc: 'mastercard', amex: 'amex' };

/** The refusal that the merchant's test values ask for, or null for an approval. A response code wins over the holder's name. */
export function wantedRefusal(wish: {
  holderName: string | undefined;
  responseCode: string | undefined;
}): Refusal | null {
  const code = wish.responseCode?.trim();
  return code !== undefined && code !== '' ? refusalByCode(code) : refusalByName(wish.holderName ?? '');
}

/** How the merchant wants the payment authenticated. */
export interface AuthenticationWish {
  readonly authenticate: boolean;
  readonly exemption: Exemption | null;
  /** The shopper is not there: nobody could be asked. */
  readonly merchantInitiated: boolean;
}

/** What charging the card leads to. */
export function outcomeOf(
  card: { name: string; brand: string; holderName: string | undefined; refusal: Refusal | null },
  wish: AuthenticationWish,
): CardOutcome {
  const { enrolled, frictionless, softDecline, fate } = testCard(card.name);
  const asksAgain = softDecline === true || card.refusal?.refusalReasonCode === SOFT_DECLINE_CODE;
  const issuer: CardOutcome['issuer'] =
    card.refusal === null || asksAgain ? { kind: 'approve' } : { kind: 'decline', reason: neutralReason(card.refusal) };
  const exemption = wish.merchantInitiated ? 'merchant_initiated' : wish.exemption;
  const common = {
    scheme: SCHEMES[card.brand] ?? 'other',
    fate: fate ?? disputeFate(card.holderName),
    ...(exemption === null ? {} : { exemption }),
  };
  if (!wish.authenticate || wish.merchantInitiated) {
    const refuses = asksAgain && !wish.merchantInitiated;
    const answer = refuses ? ({ kind: 'decline', reason: 'authentication_required' } as const) : issuer;
    return { ...common, threeDs: 'none', issuer: answer };
  }
  if (frictionless === undefined && (enrolled === true || asksAgain))
    return { ...common, threeDs: 'challenge', issuer };
  // For a card that is not enrolled the scheme answers in the issuer's place.
  return { ...common, threeDs: 'frictionless', frictionlessResult: frictionless ?? 'attempted', issuer };
}

const EXEMPTIONS: Readonly<Record<string, Exemption>> = {
  lowValue: 'low_value',
  secureCorporate: 'secure_corporate',
  trustedBeneficiary: 'trusted_beneficiary',
  transactionRiskAnalysis: 'transaction_risk_analysis',
};

/** `additionalData.scaExemption` in neutral words; null for a word that Adyen does not have. */
export function exemptionNamed(word: string): Exemption | null {
  return Object.hasOwn(EXEMPTIONS, word) ? (EXEMPTIONS[word] ?? null) : null;
}

/** Adyen's word for an exemption; undefined where it has none. */
export function exemptionWord(exemption: Exemption): string | undefined {
  return Object.entries(EXEMPTIONS).find(([, neutral]) => neutral === exemption)?.[0];
}

/** Visa's reason codes for each neutral reason, the usual one first. Mastercard's follow in the same order. */
const REASON_CODES: Readonly<Record<DisputeReason, { visa: readonly string[]; mastercard: readonly string[] }>> = {
  fraudulent: { visa: ['10.4', '10.1', '10.2', '10.3', '10.5'], mastercard: ['4837', '4863', '4870', '4871'] },
  product_not_received: { visa: ['13.1', '13.9'], mastercard: ['4855'] },
  product_unacceptable: { visa: ['13.3', '13.4'], mastercard: ['4853'] },
  duplicate: { visa: ['12.6.1', '12.6'], mastercard: ['4834'] },
  credit_not_processed: { visa: ['13.6', '13.7'], mastercard: ['4860'] },
  general: { visa: ['13.5', '13.2'], mastercard: ['4808', '4841'] },
};

/** The scheme's code for a dispute, as Adyen states it. */
export function reasonCodeOf(reason: DisputeReason, brand: string): string {
  const { visa, mastercard } = REASON_CODES[reason];
  return (brand === 'mc' ? mastercard : visa)[0] ?? '13.5';
}

/** Holder names of Adyen's chargeback tests that Adyen answers for the merchant (`autoDefended`). */
export function isAutoDefended(holderName: string | undefined): boolean {
  return /^(?:chargeback reversed|second chargeback)$/i.test(holderName?.trim() ?? '');
}

/** `Chargeback`, `Chargeback:10.4`, `Chargeback Reversed` and `Second Chargeback` as the holder's name. */
function disputeFate(holderName: string | undefined): Fate {
  const name = holderName?.trim().toLowerCase() ?? '';
  if (name === 'chargeback reversed') return { dispute: { reason: 'product_not_received', ends: 'won' } };
  if (name === 'second chargeback') return { dispute: { reason: 'product_not_received', ends: 'lost' } };
  const match = /^chargeback(?::\s*(\S+))?$/.exec(name);
  if (match === null) return {};
  return { dispute: { reason: reasonOfCode(match[1]), ends: null } };
}

function reasonOfCode(code: string | undefined): DisputeReason {
  const found = Object.entries(REASON_CODES).find(([, codes]) =>
    [...codes.visa, ...codes.mastercard].includes(code ?? ''),
  );
  return (found?.[0] as DisputeReason | undefined) ?? 'general';
}

/** Texts by which a payout fails or comes back, in a name or a reference; or the last word alone in `additionalData.assayOutcome`. */
const PAYOUT_MARKERS = { 'assay_outcome=fail': 'failed', 'assay_outcome=return': 'returned' } as const;

export function payoutMarkedIn(texts: readonly string[]): 'paid' | 'failed' | 'returned' {
  const found = Object.entries(PAYOUT_MARKERS).find(([marker]) => texts.some((text) => text.includes(marker)));
  return found?.[1] ?? 'paid';
}
