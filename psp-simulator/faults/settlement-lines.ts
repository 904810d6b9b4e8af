/** Settlement lines that lie: pure changes of one line that keep net = converted less fees. */
import type { LineFees, SettlementLine } from '../settlement/settlement.ts';

/** Lines of a payment or payout; fees and reserves belong to nobody in particular. */
export function hasReference(line: SettlementLine): boolean {
  return line.pspReference !== null && line.type !== 'fee';
}

/** Rounded half away from zero, and never the same when it could differ. */
export function scaled(minor: number, factor: number): number {
  const result = Math.sign(minor) * Math.round(Math.abs(minor) * factor);
  return result === minor ? minor - Math.sign(minor) : result;
}

/** The line with another gross amount, converted at its own rate; fees stay. */
export function withGross(line: SettlementLine, grossMinor: number): SettlementLine {
  const ratio = line.grossMinor === 0 ? 1 : line.convertedMinor / line.grossMinor;
  const convertedMinor = Math.sign(grossMinor) * Math.round(Math.abs(grossMinor * ratio));
  return { ...line, grossMinor, convertedMinor, netMinor: convertedMinor - feeSum(line.fees) };
}

/** Two lines that add up to the given one; all fees are on the first. */
export function split(line: SettlementLine, firstGrossMinor: number): [SettlementLine, SettlementLine] {
  const first = { ...withGross(line, firstGrossMinor), id: `${line.id}-a` };
  const convertedMinor = line.convertedMinor - first.convertedMinor;
  const second = {
    ...line,
    id: `${line.id}-b`,
    grossMinor: line.grossMinor - firstGrossMinor,
    convertedMinor,
    fees: NO_LINE_FEES,
    netMinor: convertedMinor,
  };
  return [first, second];
}

export function canMerge(one: SettlementLine, other: SettlementLine): boolean {
  return one.type === other.type && one.currency === other.currency && one.method === other.method;
}

/** One line with the sums of both and the references of the first. */
export function merged(line: SettlementLine, other: SettlementLine): SettlementLine {
  return {
    ...line,
    grossMinor: line.grossMinor + other.grossMinor,
    convertedMinor: line.convertedMinor + other.convertedMinor,
    fees: addFees(line.fees, other.fees),
    netMinor: line.netMinor + other.netMinor,
  };
}

/** The payment's money goes back, and a fee is taken for it. */
export function chargebackOf(line: SettlementLine, feeMinor: number): SettlementLine {
  return {
    ...line,
    id: `${line.id}-chargeback`,
    type: 'chargeback',
    modificationReference: null,
    grossMinor: -line.grossMinor,
    convertedMinor: -line.convertedMinor,
    fees: { ...NO_LINE_FEES, commission: feeMinor },
    netMinor: -line.convertedMinor - feeMinor,
  };
}

/** What the history says about the line that was changed. */
export function evidenceOf(
  discrepancy: string,
  line: SettlementLine,
  more: Readonly<Record<string, string | number | null>> = {},
): Readonly<Record<string, string | number | null>> {
  return {
    discrepancy,
    line_id: line.id,
    line_type: line.type,
    psp_reference: line.pspReference,
    reference: line.reference,
    gross_minor: line.grossMinor,
    currency: line.currency,
    ...more,
  };
}

const NO_LINE_FEES: LineFees = { commission: 0, interchange: 0, scheme: 0, markup: 0 };

function feeSum({ commission, interchange, scheme, markup }: LineFees): number {
  return commission + interchange + scheme + markup;
}

function addFees(one: LineFees, other: LineFees): LineFees {
  return {
    commission: one.commission + other.commission,
    interchange: one.interchange + other.interchange,
    scheme: one.scheme + other.scheme,
    markup: one.markup + other.markup,
  };
}
