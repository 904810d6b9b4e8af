/**
 * Segments: payments that are alike to a PSP. Observations are kept for the finest one (method,
 * country, currency); where it is thin the coarser ones help out.
 */
import type { PaymentMethod } from '../deposit.ts';

/** Stands for any value, and for one that is not known. */
export const ANY = '-';

export interface SegmentOf {
  method: PaymentMethod;
  country: string | null;
  currency: string;
}

/** `card|DE|EUR`. */
export function segmentOf({ method, country, currency }: SegmentOf): string {
  return `${method}|${country ?? ANY}|${currency}`;
}

/** From the coarsest to the segment itself: `card`, `card|-|EUR`, `card|DE|EUR`. */
export function chainOf(segment: string): [method: string, methodAndCurrency: string, segment: string] {
  const [method = ANY, , currency = ANY] = segment.split('|');
  return [method, `${method}|${ANY}|${currency}`, segment];
}
