/**
 * A settlement as Mollie's API shows it: revenue and costs, grouped by calendar month, method and
 * kind, with four decimals. What is transferred is the sum of all revenue less the sum of all
 * costs; refunds and chargebacks are negative revenue, only fees are costs. VAT is reverse
 * charged here, so net and gross are the same.
 */
import type { FeeTerms, SettlementBatch, SettlementLine, SettlementTerms } from '../../settlement/settlement.ts';
import { findMethod } from './methods.ts';
import { amountOf, amountOfFour } from './money.ts';
import type { Amount } from './money.ts';
import { documentation, halLink, mollieTime } from './place.ts';
import type { Link, Place } from './place.ts';
import { balanceId, settlementId, settlementReference } from './settlement-ids.ts';
import { effectiveTerms } from './settlement-terms.ts';

interface Entry {
  description: string;
  /** A method of Mollie's settlement, or null where it has no word. */
  method: string | null;
  count: number;
  minor: number;
  rate?: FeeTerms;
}

interface Period {
  revenue: Map<string, Entry>;
  costs: Map<string, Entry>;
}

export function settlementObject(batch: SettlementBatch, place: Place): Record<string, unknown> {
  const id = settlementId(batch);
  return {
    resource: 'settlement',
    id,
    reference: settlementReference(batch, place.psp),
    createdAt: mollieTime(batch.toMs),
    settledAt: mollieTime(batch.toMs),
    status: 'paidout',
    amount: amountOf(batch.transferMinor, batch.currency),
    balanceId: balanceId(place.psp, batch.currency),
    periods: periodsOf(batch.lines, { ...carryOf(batch), currency: batch.currency, terms: effectiveTerms(place.psp) }),
    _links: linksOf(id, place),
  };
}

/** Money that no settlement has yet, under the fixed id `open` or `next`. */
export function openSettlementObject(
  id: 'open' | 'next',
  lines: readonly SettlementLine[],
  { place, currency }: { place: Place; currency: string },
): Record<string, unknown> {
  const own = lines.filter((line) => line.settlementCurrency === currency);
  const sum = own.reduce((total, line) => total + line.netMinor, 0);
  const atMs = place.psp.nowMs();
  return {
    resource: 'settlement',
    id,
    reference: null,
    createdAt: mollieTime(atMs),
    settledAt: null,
    status: 'open',
    amount: amountOf(sum, currency),
    balanceId: balanceId(place.psp, currency),
    periods: periodsOf(own, { carries: [], atMs, currency, terms: effectiveTerms(place.psp) }),
    _links: linksOf(id, place),
  };
}

interface Carry {
  description: string;
  minor: number;
}

/** What is brought from an earlier settlement that was negative, and what a negative one hands on. */
function carryOf(batch: SettlementBatch): { carries: Carry[]; atMs: number } {
  const handedOn = Math.max(0, -(batch.netMinor + batch.carriedMinor));
  const carries = [
    { description: 'Balance carried over', minor: batch.carriedMinor },
    { description: 'Balance carried to the next settlement', minor: handedOn },
  ];
  return { carries: carries.filter(({ minor }) => minor !== 0), atMs: batch.toMs };
}

function periodsOf(
  lines: readonly SettlementLine[],
  more: { carries: readonly Carry[]; atMs: number; currency: string; terms: SettlementTerms },
): Record<string, Record<string, unknown>> {
  const periods = new Map<string, Period>();
  for (const line of lines) addLine(periodAt(periods, line.atMs), line, more.terms);
  for (const { description, minor } of more.carries)
    add(periodAt(periods, more.atMs).revenue, { description, method: null, count: 1, minor });
  const years: Record<string, Record<string, unknown>> = {};
  for (const [name, period] of [...periods].sort(([one], [other]) => one.localeCompare(other))) {
    const [year = '', month = ''] = name.split('-');
    years[year] = { ...years[year], [month]: periodObject(period, more.currency) };
  }
  return years;
}

function periodAt(periods: Map<string, Period>, atMs: number): Period {
  const name = new Date(atMs).toISOString().slice(0, 7);
  const known = periods.get(name) ?? { revenue: new Map<string, Entry>(), costs: new Map<string, Entry>() };
  periods.set(name, known);
  return known;
}

