/**
 * Which cells of the map cannot be reached, each with the reason: a fault that strikes what a
 * payment in that state does not have. A cell is about the payment that the fault struck.
 */
import { STATES, type LifeState } from './states.ts';

const AT_THE_PAYER: readonly LifeState[] = ['challenge', 'deposit-sent', 'deposit-requested', 'authorized', 'captured', 'deposit-ended', 'in-doubt'];

/** Money that moved stands in settlements. */
const SETTLED: readonly LifeState[] = [
  'captured', 'refund-sent', 'refund-pending', 'refunded', 'dispute-open', 'dispute-ended',
  'payout-paid', 'payout-failed', 'payout-returned', 'payout-pending',
];

/** A call that begins a payment is under way, or was made again. */
const BEGINNING: readonly LifeState[] = [
  'deposit-requested', 'deposit-sent', 'in-doubt', 'payout-reserved', 'payout-sent', 'payout-pending', 'payout-paid',
  'challenge', 'authorized', 'captured',
];

/** Nobody asks about what is over. */
const OVER: readonly LifeState[] = ['payout-failed', 'payout-returned', 'dispute-ended'];

const RULES: readonly { fault: RegExp; reach: (state: LifeState) => boolean; reason: string }[] = [
  {
    fault: /^(cardholder|issuer)-/,
    reach: (state) => AT_THE_PAYER.includes(state),
    reason: 'only the payer of a deposit is at a page, before its money has come or gone',
  },
  {
    fault: /^settlement-/,
    reach: (state) => SETTLED.includes(state),
    reason: 'settlements are of money that moved',
  },
  {
    fault: /^processed-twice$/,
    reach: (state) => BEGINNING.includes(state),
    reason: 'only the call that begins a payment is processed twice',
  },
  {
    fault: /^webhook-before-response$/,
    reach: (state) => !OVER.includes(state) && state !== 'dispute-open',
    reason: 'no answer is on its way about what a bank decides',
  },
  {
    fault: /^webhook-/,
    reach: (state) => state !== 'payout-reserved' && state !== 'deposit-requested',
    reason: 'the PSP does not know of it yet, and tells nothing',
  },
  {
    fault: /^/,
    reach: (state) => !OVER.includes(state),
    reason: 'the target calls no PSP about what is over',
  },
];

/** Undefined when the cell can be reached. */
export function whyInfeasible(state: LifeState, fault: string): string | undefined {
  const rule = RULES.find((one) => one.fault.test(fault));
  return rule === undefined || rule.reach(state) ? undefined : rule.reason;
}

/** Every reachable cell of these faults. */
export function feasibleCells(faults: readonly string[]): { state: LifeState; fault: string }[] {
  return faults.flatMap((fault) =>
    STATES.filter((state) => whyInfeasible(state, fault) === undefined).map((state) => ({ state, fault })),
  );
}
