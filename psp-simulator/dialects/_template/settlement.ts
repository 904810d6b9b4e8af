/** The settlement file: one CSV per batch, a row per line in minor units and a last row for the transfer. */
import { stringify } from 'csv-stringify/sync';
import { isoTime } from '../../../kernel/index.ts';
import { NO_FEES } from '../../settlement/settlement.ts';
import type { SettlementBatch, SettlementFile, SettlementTerms } from '../../settlement/settlement.ts';
import type { Call, DialectSettlement, PspAnswer } from '../dialect.ts';
import { pageOf } from './paging.ts';
import { json } from './wire.ts';

const DAY_MS = 86_400_000;

const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 2 * DAY_MS,
  payment: { ...NO_FEES, commissionBasisPoints: 120, fixedMinor: 20 },
  refund: NO_FEES,
  payout: { ...NO_FEES, fixedMinor: 25 },
  disputeFeeMinor: 1_500,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

const COLUMNS = ['batch', 'line', 'type', 'id', 'reference', 'time', 'gross', 'currency', 'fee', 'net'];

export const exampleBankSettlement: DialectSettlement = { terms: TERMS, files: (batch) => [settlementFile(batch)] };

export function settlementFile(batch: SettlementBatch): SettlementFile {
  const lines = batch.lines.map((line) => [
    batch.id,
    line.id,
    line.type,
    line.modificationReference ?? line.pspReference,
    line.reference,
    isoTime(line.atMs),
    line.convertedMinor,
    line.settlementCurrency,
    line.convertedMinor - line.netMinor,
    line.netMinor,
  ]);
  const { transferMinor: sum } = batch;
  const transfer = [batch.id, '', 'transfer', '', '', isoTime(batch.toMs), sum, batch.currency, 0, sum];
  const body = stringify([COLUMNS, ...lines, transfer]);
  return { name: `example-bank-${batch.id}.csv`, contentType: 'text/csv; charset=utf-8', body };
}

/** The closed batches with their files. */
export function listSettlements(call: Call): PspAnswer {
  const page = pageOf(call, call.psp.settlementBatches(), (batch) => batch.id);
  const data = page.data.map((batch) => ({
    id: batch.id,
    currency: batch.currency,
    transfer: batch.transferMinor,
    file: settlementFile(batch).body,
  }));
  return json(200, { ...page, data });
}
