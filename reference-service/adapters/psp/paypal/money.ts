/**
 * PayPal's amounts: major units as text (`"10.00"`), and no decimals in three currencies of which
 * HUF and TWD have two by ISO 4217 (developer.paypal.com/reference/currency-codes).
 */
import { currencyExponent, formatAmount } from '../../../domain/money.ts';
import type { PspMoney } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { textOf } from '../fields.ts';

/** Two decimals by ISO 4217, none at PayPal: only whole forints and Taiwan dollars can be said. */
const WHOLE_ONLY: ReadonlySet<string> = new Set(['HUF', 'TWD']);

/** The decimal text as PayPal wants it, or null when it cannot express the amount. */
export function toPaypalValue({ amountMinor, currency }: PspMoney): string | null {
  if (currencyExponent(currency) === null) return null;
  const text = formatAmount(amountMinor, currency);
  if (!WHOLE_ONLY.has(currency)) return text;
  return text.endsWith('.00') ? text.slice(0, -3) : null;
}

/** What PayPal states in `{currency_code, value}`, in ISO 4217 minor units; null when it states no such amount. */
export function fromPaypalMoney(money: JsonObject | null): PspMoney | null {
  const currency = textOf(money, 'currency_code') ?? textOf(money, 'currency');
  const match = /^(\d+)(?:\.(\d+))?$/.exec(textOf(money, 'value') ?? '');
  const exponent = currency === null ? null : currencyExponent(currency);
  if (currency === null || match === null || exponent === null) return null;
  const [, whole = '', decimals = ''] = match;
  if (!/^0*$/.test(decimals.slice(exponent))) return null;
  const amountMinor = Number(`${whole}${decimals.slice(0, exponent).padEnd(exponent, '0')}`);
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : null;
}