function addLine(period: Period, line: SettlementLine, terms: SettlementTerms): void {
  const { description, method, rate } = kindOf(line, terms);
  const fees = line.fees.commission + line.fees.interchange + line.fees.scheme + line.fees.markup;
  if (line.type === 'fee') {
    add(period.costs, { description, method, count: 1, minor: fees - line.convertedMinor, rate });
    return;
  }
  add(period.revenue, { description, method, count: 1, minor: line.convertedMinor });
  if (fees !== 0) add(period.costs, { description, method, count: 1, minor: fees, rate });
}

function add(entries: Map<string, Entry>, entry: Entry): void {
  const known = entries.get(entry.description);
  if (known === undefined) entries.set(entry.description, { ...entry });
  else {
    known.count += entry.count;
    known.minor += entry.minor;
  }
}

function kindOf(
  line: SettlementLine,
  terms: SettlementTerms,
): { description: string; method: string | null; rate: FeeTerms } {
  const fixed = (fixedMinor: number): FeeTerms => ({ ...terms.refund, ...NO_PERCENTAGE, fixedMinor });
  const name = findMethod(line.method)?.description ?? line.method;
  switch (line.type) {
    case 'payment':
      return { description: name, method: line.method, rate: terms.payment };
    case 'refund':
      return { description: `Refunds ${name}`, method: 'refund', rate: terms.refund };
    case 'refund-failed':
      return { description: `Returned refunds ${name}`, method: 'refund', rate: terms.refund };
    case 'chargeback':
      return { description: 'Chargebacks', method: 'chargeback', rate: fixed(terms.disputeFeeMinor) };
    case 'chargeback-reversed':
      return { description: 'Reversed chargebacks', method: 'chargeback', rate: fixed(0) };
    case 'fee':
      return { description: 'Chargeback fees', method: 'chargeback', rate: fixed(terms.disputeFeeMinor) };
    case 'payout':
      return { description: 'Payouts', method: null, rate: terms.payout };
    case 'payout-returned':
      return { description: 'Returned payouts', method: null, rate: terms.payout };
    case 'reserve-held':
      return { description: 'Rolling reserve held', method: 'rollingreserve', rate: fixed(0) };
    case 'reserve-released':
      return { description: 'Rolling reserve released', method: 'rollingreserve', rate: fixed(0) };
  }
}

const NO_PERCENTAGE = {
  commissionBasisPoints: 0,
  interchangeBasisPoints: 0,
  schemeBasisPoints: 0,
  markupBasisPoints: 0,
};

function periodObject({ revenue, costs }: Period, currency: string): Record<string, unknown> {
  const amounts = ({ minor }: Entry): { amountNet: Amount; amountVat: null; amountGross: Amount } => ({
    amountNet: amountOfFour(minor, currency),
    amountVat: null,
    amountGross: amountOfFour(minor, currency),
  });
  return {
    revenue: [...revenue.values()].map((entry) => ({
      description: entry.description,
      method: entry.method,
      count: entry.count,
      ...amounts(entry),
    })),
    costs: [...costs.values()].map((entry) => ({
      description: entry.description,
      method: entry.method,
      count: entry.count,
      rate: rateObject(entry.rate, currency),
      ...amounts(entry),
    })),
  };
}

function rateObject(rate: FeeTerms | undefined, currency: string): { fixed: Amount; percentage: string } {
  const basisPoints =
    (rate?.commissionBasisPoints ?? 0) +
    (rate?.interchangeBasisPoints ?? 0) +
    (rate?.schemeBasisPoints ?? 0) +
    (rate?.markupBasisPoints ?? 0);
  return { fixed: amountOfFour(rate?.fixedMinor ?? 0, currency), percentage: (basisPoints / 100).toFixed(2) };
}

function linksOf(id: string, place: Place): Record<string, Link> {
  const path = `settlements/${id}`;
  return {
    self: halLink(place, path),
    payments: halLink(place, `${path}/payments`),
    captures: halLink(place, `${path}/captures`),
    refunds: halLink(place, `${path}/refunds`),
    chargebacks: halLink(place, `${path}/chargebacks`),
    documentation: documentation('get-settlement'),
  };
}
