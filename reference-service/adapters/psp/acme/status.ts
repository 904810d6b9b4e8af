/**
 * acme's words in ours: tokens, statuses, declines and money. acme counts in decimal text
 * of major units with the ISO 4217 exponent. A status that is not listed here is `pending`.
 */
import { parseAmount } from '../../../domain/money.ts';
import type { DeclineClass, PspMoney, PspPaymentReport, PspPayoutReport } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { textOf } from '../fields.ts';
import { nativeToken } from '../neutral.ts';

const NATIVE_TOKENS: Readonly<Record<string, string>> = {
  card_ok: 'tok_ok',
  card_declined: 'tok_declined',
  card_insufficient_funds: 'tok_insufficient_funds',
  card_3ds: 'tok_3ds',
  card_3ds_frictionless: 'tok_3ds_frictionless',
  card_3ds_declined: 'tok_3ds_declined',
  card_disputed: 'tok_disputed',
  card_soft_decline: 'tok_soft_decline',
  card_refund_fails: 'tok_refund_fails',
  card_refund_fails_late: 'tok_refund_fails_late',
  ewallet_ok: 'tok_ok',
  ewallet_declined: 'tok_declined',
  p2p_ok: 'tok_ok',
  voucher_ok: 'tok_ok',
};

/** acme pays out to a destination, whatever the method that it belongs to. */
const NATIVE_DESTINATIONS: Readonly<Record<string, string>> = {
  payout_ok: 'tok_payout_ok',
  payout_fail: 'tok_payout_fail',
  payout_returned: 'tok_payout_returned',
};

/** acme's token for a neutral one; a native token passes unchanged. Null: acme has none for it. */
export function acmeToken(token: string): string | null {
  return nativeToken(NATIVE_TOKENS, token);
}

/** acme's destination for `card_payout_ok`, `bank_payout_ok` and the like; a native one passes unchanged. */
export function acmeDestination(token: string): string | null {
  const outcome = /^[a-z0-9]+_(payout_[a-z]+)$/.exec(token)?.[1];
  return outcome === undefined ? nativeToken({}, token) : (NATIVE_DESTINATIONS[outcome] ?? null);
}

/** Declines that say nothing about the card: another PSP may well succeed. */
const TECHNICAL_DECLINES: ReadonlySet<string> = new Set([
  'acquirer_error',
  'issuer_unavailable',
  'processing_error',
  'try_again_later',
]);

export function acmeDeclineClass(code: string): DeclineClass {
  return TECHNICAL_DECLINES.has(code) ? 'technical' : 'issuer';
}

/** The money in `amountKey` with the object's currency; null when either is missing or not a proper amount. */
export function acmeMoney(source: JsonObject, amountKey: string): PspMoney | null {
  const currency = textOf(source, 'currency');
  const amount = textOf(source, amountKey);
  if (currency === null || amount === null) return null;
  const parsed = parseAmount(amount, currency);
  return parsed.ok ? { amountMinor: parsed.amountMinor, currency } : null;
}

/** What an acme payment object says; null when it has no id or status, so says nothing. */
export function acmePaymentReport(payment: JsonObject): PspPaymentReport | null {
  const pspReference = textOf(payment, 'payment_id');
  const status = textOf(payment, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'captured':
      return { kind: 'approved', pspReference, money: acmeMoney(payment, 'captured_amount') };
    case 'authorized':
      return { kind: 'authorized', pspReference, money: acmeMoney(payment, 'amount') };
    case 'requires_action': {
      const redirectUrl = textOf(payment, 'redirect_url');
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    case 'declined': {
      const code = textOf(payment, 'decline_code') ?? 'declined';
      return { kind: 'declined', pspReference, code, declineClass: acmeDeclineClass(code) };
    }
    case 'expired':
      return { kind: 'declined', pspReference, code: 'expired', declineClass: 'issuer' };
    case 'canceled':
      return { kind: 'canceled', pspReference };
    case 'refunded':
      return { kind: 'refunded', pspReference };
    default:
      return { kind: 'pending', pspReference };
  }
}

/** What an acme payout object says; null when it has no id or status. */
export function acmePayoutReport(payout: JsonObject): PspPayoutReport | null {
  const pspReference = textOf(payout, 'payout_id');
  const status = textOf(payout, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'paid':
      return { kind: 'paid', pspReference, money: acmeMoney(payout, 'amount') };
    case 'returned':
      return { kind: 'returned', pspReference, money: acmeMoney(payout, 'amount') };
    case 'failed':
      return { kind: 'failed', pspReference, code: textOf(payout, 'failure_code') ?? 'failed' };
    case 'canceled':
      return { kind: 'failed', pspReference, code: 'canceled' };
    default:
      return { kind: 'pending', pspReference };
  }
}
