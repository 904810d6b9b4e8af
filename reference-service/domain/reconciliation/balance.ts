/**
 * What a settlement brings along, transfers and leaves. A settlement below zero transfers nothing
 * and leaves a debt to the next one. How much of a debt, a PSP says late or never: where a line of
 * it is wrong, the PSP may go on with what the line says or with what is right, and what it forgot
 * to list it may have counted all the same. None of these is a second discrepancy, so the transfer
 * is held against each of them.
 */
import type { Finding } from './findings.ts';
import type { Expectation } from './records.ts';
import { agreedFee, type SettlementTerms } from './terms.ts';

/** All in minor units of the settlement's currency. */
export interface BalanceQuestion {
  /** Of the settlement before this one; null when none is known. */
  before: { leftMinor: number; leftIfRightMinor: number } | null;
  /** What this one says that it brings along; null when it says nothing. */
  carriedMinor: number | null;
  movementMinor: number;
  /** By how much its lines say too much, as cases have it. */
  wrongMinor: number;
  transferMinor: number | null;
  /** Net sums of movements that were due and stand in no line. */
  overdueMinor: readonly number[];
}

export interface Balance {
  /** What should be transferred. */
  dueMinor: number;
  /** Zero, or a debt of ours as a negative number. */
  leftMinor: number;
  leftIfRightMinor: number;
}

export function balanceOf(question: BalanceQuestion): Balance {
  const { before, carriedMinor, movementMinor, wrongMinor, transferMinor } = question;
  // Without a settlement before this one, what the file says was carried over is all that we know.
  const { leftMinor, leftIfRightMinor } = before ?? broughtBy(carriedMinor ?? 0);
  const debts = question.overdueMinor.filter((minor) => minor < 0);
  const all = debts.reduce((sum, minor) => sum + minor, 0);
  const readings = [leftMinor, leftIfRightMinor, ...[...debts, all].map((debt) => leftMinor + debt)];
  const fits = (broughtMinor: number): boolean =>
    transferMinor === null ? broughtMinor === carriedMinor : transferMinor === dueOf(broughtMinor);
  const chosen = readings.find(fits) ?? leftMinor;
  // Both readings fit as long as nothing is transferred: it stays open which of them the PSP means.
  const chosenIfRight = fits(leftIfRightMinor) ? leftIfRightMinor : chosen;
  return {
    dueMinor: dueOf(chosen),
    leftMinor: Math.min(0, chosen + movementMinor),
    leftIfRightMinor: Math.min(0, chosenIfRight + movementMinor - wrongMinor),
  };

  function dueOf(broughtMinor: number): number {
    return Math.max(0, broughtMinor + movementMinor);
  }
}

function broughtBy(carriedMinor: number): { leftMinor: number; leftIfRightMinor: number } {
  const leftMinor = Math.min(0, carriedMinor);
  return { leftMinor, leftIfRightMinor: leftMinor };
}

/** By how much the lines of these findings say too much (negative: too little), in the settlement's currency. */
export function wrongMinorOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, finding) => sum + wrongOf(finding), 0);
}

function wrongOf({ kind, items, expectation, openMinor }: Finding): number {
  switch (kind) {
    case 'fee_mismatch':
      return -openMinor;
    case 'amount_mismatch':
      return expectation === null ? 0 : convertedExcess(items, expectation);
    case 'duplicate_line':
    case 'missing_in_ledger':
    case 'status_mismatch':
    case 'unannounced_chargeback':
      return items.reduce((sum, { netMinor }) => sum + netMinor, 0);
    default:
      return 0;
  }
}

/** At the rate of the lines themselves. */
function convertedExcess(items: Finding['items'], { amountMinor }: Expectation): number {
  const grossMinor = items.reduce((sum, item) => sum + item.grossMinor, 0);
  const convertedMinor = items.reduce((sum, { netMinor, feeMinor }) => sum + netMinor + feeMinor, 0);
  const excessMinor = grossMinor - amountMinor;
  return grossMinor === 0 ? excessMinor : Math.round((excessMinor * convertedMinor) / grossMinor);
}

/** What a movement changes the balance by, with the fee that was agreed. */
export function netOf(
  { kind, amountMinor }: Pick<Expectation, 'kind' | 'amountMinor'>,
  terms: SettlementTerms,
  currency: string,
): number {
  return amountMinor - (agreedFee(terms, kind, amountMinor, currency) ?? 0);
}
