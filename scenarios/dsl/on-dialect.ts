/**
 * A scenario with all its PSPs replaced by accounts at one dialect: how the same story is told
 * with each of the seven. What a dialect cannot do makes the scenario not applicable, with the
 * reason; it is never left out silently, and never counted as a pass.
 */
import { ABILITIES } from './dialects.ts';
import { tellsByItself, whatIsLeft, whyNot } from './leave-out.ts';
import type { Dialect, Expectations, FaultEntry, PspEntry, Scenario, Traffic } from './scenario.ts';

export type OnDialect =
  /** `without`: what had to be left out and why, as a sentence; null when it is the whole story. */
  { kind: 'applicable'; scenario: Scenario; without: string | null } | { kind: 'not-applicable'; reason: string };

/** As many accounts as the scenario has PSPs: `mollie`, `mollie-2`, `mollie-3`. */
export function onDialect(scenario: Scenario, dialect: Dialect): OnDialect {
  const declared = scenario.not_for?.[dialect];
  if (declared !== undefined) return { kind: 'not-applicable', reason: declared };
  const { scenario: left, without } = whatIsLeft(scenario, dialect);
  const reason = scenario.traffic.flatMap((entry) => whyNot(entry, dialect) ?? [])[0];
  if (reason !== undefined && !left.traffic.some(tellsByItself)) return { kind: 'not-applicable', reason };
  const names = new Map(
    scenario.psps.map((psp, index) => [psp.name, index === 0 ? dialect : `${dialect}-${index + 1}`]),
  );
  const renamed = (name: string): string => names.get(name) ?? name;
  const psps: PspEntry[] = scenario.psps.map((psp) => ({ ...psp, name: renamed(psp.name), dialect }));
  return {
    kind: 'applicable',
    without,
    scenario: {
      ...left,
      psps,
      traffic: left.traffic.map((entry) => adaptTraffic(entry, dialect, renamed)),
      ...(left.faults === undefined ? {} : { faults: left.faults.map((fault) => adaptFault(fault, dialect, renamed)) }),
      ...(left.expect === undefined ? {} : { expect: once(left.expect) }),
    },
  };
}

/**
 * How many succeed or fail belongs to the PSPs that the scenario names: where every payer has to
 * be present, an answer that is lost ends more payments. That it happens at all is still asked for.
 */
function once(expect: Expectations): Expectations {
  return Object.fromEntries(
    Object.entries(expect).map(([name, value]) => [name, typeof value === 'number' ? Math.min(value, 1) : value]),
  );
}

function adaptTraffic(entry: Traffic, dialect: Dialect, renamed: (name: string) => string): Traffic {
  return {
    ...entry,
    ...('psp' in entry ? { psp: Array.isArray(entry.psp) ? entry.psp.map(renamed) : renamed(entry.psp) } : {}),
    ...('currency' in entry ? { currency: currenciesOf(entry.currency, dialect) } : {}),
  } as Traffic;
}

/** Those of the scenario that the dialect takes; euros when it takes none of them. */
function currenciesOf(given: string | string[], dialect: Dialect): string | string[] {
  const { currencies } = ABILITIES[dialect];
  if (currencies === null) return given;
  if (typeof given === 'string') return currencies.includes(given) ? given : 'EUR';
  const taken = given.filter((currency) => currencies.includes(currency));
  return taken.length === 0 ? 'EUR' : taken;
}

/** Checkout.com pays out at the address at which it takes payments, so a fault there strikes by that name. */
const PAYS_OUT_AS_PAYMENTS: readonly Dialect[] = ['checkout'];
const PAYMENT_TWIN: Readonly<Record<string, string>> = {
  'create-payout': 'create-payment',
  'get-payout': 'get-payment',
};

function adaptFault(fault: FaultEntry, dialect: Dialect, renamed: (name: string) => string): FaultEntry {
  const asked = [fault.operation ?? []].flat();
  const twins = PAYS_OUT_AS_PAYMENTS.includes(dialect)
    ? asked.flatMap((operation) => PAYMENT_TWIN[operation] ?? []).filter((operation) => !asked.includes(operation))
    : [];
  return {
    ...fault,
    ...(fault.psp === undefined ? {} : { psp: renamed(fault.psp) }),
    ...(twins.length === 0 ? {} : { operation: [...asked, ...twins] }),
  };
}
