/**
 * Checkout.com's test cards, and this simulator's own for what Checkout.com publishes none:
 * which number leads to which result. A card is known to the rest of the dialect by the name of
 * what it does; its number goes no further than this file. Numbers that are not listed are
 * approved.
 *
 * Published: the response-code cards (checkout.com/docs, Test cards) and the disputed amount
 * (Disputes testing). Which cards authenticate how is not public; the numbers 4000 0000 0077
 * are this simulator's.
 */
import type { CardOutcome, CardScheme, Exemption, Fate } from '../../core/records.ts';
import type { ThreeDsWish } from './details.ts';
import { responseCode } from './response-codes.ts';

export interface TestCard {
  number: string;
  /** Response code of the refusal; absent for a card that is approved. */
  declineCode?: string;
  /** Authenticated without a challenge, with this result. */
  frictionless?: NonNullable<CardOutcome['frictionlessResult']>;
  /** Declined with 20154 unless the payer is authenticated. */
  softDecline?: true;
  fate?: Fate;
  /** As the destination of a payout. */
  payout?: 'failed' | 'returned';
}

export const TEST_CARDS = {
  plain: { number: '4242424242424242' },
  insufficient_funds: { number: '4544249167673670', declineCode: '20051' },
  expired_card: { number: '4724117215951699', declineCode: '20054' },
  expired_prepaid_card: { number: '4000141680788456', declineCode: '20054' },
  invalid_card_number: { number: '4485381577182090', declineCode: '20014' },
  not_permitted_aft: { number: '4659465888705671', declineCode: '20057' },
  not_permitted: { number: '4151512736305999', declineCode: '20057' },
  suspected_fraud: { number: '4897453568485113', declineCode: '20059' },
  suspected_fraud_prepaid: { number: '4000144348235050', declineCode: '20059' },
  limit_exceeded: { number: '4556294593757189', declineCode: '20061' },
  restricted_card: { number: '4818924250131070', declineCode: '20062' },
  security_violation: { number: '4556253752712245', declineCode: '20063' },
  late_response: { number: '4095254802642505', declineCode: '20068' },
  invalid_transaction: { number: '4024007103573027', declineCode: '20012' },
  refer_to_issuer: { number: '4111111111111129', declineCode: '20001' },
  cvv_failure: { number: '4734868958733862', declineCode: '200N7' },
  stop_payment: { number: '4567361325981788', declineCode: '200R3' },
  // From here on this simulator's own.
  do_not_honour: { number: '4000000000770018', declineCode: '20005' },
  lost_card: { number: '4000000000770026', declineCode: '30041' },
  stolen_card: { number: '4000000000770034', declineCode: '30043' },
  soft_decline: { number: '4000000000770042', softDecline: true },
  frictionless: { number: '4000000000770059', frictionless: 'authenticated' },
  frictionless_attempted: { number: '4000000000770067', frictionless: 'attempted' },
  frictionless_failed: { number: '4000000000770075', frictionless: 'failed' },
  frictionless_rejected: { number: '4000000000770083', frictionless: 'rejected' },
  frictionless_unavailable: { number: '4000000000770091', frictionless: 'unavailable' },
  disputed_won: { number: '4000000000770109', fate: { dispute: { reason: 'fraudulent', ends: 'won' } } },
  disputed_lost: { number: '4000000000770117', fate: { dispute: { reason: 'fraudulent', ends: 'lost' } } },
  disputed_reversed: {
    number: '4000000000770125',
    fate: { dispute: { reason: 'product_not_received', ends: 'reversed' } },
  },
  refund_fails: { number: '4000000000770133', fate: { refunds: 'failed' } },
  refund_fails_late: { number: '4000000000770141', fate: { refunds: 'fails-late' } },
  payout_fails: { number: '4000000000770158', payout: 'failed' },
  payout_returned: { number: '4000000000770166', payout: 'returned' },
} as const satisfies Readonly<Record<string, TestCard>>;

const BY_NAME: Readonly<Record<string, TestCard>> = TEST_CARDS;
const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(BY_NAME).map(([name, card]) => [card.number, name]));

/** What the rest of the dialect calls the card with this number. */
export function cardName(number: string): string {
  return NAMES.get(number) ?? 'plain';
}

export function testCard(name: string): TestCard {
  return BY_NAME[name] ?? TEST_CARDS.plain;
}

