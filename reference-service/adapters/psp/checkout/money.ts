/**
 * Checkout.com's amounts where they differ from ISO 4217 minor units (checkout.com/docs, Format
 * the amount value): Chilean pesos are counted with two decimals, of currencies with three the
 * last digit must be zero, and no amount has more than nine digits.
 */
import { currencyExponent } from '../../../domain/money.ts';
import type { PspMoney } from '../../../ports/psp-adapter.ts';

/** Checkout.com's units in one ISO 4217 minor unit. */
const FINER: Readonly<Record<string, number>> = { CLP: 100 };
const LARGEST = 999_999_999;

/** The amount as Checkout.com wants it, or null when it cannot express it. */
export function toCheckoutAmount({ amountMinor, currency }: PspMoney): number | null {
  const amount = amountMinor * (FINER[currency] ?? 1);
  if (amount > LARGEST) return null;
  return currencyExponent(currency) === 3 && amount % 10 !== 0 ? null : amount;
}

/** What Checkout.com states, in ISO 4217 minor units; null when it states no whole number of them. */
export function fromCheckoutAmount(amount: number | null, currency: string | null): PspMoney | null {
  if (amount === null || currency === null) return null;
  const amountMinor = amount / (FINER[currency] ?? 1);
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : null;
}
