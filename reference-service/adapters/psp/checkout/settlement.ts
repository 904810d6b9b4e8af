/**
 * Checkout.com's settlement in three documents: the "Financial Actions" report as CSV, one row
 * for each part of an action (its gross amount, then each fee); the same actions as the JSON of
 * GET /financial-actions; and the "Payouts" report, one row for each transfer to our bank. The
 * parts of an action stand together; only one action is in memory.
 *
 *   Capture · Interchange Fee · Scheme Variable Fee · … ─► one record: gross, fees, net
 */
import type { SettlementFile, SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { readCsv } from '../csv.ts';
import type { CsvRecord } from '../csv.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';
import { readActionsJson } from './settlement-json.ts';

export const parseCheckoutSettlement: SettlementParser = (input, about) => {
  if (about.fileName.endsWith('.json')) return readActionsJson(input, about);
  return about.fileName.startsWith('payouts') ? readPayouts(input, about) : readActions(input, about);
};

/** One part of an action, whatever document it stands in. */
export interface ActionPart {
  actionId: string;
  batch: string;
  paymentId: string | null;
  partId: string | null;
  reference: string | null;
  actionType: string;
  breakdownType: string;
  processedOn: string;
  /** Decimals of major units. */
  processing: { currency: string; amount: string };
  holding: { currency: string; amount: string };
  line: number;
  raw: string;
}

const ACTION_COLUMNS = [
  'Payout ID',
  'Financial Action ID',
  'Payment ID',
  'Action ID',
  'Reference',
  'Processed On',
  'Action Type',
  'Breakdown Type',
  'Processing Currency',
  'Processing Currency Amount',
  'Holding Currency',
  'Holding Currency Amount',
] as const;
type ActionColumn = (typeof ACTION_COLUMNS)[number];

async function* readActions(input: AsyncIterable<Uint8Array>, about: SettlementFile): AsyncGenerator<SettlementRecord> {
  let open: SettlementRecord | null = null;
  let openId = '';
  for await (const rows of readCsv(input, about, ACTION_COLUMNS)) {
    for (const row of rows) {
      const part = partOf(row);
      const place = { file: about, line: part.line };
      if (open !== null && part.actionId === openId) {
        addFee(open, part, place);
        continue;
      }
      if (open !== null) yield open;
      open = openAction(part, place);
      openId = part.actionId;
    }
  }
  if (open !== null) yield open;
}

function partOf(row: CsvRecord<ActionColumn>): ActionPart {
  return {
    actionId: row.text('Financial Action ID'),
    batch: row.text('Payout ID'),
    paymentId: row.textOrNull('Payment ID'),
    partId: row.textOrNull('Action ID'),
    reference: row.textOrNull('Reference'),
    actionType: row.text('Action Type'),
    breakdownType: row.text('Breakdown Type'),
    processedOn: row.text('Processed On'),
    processing: { currency: row.text('Processing Currency'), amount: row.text('Processing Currency Amount') },
    holding: { currency: row.text('Holding Currency'), amount: row.text('Holding Currency Amount') },
    line: row.line,
    raw: row.raw,
  };
}

/** The first part of an action is its gross amount. @throws MalformedSettlementError */
export function openAction(part: ActionPart, place: Place): SettlementRecord {
  if (part.actionId === '') throw malformed(place, 'the row has no Financial Action ID');
  if (part.processing.amount === '' || part.holding.amount === '') throw malformed(place, 'the row has no amount');
  const kind = kindOf(part);
  return {
    kind,
    batch: part.batch,
    pspReference: part.paymentId,
    partReference: part.partId,
    reference: part.reference,
    grossMinor: minorOf(part.processing.amount, part.processing.currency, place),
    currency: part.processing.currency,
    netMinor: minorOf(part.holding.amount, part.holding.currency, place),
    feeMinor: 0,
    settlementCurrency: part.holding.currency,
    occurredAt: timeOf(part.processedOn, place),
    line: part.line,
    ...(kind === 'unknown' ? { raw: part.raw } : {}),
  };
}

/** Every further part is a fee, in the currency that is settled. @throws MalformedSettlementError */
export function addFee(record: SettlementRecord, part: ActionPart, place: Place): void {
  if (part.holding.currency !== record.settlementCurrency)
    throw malformed(place, `a fee in ${part.holding.currency} of an action in ${record.settlementCurrency}`);
  const minor = minorOf(part.holding.amount, part.holding.currency, place);
  record.netMinor += minor;
  record.feeMinor -= minor;
}

const KINDS: Readonly<Record<string, SettlementKind>> = {
  Capture: 'payment',
  Refund: 'refund',
  'Clearing Failed': 'refund_failed',
  Payout: 'payout',
  'Payout Return': 'payout_returned',
  Adjustment: 'fee',
};

/** Two action types go both ways; there the breakdown says which. */
function kindOf({ actionType, breakdownType }: ActionPart): SettlementKind {
  if (actionType === 'Chargeback') {
    if (breakdownType === 'Chargeback (ADJM)') return 'chargeback';
    return breakdownType === 'Chargeback (RPDW)' ? 'chargeback_reversed' : 'unknown';
  }
  if (actionType === 'Rolling Reserve') {
    if (breakdownType === 'Rolling Reserve Deduction') return 'reserve_held';
    return breakdownType === 'Rolling Reserve Release' ? 'reserve_released' : 'unknown';
  }
  return KINDS[actionType] ?? 'unknown';
}

const PAYOUT_COLUMNS = ['Payout ID', 'Holding Currency', 'Payout Date', 'Carried Over', 'Payout Amount'] as const;

async function* readPayouts(input: AsyncIterable<Uint8Array>, about: SettlementFile): AsyncGenerator<SettlementRecord> {
  for await (const rows of readCsv(input, about, PAYOUT_COLUMNS)) {
    for (const row of rows) {
      const place = { file: about, line: row.line };
      const currency = row.text('Holding Currency');
      const carried = minorOf(row.text('Carried Over'), currency, place);
      const transferred = minorOf(row.text('Payout Amount'), currency, place);
      const record = (kind: SettlementKind, minor: number): SettlementRecord => ({
        kind,
        batch: row.text('Payout ID'),
        pspReference: null,
        partReference: row.textOrNull('Payout ID'),
        reference: null,
        grossMinor: minor,
        currency,
        netMinor: minor,
        feeMinor: 0,
        settlementCurrency: currency,
        occurredAt: timeOf(row.text('Payout Date'), place),
        line: row.line,
      });
      if (carried !== 0) yield record('carried_over', carried);
      yield record('transfer', transferred === 0 ? 0 : -transferred);
    }
  }
}
