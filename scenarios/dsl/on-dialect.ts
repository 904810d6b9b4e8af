/**
 * A scenario with all its PSPs replaced by accounts at one dialect: how the same story is told
 * with each of the seven. What a dialect cannot do makes the scenario not applicable, with the
 * reason; it is never left out silently, and never counted as a pass.
 */
import { ABILITIES, commonMethod } from './dialects.ts';
import type { Dialect, Expectations, FaultEntry, PspEntry, Scenario, Traffic } from './scenario.ts';

export type OnDialect = { kind: 'applicable'; scenario: Scenario } | { kind: 'not-applicable'; reason: string };

/** As many accounts as the scenario has PSPs: `mollie`, `mollie-2`, `mollie-3`. */
export function onDialect(scenario: Scenario, dialect: Dialect): OnDialect {
  const reason = whyNot(scenario, dialect);
  if (reason !== undefined) return { kind: 'not-applicable', reason };
  const names = new Map(
    scenario.psps.map((psp, index) => [psp.name, index === 0 ? dialect : `${dialect}-${index + 1}`]),
  );
  const renamed = (name: string): string => names.get(name) ?? name;
  const psps: PspEntry[] = scenario.psps.map((psp) => ({ ...psp, name: renamed(psp.name), dialect }));
  return {
    kind: 'applicable',
    scenario: {
      ...scenario,
      psps,
      traffic: scenario.traffic.map((entry) => adaptTraffic(entry, dialect, renamed)),
      ...(scenario.faults === undefined ? {} : { faults: scenario.faults.map((fault) => renameFault(fault, renamed)) }),
      ...(scenario.expect === undefined ? {} : { expect: once(scenario.expect) }),
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

function whyNot(scenario: Scenario, dialect: Dialect): string | undefined {
  const can = ABILITIES[dialect];
  const declared = (scenario.not_for ?? {})[dialect];
  if (declared !== undefined) return declared;
  for (const entry of scenario.traffic) {
    if ('payouts' in entry) {
      const method = entry.method ?? commonMethod([dialect], 'payoutMethods');
      if (method === undefined || !can.payoutMethods.includes(method))
        return `${dialect} cannot pay out${entry.method === undefined ? '' : ` to ${entry.method}`}`;
    }
    if ('deposits' in entry && entry.method !== undefined && !can.methods.includes(entry.method))
      return `${dialect} takes no ${entry.method}`;
  }
  return undefined;
}

function adaptTraffic(entry: Traffic, dialect: Dialect, renamed: (name: string) => string): Traffic {
  const psp =
    entry.psp === undefined ? {} : { psp: Array.isArray(entry.psp) ? entry.psp.map(renamed) : renamed(entry.psp) };
  if (!('currency' in entry)) return { ...entry, ...psp };
  return { ...entry, ...psp, currency: currenciesOf(entry.currency, dialect) };
}

/** Those of the scenario that the dialect takes; euros when it takes none of them. */
function currenciesOf(given: string | string[], dialect: Dialect): string | string[] {
  const { currencies } = ABILITIES[dialect];
  if (currencies === null) return given;
  const taken = [given].flat().filter((currency) => currencies.includes(currency));
  return taken.length === 0 ? 'EUR' : taken;
}

function renameFault(fault: FaultEntry, renamed: (name: string) => string): FaultEntry {
  return fault.psp === undefined ? fault : { ...fault, psp: renamed(fault.psp) };
}
