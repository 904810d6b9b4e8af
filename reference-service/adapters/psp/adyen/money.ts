/**
 * Adyen's minor units where they differ from ISO 4217: CLP and ISK have two decimals at
 * Adyen, CVE and IDR none (docs.adyen.com, currency codes and minor units).
 */
import type { PspMoney } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, textOf } from '../fields.ts';

/** Adyen counts these in hundredths of the ISO 4217 minor unit. */
const FINER: ReadonlySet<string> = new Set(['CLP', 'ISK']);
/** Adyen counts these in hundreds of the ISO 4217 minor unit. */
const COARSER: ReadonlySet<string> = new Set(['CVE', 'IDR']);

/** The amount as Adyen wants it, or null when Adyen cannot express it (IDR or CVE with decimals). */
export function toAdyenAmount({ amountMinor, currency }: PspMoney): { currency: string; value: number } | null {
  if (FINER.has(currency)) return { currency, value: amountMinor * 100 };
  if (!COARSER.has(currency)) return { currency, value: amountMinor };
  return amountMinor % 100 === 0 ? { currency, value: amountMinor / 100 } : null;
}

/** An `{currency, value}` of Adyen's in ISO 4217 minor units; null when it is not a whole number of them. */
export function fromAdyenAmount(amount: JsonObject | null): PspMoney | null {
  const currency = textOf(amount, 'currency');
  const value = integerOf(amount, 'value');
  if (currency === null || value === null) return null;
  const amountMinor = FINER.has(currency) ? value / 100 : COARSER.has(currency) ? value * 100 : value;
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : null;
}
