/**
 * Settlement terms: what was agreed with a PSP about when money is settled and what it costs.
 * They tell a late line from one that is still to come, and a wrong fee from a right one.
 * Without an agreement about fees, fees are booked as they come and nothing is compared.
 */
import type { ItemKind } from './records.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Each part is rounded by itself, half away from zero, as PSPs do who charge scheme and interchange apart. */
export interface FeeAgreement {
  /** Hundredths of a percent of the amount as it is settled (before fees). */
  basisPoints: readonly number[];
  /** Per movement, in minor units of the settlement currency; a currency that is missing costs nothing. */
  fixedMinor: Readonly<Record<string, number>>;
}

export interface SettlementTerms {
  /** From a payment to the day on which it may be settled: T+N. What goes back is taken at once. */
  delayDays: number;
  /** Hour of the day (UTC) at which a settlement is closed. */
  cutoffHour: number;
  /** A line that comes this much after its settlement was due is late. */
  lateAfterHours: number;
  /** What has not come this many days after its settlement was due is missing. */
  missingAfterDays: number;
  /** Agreements by kind of movement; a kind without one costs nothing. Null: fees are not compared. */
  fees: Readonly<Partial<Record<ItemKind, FeeAgreement>>> | null;
  /** What a fee may differ by, in minor units of the settlement currency. */
  feeToleranceMinor: Readonly<Record<string, number>>;
  /** How far the times of a movement and of a line may be apart for the one to be suggested for the other. */
  suggestWithinSeconds: number;
  /** A transfer is missing in the bank account this many days after its settlement was closed. */
  bankDays: number;
}

export const DEFAULT_TERMS: Readonly<SettlementTerms> = {
  delayDays: 1,
  cutoffHour: 0,
  lateAfterHours: 12,
  missingAfterDays: 3,
  fees: null,
  feeToleranceMinor: {},
  suggestWithinSeconds: 30,
  bankDays: 3,
};

/** When a payment's settlement is closed: the first cut-off at or after its delay. Epoch ms. */
export function paymentDueAt({ delayDays, cutoffHour }: SettlementTerms, occurredAt: number): number {
  const offsetMs = cutoffHour * HOUR_MS;
  return Math.ceil((occurredAt + delayDays * DAY_MS - offsetMs) / DAY_MS) * DAY_MS + offsetMs;
}

/** When what goes back is settled: the first cut-off. Epoch ms. */
export function otherDueAt(terms: SettlementTerms, occurredAt: number): number {
  return paymentDueAt({ ...terms, delayDays: 0 }, occurredAt);
}

/** When a movement becomes late and missing, in milliseconds after it was due. */
export function patienceOf(terms: SettlementTerms): { lateAfterMs: number; missingAfterMs: number } {
  return { lateAfterMs: terms.lateAfterHours * HOUR_MS, missingAfterMs: terms.missingAfterDays * DAY_MS };
}

/** The agreed fee of one movement, in minor units; null when nothing is agreed. @param convertedMinor as settled, before fees */
export function agreedFee(
  terms: SettlementTerms,
  kind: ItemKind,
  convertedMinor: number,
  currency: string,
): number | null {
  if (terms.fees === null) return null;
  const agreement = terms.fees[kind];
  if (agreement === undefined) return 0;
  const amount = Math.abs(convertedMinor);
  const shares = agreement.basisPoints.map((points) => Math.floor((amount * points + 5_000) / 10_000));
  return shares.reduce((sum, share) => sum + share, agreement.fixedMinor[currency] ?? 0);
}

/** True when the fee is what was agreed, or nothing was. */
export function isFeeRight(
  terms: SettlementTerms,
  line: { kind: ItemKind; netMinor: number; feeMinor: number; settlementCurrency: string },
): boolean {
  const agreed = agreedFee(terms, line.kind, line.netMinor + line.feeMinor, line.settlementCurrency);
  return agreed === null || Math.abs(agreed - line.feeMinor) <= (terms.feeToleranceMinor[line.settlementCurrency] ?? 0);
}

/** What is configured of reconciliation. */
export interface Reconciliation {
  /** Files are fetched from PSPs that offer them, once a day. */
  fetchDaily: boolean;
  termsOf(psp: string): SettlementTerms;
}
