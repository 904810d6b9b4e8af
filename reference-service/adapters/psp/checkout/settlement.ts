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
import { minorOf, timeOf } from '../settlement-fields.ts';
import { addFee, openAction } from './financial-action.ts';
import type { ActionPart } from './financial-action.ts';
import { readActionsJson } from './settlement-json.ts';

export const parseCheckoutSettlement: SettlementParser = (input, about) => {
  if (about.fileName.endsWith('.json')) return readActionsJson(input, about);
  return about.fileName.startsWith('payouts') ? readPayouts(input, about) : readActions(input, about);
};

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
