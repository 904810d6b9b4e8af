/**
 * Which case stands for which thing that a PSP told wrongly. A pairing by what was planted (the
 * strike says so itself), never by what the target says about its case beside kind and subject.
 */
import type { CaseRecord, Planted, RunModel, ToldBatch } from '../history/index.ts';
import { takenIn } from './settlement-sums.ts';

/** Kinds of cases that come of comparing what PSPs settled with the ledger. */
export const RECONCILIATION_KINDS: ReadonlySet<string> = new Set([
  'missing_at_psp',
  'missing_in_ledger',
  'amount_mismatch',
  'currency_mismatch',
  'fee_mismatch',
  'duplicate_line',
  'wrong_reference',
  'late_settlement',
  'split_line',
  'merged_line',
  'unannounced_chargeback',
  'short_payout',
  'status_mismatch',
  'unknown_line',
  'batch_restated',
  'transfer_missing',
  'unknown_transfer',
]);

/** What each discrepancy must be called; the first is its usual name. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  'missing-line': ['missing_at_psp'],
  'extra-line': ['missing_in_ledger'],
  'wrong-amount': ['amount_mismatch'],
  'wrong-currency': ['currency_mismatch'],
  'wrong-fee': ['fee_mismatch'],
  'duplicate-line': ['duplicate_line'],
  'wrong-reference': ['wrong_reference'],
  // Late enough it is missing first.
  'late-line': ['late_settlement', 'missing_at_psp'],
  'split-line': ['split_line'],
  'merged-lines': ['merged_line'],
  'unannounced-chargeback': ['unannounced_chargeback'],
  'short-payout': ['short_payout'],
};

export interface Pairing {
  pairs: { planted: Planted; found: CaseRecord }[];
  /** Planted, to be seen by now, and no case of its kind. */
  unfound: Planted[];
  /** Cases of reconciliation that stand for nothing planted. */
  left: CaseRecord[];
}

export function pairPlanted(run: RunModel): Pairing {
  const open = new Set(run.cases.filter(({ kind }) => RECONCILIATION_KINDS.has(kind)));
  const pairs: Pairing['pairs'] = [];
  const rest = run.settlements.planted.filter((planted) => {
    const candidates = [...open].filter((item) => standsFor(run, item, planted));
    const found = candidates.find(({ openMinor }) => openMinor === openMinorOf(planted)) ?? candidates[0];
    if (found === undefined) return true;
    open.delete(found);
    pairs.push({ planted, found });
    return false;
  });
  const taken = new Map(takenIn(run).map((batch) => [batch.batch, batch]));
  const unfound = rest.filter((planted) => isDue(run, taken, planted) && !isToldOtherwise(planted, pairs));
  return { pairs, unfound, left: [...open] };
}

/** A line that is wrong in two ways comes before a person with either: one case about it is enough. */
function isToldOtherwise({ psp, lineId }: Planted, pairs: Pairing['pairs']): boolean {
  return lineId !== null && pairs.some(({ planted }) => planted.psp === psp && planted.lineId === lineId);
}

export function usualName({ discrepancy }: Planted): string {
  return CALLED[discrepancy]?.[0] ?? discrepancy;
}

/** Our payments and payouts that a planted discrepancy is about. */
export function subjectsOf(run: RunModel, { reference, pspReference, otherReference }: Planted): string[] {
  const owners = [reference, pspReference, otherReference].map((name) => run.ownerOf(name));
  return [...new Set(owners.filter((owner) => owner !== undefined))];
}

function standsFor(run: RunModel, item: CaseRecord, planted: Planted): boolean {
  if (item.psp !== planted.psp || !(CALLED[planted.discrepancy] ?? []).includes(item.kind)) return false;
  const subjects = planted.discrepancy === 'extra-line' ? [] : subjectsOf(run, planted);
  if (subjects.length > 0) return subjects.includes(item.subjectId);
  const expected = openMinorOf(planted);
  // A target need not say amounts; where it does, they tell which of several it is.
  const isOther = expected !== null && item.openMinor !== null && item.openMinor !== expected;
  return !run.payments.has(item.subjectId) && !isOther;
}

/** What the case must say is open; null where that follows from more than the strike. */
function openMinorOf({ discrepancy, grossMinor, byMinor }: Planted): number | null {
  if (discrepancy === 'short-payout' || discrepancy === 'wrong-fee') return byMinor;
  if (grossMinor === null) return null;
  if (discrepancy === 'missing-line') return grossMinor;
  return ['extra-line', 'duplicate-line', 'unannounced-chargeback'].includes(discrepancy) ? -grossMinor : null;
}

/** By what the target was told and how patient it was told to be, it must have seen it by now. */
function isDue(run: RunModel, taken: ReadonlyMap<string, ToldBatch>, planted: Planted): boolean {
  const batch = taken.get(planted.batch);
  const { terms, imports } = run.settlements;
  if (batch === undefined) return false;
  const later = [...taken.values()].filter((other) => other.psp === planted.psp && other.closedAt > batch.closedAt);
  switch (planted.discrepancy) {
    case 'missing-line':
      return terms !== undefined && later.some(({ closedAt }) => closedAt - batch.closedAt > terms.missingAfterMs);
    case 'late-line': {
      // What we owe may wait: it is taken from what comes.
      if (terms === undefined || (planted.grossMinor ?? 0) <= 0) return false;
      const came = later.find(({ lines }) => lines.some(({ id }) => id === planted.lineId));
      return came !== undefined && came.closedAt - batch.closedAt > terms.lateAfterMs;
    }
    case 'short-payout':
      return imports.some(
        ({ input, outcome }) => input['kind'] === 'bank' && input['batch'] === planted.batch && outcome === 'ok',
      );
    default:
      return true;
  }
}
