/**
 * Stripe's amounts ↔ minor units of ISO 4217, in which the books are kept. They are the same
 * number but for a few currencies (docs.stripe.com/currencies): Stripe writes ISK and UGX with
 * two decimals that must be zero, and MGA without its decimals; in currencies with three
 * decimals the last digit must be zero.
 */
import { invalid } from './errors.ts';

/** Stripe's units per ISO minor unit. */
const FINER: Readonly<Record<string, number>> = { ISK: 100, UGX: 100 };
/** ISO minor units per Stripe unit. */
const COARSER: Readonly<Record<string, number>> = { MGA: 100 };
const THREE_DECIMALS: ReadonlySet<string> = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** Minor units that `amount` stands for; throws the problem for an amount that the currency cannot have. */
export function minorFromStripe(amount: number, currency: string, param = 'amount'): number {
  const step = FINER[currency] ?? (THREE_DECIMALS.has(currency) ? 10 : 1);
  if (amount % step !== 0)
    throw invalid(`Invalid amount: in ${currency.toLowerCase()} it must be evenly divisible by ${step}.`, { param });
  return (amount / (FINER[currency] ?? 1)) * (COARSER[currency] ?? 1);
}

/** The number that Stripe shows for `minor` units. */
export function stripeFromMinor(minor: number, currency: string): number {
  return Math.round((minor * (FINER[currency] ?? 1)) / (COARSER[currency] ?? 1));
}
