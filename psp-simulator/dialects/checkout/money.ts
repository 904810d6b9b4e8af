/**
 * Checkout.com's amounts ↔ minor units of ISO 4217, in which the books are kept. They are the
 * same number but for the Chilean peso, which Checkout.com counts with two decimals and ISO
 * with none. Currencies with three decimals must end in 0, and no amount has more than nine
 * digits (checkout.com/docs, Format the amount value).
 */
import { exponentOf } from '../../core/currency.ts';
import { refusal } from './errors.ts';

/** Checkout.com's units per ISO minor unit. */
const FINER: Readonly<Record<string, number>> = { CLP: 100 };

/** The largest amount that the API takes: nine digits. */
const MAX_AMOUNT = 999_999_999;

/** Minor units that `value` stands for; throws the refusal of a value that the currency cannot have. */
export function minorFromCheckout(value: number, currency: string): number {
  const finer = FINER[currency] ?? 1;
  const fits = Number.isSafeInteger(value) && value > 0 && value <= MAX_AMOUNT;
  if (!fits || value % finer !== 0 || (exponentOf(currency) === 3 && value % 10 !== 0)) {
    throw refusal('amount_invalid', 'amount');
  }
  return value / finer;
}

/** `minor` units as Checkout.com states them. */
export function checkoutAmount(minor: number, currency: string): number {
  return minor * (FINER[currency] ?? 1);
}
