/**
 * What a merchant has in his contracts with the simulated PSPs: when they settle and what they
 * charge. Written down here a second time on purpose: the target is told what was agreed, and
 * must find for itself where a file says something else.
 */
import type { ServiceConfig } from '../../reference-service/index.ts';
import type { Dialect, DriverKind, Plan } from '../dsl/index.ts';

/** Basis points of the amount, each rounded by itself, and a fixed part in minor units of any currency. */
type Fee = readonly [basisPoints: readonly number[], fixedMinor: number];

interface Contract {
  delayDays: number;
  cutoffHour?: number;
  fees: Readonly<Record<string, Fee>>;
}

const CONTRACTS: Readonly<Record<Dialect, Contract>> = {
  acme: {
    delayDays: 1,
    fees: { payment: [[60, 20, 10, 10], 10], refund: [[], 10], payout: [[], 25], chargeback: [[], 1_500] },
  },
  stripe: { delayDays: 3, fees: { payment: [[150], 25], chargeback: [[], 2_000] } },
  adyen: {
    delayDays: 2,
    fees: { payment: [[30, 14, 60], 11], refund: [[], 11], payout: [[], 25], chargeback: [[], 1_500] },
  },
  checkout: {
    delayDays: 2,
    cutoffHour: 2,
    fees: { payment: [[30, 12, 25], 8], refund: [[], 8], payout: [[], 40], chargeback: [[], 1_500] },
  },
  paypal: { delayDays: 0, fees: { payment: [[299], 39], payout: [[], 25], chargeback: [[], 1_400] } },
  mollie: { delayDays: 2, fees: { payment: [[180], 25], refund: [[], 25], chargeback: [[], 1_750] } },
  'open-banking': { delayDays: 0, fees: { payment: [[], 20], refund: [[], 15], payout: [[], 30] } },
};

export type ReconciliationDocument = NonNullable<ServiceConfig['reconciliation']>;

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** How patient the target is told to be. */
interface Patience {
  lateAfterHours: number;
  missingAfterDays: number;
  suggestWithinSeconds: number;
  bankDays: number;
}

/**
 * Over real sockets the days of a scenario pass in seconds, and the target's own clock stays in
 * one of them: to it every line comes days too late, and none at the time of its payment. A few
 * seconds in which a busy machine does nothing are a day or two more.
 */
const PATIENCE: Readonly<Record<DriverKind, Patience>> = {
  virtual: { lateAfterHours: 12, missingAfterDays: 2, suggestWithinSeconds: 60, bankDays: 3 },
  http: { lateAfterHours: 60 * DAY_HOURS, missingAfterDays: 5, suggestWithinSeconds: 86_400, bankDays: 30 },
};

export function patienceOf(kind: DriverKind): { lateAfterMs: number; missingAfterMs: number } {
  const { lateAfterHours, missingAfterDays } = PATIENCE[kind];
  return { lateAfterMs: lateAfterHours * HOUR_MS, missingAfterMs: missingAfterDays * DAY_HOURS * HOUR_MS };
}

/** The target's configuration of reconciliation; undefined when the scenario imports no settlements. */
export function reconciliationOf(plan: Plan, kind: DriverKind): ReconciliationDocument | undefined {
  if (plan.settlements === undefined) return undefined;
  const currencies = [...new Set(plan.operations.flatMap((one) => ('currency' in one ? [one.currency] : [])))];
  const terms = plan.psps.map(({ name, dialect }) => {
    const { fees, ...calendar } = CONTRACTS[dialect];
    const agreed = Object.entries(fees).map(([what, [basisPoints, fixed]]) => [
      what,
      { basisPoints, fixedMinor: Object.fromEntries(currencies.map((currency) => [currency, fixed])) },
    ]);
    return [name, { ...calendar, ...PATIENCE[kind], fees: Object.fromEntries(agreed) as object }];
  });
  return { terms: Object.fromEntries(terms) as NonNullable<ReconciliationDocument['terms']> };
}
