/**
 * What a payment is paid with, in Mollie's words: a card token of Mollie's own form, a kept
 * mandate, or a method whose payer goes to Mollie's hosted page. Mollie publishes no test tokens
 * (its test page lets the payer choose the end); the `tkn_assay_…` tokens and the outcome in the
 * metadata are those of simulators of Mollie, and Mollie ignores the latter.
 */
import type { PaymentMethod } from '../../../domain/deposit.ts';
import type { PspFailure, PspPaymentAttempt } from '../../../ports/psp-adapter.ts';
import { refused } from '../failures.ts';
import { isNeutralToken, unknownToken } from '../neutral.ts';

export type Instrument =
  | { kind: 'card_token'; cardToken: string }
  | { kind: 'page'; method: string; outcome: string | null }
  | { kind: 'mandate'; customerId: string; mandateId: string };

/** The end of a payment by card, in the word of simulators. */
const CARD_OUTCOMES: Readonly<Record<string, string>> = {
  card_ok: 'approved',
  card_declined: 'declined',
  card_insufficient_funds: 'insufficient_funds',
  card_3ds: 'challenge',
  card_3ds_frictionless: 'frictionless',
  card_3ds_declined: 'challenge_declined',
  card_disputed: 'dispute_lost',
  card_soft_decline: 'soft_decline',
  card_refund_fails: 'refund_fails',
  card_refund_fails_late: 'refund_fails_late',
};

/** The same for payers at the hosted page; null: whatever the payer chooses there. */
const PAGE_OUTCOMES: Readonly<Record<string, string | null>> = {
  ewallet_ok: null,
  ewallet_declined: 'declined',
  bank_ok: null,
  bank_declined: 'declined',
  p2p_ok: null,
  p2p_declined: 'declined',
  voucher_ok: null,
  voucher_declined: 'declined',
};

/** Mollie's methods behind each of ours. Those that began as transfers between persons by phone number are `p2p`. */
const METHODS: Readonly<Record<Exclude<PaymentMethod, 'card'>, readonly string[]>> = {
  ewallet: ['paypal'],
  bank: ['ideal', 'bancontact', 'belfius', 'eps', 'kbc', 'przelewy24', 'trustly'],
  p2p: ['blik', 'swish', 'twint'],
  voucher: ['paysafecard'],
};

const BANK_OF_COUNTRY: Readonly<Record<string, string>> = { NL: 'ideal', BE: 'bancontact', AT: 'eps' };
const BANK_OF_CURRENCY: Readonly<Record<string, string>> = {
  EUR: 'ideal',
  PLN: 'przelewy24',
  GBP: 'trustly',
  SEK: 'trustly',
  DKK: 'trustly',
  NOK: 'trustly',
  CZK: 'trustly',
};
const P2P_OF_CURRENCY: Readonly<Record<string, string>> = { PLN: 'blik', SEK: 'swish', CHF: 'twint' };

export function instrumentOf(attempt: PspPaymentAttempt): Instrument | PspFailure {
  if (attempt.storedToken !== null) return mandateOf(attempt, attempt.storedToken);
  return attempt.method === 'card' ? cardOf(attempt) : pageOf(attempt, attempt.method);
}

/**
 * Mollie has no word for "authenticate this card". What it has is its own page, where the payer
 * is present and Mollie runs 3-D Secure itself: there a forced payment goes, whatever the token.
 */
function cardOf({ token, challenge }: PspPaymentAttempt): Instrument | PspFailure {
  const outcome = CARD_OUTCOMES[token];
  if (outcome === undefined && isNeutralToken(token)) return unknownToken('mollie', token);
  const isHosted = token === 'creditcard';
  if (outcome === undefined && !isHosted && !token.startsWith('tkn_'))
    return refused('unsupported', 'mollie takes tokens of its card form (tkn_…), or creditcard for its hosted page');
  if (challenge === 'auto' && !isHosted)
    return { kind: 'card_token', cardToken: outcome === undefined ? token : `tkn_assay_${outcome}` };
  // Who authenticates is no longer declined for not having done so.
  const chosen = outcome === undefined || outcome === 'soft_decline' || outcome === 'approved' ? null : outcome;
  return { kind: 'page', method: 'creditcard', outcome: chosen };
}

function pageOf(attempt: PspPaymentAttempt, method: Exclude<PaymentMethod, 'card'>): Instrument | PspFailure {
  const { token } = attempt;
  if (METHODS[method].includes(token)) return { kind: 'page', method: token, outcome: null };
  const outcome = token.startsWith(`${method}_`) ? PAGE_OUTCOMES[token] : undefined;
  if (outcome === undefined) return unknownToken('mollie', token);
  const chosen = mollieMethod(attempt, method);
  return chosen === null
    ? refused('unsupported', `mollie has no ${method} method for ${attempt.currency}`)
    : { kind: 'page', method: chosen, outcome };
}

function mollieMethod(
  { country, currency, bank }: PspPaymentAttempt,
  method: Exclude<PaymentMethod, 'card'>,
): string | null {
  if (method === 'ewallet') return 'paypal';
  if (method === 'voucher') return currency === 'EUR' ? 'paysafecard' : null;
  if (method === 'p2p') return P2P_OF_CURRENCY[currency] ?? null;
  if (bank !== null && METHODS.bank.includes(bank)) return bank;
  const ofCountry = currency === 'EUR' && country !== null ? BANK_OF_COUNTRY[country] : undefined;
  return ofCountry ?? BANK_OF_CURRENCY[currency] ?? null;
}

/** How we write down a kept method: Mollie wants its customer named with it. */
export function storedTokenOf(customerId: string, mandateId: string): string {
  return `${customerId}/${mandateId}`;
}

function mandateOf({ challenge }: PspPaymentAttempt, storedToken: string): Instrument | PspFailure {
  const [, customerId, mandateId] = /^(cst_\w+)\/(mdt_\w+)$/.exec(storedToken) ?? [];
  if (customerId === undefined || mandateId === undefined)
    return refused('unsupported', 'the kept method is none of mollie (cst_…/mdt_…)');
  if (challenge === 'force')
    return refused('unsupported', 'mollie charges a kept method without the payer, so nobody can be authenticated');
  return { kind: 'mandate', customerId, mandateId };
}
