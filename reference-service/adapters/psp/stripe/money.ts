/**
 * Stripe's minor units where they differ from ISO 4217. Stripe keeps ISK and UGX in
 * hundredths although both have no decimals any more, and takes MGA in whole units.
 * (docs.stripe.com/currencies, special cases and zero-decimal currencies.)
 */
import type { PspMoney } from '../../../ports/psp-adapter.ts';

/** How many of Stripe's units make one ISO 4217 minor unit. */
const UNITS_PER_MINOR: Readonly<Record<string, number>> = { ISK: 100, UGX: 100, MGA: 0.01 };

/** The amount as Stripe wants it, or null when Stripe cannot express it (MGA with decimals). */
export function toStripeAmount({ amountMinor, currency }: PspMoney): number | null {
  const factor = UNITS_PER_MINOR[currency] ?? 1;
  if (factor >= 1) return amountMinor * factor;
  const per = Math.round(1 / factor);
  return amountMinor % per === 0 ? amountMinor / per : null;
}

/** What Stripe states, in ISO 4217 minor units; null when it states no whole number of them. */
export function fromStripeAmount(amount: number | null, currency: string | null): PspMoney | null {
  if (amount === null || currency === null) return null;
  const code = currency.toUpperCase();
  const factor = UNITS_PER_MINOR[code] ?? 1;
  const amountMinor = factor >= 1 ? amount / factor : amount * Math.round(1 / factor);
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency: code } : null;
}
