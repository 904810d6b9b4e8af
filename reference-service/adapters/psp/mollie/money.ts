/**
 * Mollie's amounts: `{currency, value}` with a decimal text of exactly the currency's decimals,
 * those of ISO 4217 (docs.mollie.com, multicurrency; JPY and ISK have none).
 */
import { formatAmount, parseAmount } from '../../../domain/money.ts';
import type { PspMoney } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, textOf } from '../fields.ts';

export function toMollieAmount({ amountMinor, currency }: PspMoney): { currency: string; value: string } {
  return { currency, value: formatAmount(amountMinor, currency) };
}

/** The amount object under `key`; null when there is none, or it is no proper amount. */
export function mollieMoney(source: JsonObject | null, key: string): PspMoney | null {
  const amount = objectOf(source, key);
  const currency = textOf(amount, 'currency');
  const value = textOf(amount, 'value');
  if (currency === null || value === null) return null;
  const parsed = parseAmount(value, currency);
  return parsed.ok ? { amountMinor: parsed.amountMinor, currency } : null;
}
