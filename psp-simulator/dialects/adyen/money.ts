/**
 * Adyen's amounts ↔ minor units of ISO 4217, in which the books are kept. They are the same
 * number but for four currencies in which Adyen counts other decimals than ISO: CLP and ISK
 * two, CVE and IDR none (docs.adyen.com, currency codes and minor units).
 */
import { unprocessable } from './errors.ts';

/** Adyen's units per ISO minor unit. */
const FINER: Readonly<Record<string, number>> = { CLP: 100, ISK: 100 };
/** ISO minor units per Adyen unit. */
const COARSER: Readonly<Record<string, number>> = { CVE: 100, IDR: 100 };

/** Minor units that `value` stands for; throws the problem for a value that the currency cannot have. */
export function minorFromAdyen(value: number, currency: string): number {
  const finer = FINER[currency] ?? 1;
  if (value % finer !== 0) throw unprocessable('137', 'Invalid amount specified');
  return (value / finer) * (COARSER[currency] ?? 1);
}

/** Adyen's amount object for `minor` units. */
export function adyenAmount(minor: number, currency: string): { currency: string; value: number } {
  return { currency, value: Math.round((minor * (FINER[currency] ?? 1)) / (COARSER[currency] ?? 1)) };
}
