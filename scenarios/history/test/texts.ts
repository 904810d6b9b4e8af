/** Time stamps and amounts as the target's API writes them, for hand-made histories. */
import { minorUnits, money } from '../money.ts';

const START = Date.parse('2026-01-05T09:00:00.000Z');

export function iso(t: number): string {
  return new Date(START + t).toISOString();
}

/** Decimal text as the API gives it. */
export function text(amountMinor: number, currency: string): string {
  const decimal = money(amountMinor, currency).split(' ')[0] ?? '';
  if (minorUnits(decimal, currency) !== amountMinor)
    throw new Error(`bug: ${amountMinor} ${currency} does not survive its own text`);
  return decimal;
}
