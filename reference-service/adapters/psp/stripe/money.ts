/**
 * Stripe's minor units where they differ from ISO 4217 (docs.stripe.com/currencies, special
 * cases): ISK and UGX stand in hundredths although both have no decimals any more, MGA in
 * whole units; and of the currencies with three decimals the last digit must be zero.
 */
import type { PspMoney } from '../../../ports/psp-adapter.ts';

/** Stripe counts these in hundredths of the ISO 4217 minor unit. */
const FINER: ReadonlySet<string> = new Set(['ISK', 'UGX']);
/** Stripe counts these in hundreds of the ISO 4217 minor unit. */
const COARSER: ReadonlySet<string> = new Set(['MGA']);
const LAST_DIGIT_ZERO: ReadonlySet<string> = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** The amount as Stripe wants it, or null when Stripe cannot express it. */
export function toStripeAmount({ amountMinor, currency }: PspMoney): number | null {
  if (FINER.has(currency)) return amountMinor * 100;
  if (COARSER.has(currency)) return amountMinor % 100 === 0 ? amountMinor / 100 : null;
  return LAST_DIGIT_ZERO.has(currency) && amountMinor % 10 !== 0 ? null : amountMinor;
}

/** What Stripe states, in ISO 4217 minor units; null when it states no whole number of them. */
export function fromStripeAmount(amount: number | null, currency: string | null): PspMoney | null {
  if (amount === null || currency === null) return null;
  const code = currency.toUpperCase();
  const amountMinor = FINER.has(code) ? amount / 100 : COARSER.has(code) ? amount * 100 : amount;
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency: code } : null;
}