/** What charging the card leads to. */
export function outcomeOf(
  name: string,
  wish: ThreeDsWish,
  card: { scheme: CardScheme; amount: number; expiryMonth: number; expiryYear: number },
): CardOutcome {
  const { declineCode, frictionless, softDecline, fate } = testCard(name);
  const exemption = exemptionOf(wish);
  const common = {
    scheme: card.scheme,
    fate: fate ?? (isTestDispute(card) ? TEST_DISPUTE : {}),
    ...(exemption === null ? {} : { exemption }),
  };
  const issuer: CardOutcome['issuer'] =
    declineCode === undefined ? { kind: 'approve' } : { kind: 'decline', reason: responseCode(declineCode).reason };
  const authenticates = wish.enabled && exemption === null;
  if (!authenticates) {
    const refuses = softDecline === true && !wish.merchantInitiated;
    const answer = refuses ? ({ kind: 'decline', reason: 'authentication_required' } as const) : issuer;
    return { ...common, threeDs: 'none', issuer: answer };
  }
  const result = frictionless ?? (wish.challengeIndicator === 'no_challenge_requested' ? 'authenticated' : undefined);
  if (result === undefined) return { ...common, threeDs: 'challenge', issuer };
  // Without `attempt_n3d` a payment whose authentication cannot be had is not sent to the issuer.
  const stops = result === 'unavailable' && !wish.attemptN3d;
  const answer = stops ? ({ kind: 'decline', reason: 'authentication_error' } as const) : issuer;
  return { ...common, threeDs: 'frictionless', frictionlessResult: result, issuer: answer };
}

const EXEMPTIONS: Readonly<Record<string, Exemption>> = {
  low_value: 'low_value',
  transaction_risk_assessment: 'transaction_risk_analysis',
  low_risk_program: 'transaction_risk_analysis',
  trusted_listing: 'trusted_beneficiary',
  secure_corporate_payment: 'secure_corporate',
  recurring_operation: 'recurring',
};

/** A word that Checkout.com takes as `3ds.exemption`; others are refused. */
export function isExemption(word: string): boolean {
  return Object.hasOwn(EXEMPTIONS, word);
}

function exemptionOf({ exemption, merchantInitiated }: ThreeDsWish): Exemption | null {
  if (merchantInitiated) return 'merchant_initiated';
  return exemption === null ? null : (EXEMPTIONS[exemption] ?? null);
}

/** Disputes testing: 10.40 with a card that expires in January 2099 is disputed as fraud (Visa reason 10.4). */
const TEST_DISPUTE: Fate = { dispute: { reason: 'fraudulent', ends: null } };

function isTestDispute(card: { amount: number; expiryMonth: number; expiryYear: number }): boolean {
  return card.amount === 1_040 && card.expiryMonth === 1 && card.expiryYear === 2099;
}

const SCHEMES: readonly (readonly [RegExp, string, CardScheme])[] = [
  [/^3[47]/, 'American Express', 'amex'],
  [/^(?:5[1-5]|2[2-7])/, 'Mastercard', 'mastercard'],
  [/^4/, 'Visa', 'visa'],
];

/** The scheme of a card number, in Checkout.com's word and in the neutral one. */
export function schemeOf(number: string): { word: string; scheme: CardScheme } {
  const found = SCHEMES.find(([pattern]) => pattern.test(number));
  return { word: found?.[1] ?? 'Discover', scheme: found?.[2] ?? 'other' };
}

export function schemeOfWord(word: string): CardScheme {
  return SCHEMES.find(([, known]) => known === word)?.[2] ?? 'other';
}

/** Do the digits have the form of a card number, with the right check digit? */
export function isCardNumber(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 0 ? 1 : 2);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}

/** Texts by which a payout fails or comes back, in a reference, a name or metadata. This simulator's own. */
const PAYOUT_MARKERS: Readonly<Record<string, 'failed' | 'returned'>> = {
  'assay_outcome=fail': 'failed',
  'assay_outcome=return': 'returned',
};

export function payoutMarkedIn(texts: readonly string[]): 'paid' | 'failed' | 'returned' {
  const found = Object.entries(PAYOUT_MARKERS).find(([marker]) => texts.some((text) => text.includes(marker)));
  return found?.[1] ?? 'paid';
}
