/**
 * What is paid with, in Checkout.com's words. Neutral tokens become test cards, which are sent
 * by number: they are published and no card of anybody's. Every other text is a token (`tok_…`)
 * or a kept card (`src_…`) and goes unchanged; a real card's number never comes this way.
 *
 * Numbers 4000 0000 0077 … are known to this project's simulator only, where Checkout.com
 * publishes none: its sandbox takes them for ordinary cards.
 */
import type { PspPaymentAttempt } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { nativeToken } from '../neutral.ts';

interface TestCard {
  number: string;
  threeDs?: 'challenge' | 'frictionless';
}

const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  card_ok: { number: '4242424242424242' },
  // 20062, restricted card
  card_declined: { number: '4818924250131070' },
  card_insufficient_funds: { number: '4544249167673670' },
  card_3ds: { number: '4242424242424242', threeDs: 'challenge' },
  card_3ds_frictionless: { number: '4242424242424242', threeDs: 'frictionless' },
  card_3ds_declined: { number: '4544249167673670', threeDs: 'challenge' },
  card_soft_decline: { number: '4000000000770042' },
  card_disputed: { number: '4000000000770117' },
  card_disputed_won: { number: '4000000000770109' },
  card_disputed_lost: { number: '4000000000770117' },
  card_disputed_reversed: { number: '4000000000770125' },
  card_refund_fails: { number: '4000000000770133' },
  card_refund_fails_late: { number: '4000000000770141' },
};

const EXPIRY = { expiry_month: 12, expiry_year: 2035 };

export interface Source {
  source: JsonObject;
  threeDs: JsonObject;
}

/** Null: a neutral token that Checkout.com has no test value for. */
export function sourceOf(attempt: PspPaymentAttempt): Source | null {
  const { storedToken, token, storeMethod } = attempt;
  if (storedToken !== null)
    return { source: { type: 'id', id: storedToken }, threeDs: authentication(attempt, 'none') };
  const native = nativeToken(TEST_CARDS, token);
  if (native === null) return null;
  if (typeof native !== 'string') {
    const { number, threeDs } = native;
    const source = { type: 'card', number, ...EXPIRY, cvv: '100', store_for_future_use: storeMethod };
    return { source, threeDs: authentication(attempt, threeDs ?? 'none') };
  }
  const source = native.startsWith('src_')
    ? { type: 'id', id: native }
    : { type: 'token', token: native, store_for_future_use: storeMethod };
  return { source, threeDs: authentication(attempt, 'issuer') };
}

/**
 * A card of a player who is there is offered to 3D Secure (`issuer`), and goes on without it
 * where the issuer has none. A kept card is charged without: an issuer that wants it answers
 * with a soft decline, and the risk rules may then `force` it.
 */
function authentication({ challenge }: PspPaymentAttempt, wish: 'none' | 'issuer' | 'challenge' | 'frictionless') {
  if (challenge === 'force') return { enabled: true, challenge_indicator: 'challenge_requested_mandate' };
  switch (wish) {
    case 'none':
      return { enabled: false };
    case 'issuer':
      return { enabled: true, attempt_n3d: true };
    case 'challenge':
      return { enabled: true, challenge_indicator: 'challenge_requested' };
    case 'frictionless':
      return { enabled: true, challenge_indicator: 'no_challenge_requested' };
  }
}

/** Words by which this project's simulator lets a bank account refuse or return a payout. */
const BANK_OUTCOMES = { fail: 'assay_outcome=fail', return: 'assay_outcome=return' } as const;
/** Published example of an IBAN (ECBS), of no existing account. */
const TEST_IBAN = 'GB33BUKB20201555555555';

const TEST_DESTINATIONS: Readonly<Record<string, Destination>> = {
  card_payout_ok: testCard('4242424242424242'),
  card_payout_fail: testCard('4000000000770158'),
  card_payout_returned: testCard('4000000000770166'),
  bank_payout_ok: bankAccount(TEST_IBAN),
  bank_payout_fail: bankAccount(TEST_IBAN, BANK_OUTCOMES.fail),
  bank_payout_returned: bankAccount(TEST_IBAN, BANK_OUTCOMES.return),
};

export interface Destination {
  destination: JsonObject;
  metadata: Record<string, string>;
}

/** An IBAN, a kept card (`src_…`), a token, or a neutral word. Null: a neutral one without a test value. */
export function destinationOf(token: string): Destination | null {
  const native = nativeToken(TEST_DESTINATIONS, token);
  if (native === null || typeof native !== 'string') return native;
  if (/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(native)) return bankAccount(native);
  const destination = native.startsWith('src_') ? { type: 'id', id: native } : { type: 'token', token: native };
  return { destination, metadata: {} };
}

function testCard(number: string): Destination {
  return { destination: { type: 'card', number, ...EXPIRY }, metadata: {} };
}

function bankAccount(iban: string, outcome?: string): Destination {
  return {
    destination: { type: 'bank_account', iban, country: iban.slice(0, 2) },
    metadata: outcome === undefined ? {} : { outcome },
  };
}
