/**
 * acme's settlement file: a CSV with a row for each thing that happened to our money, then what
 * was carried over from a settlement below zero, then the transfer to our bank. Amounts are
 * decimals of major units, money to us is positive, fees are positive and taken off already.
 */
import type { SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { readCsv } from '../csv.ts';
import type { CsvRecord } from '../csv.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';

const COLUMNS = [
  'settlement_id',
  'type',
  'psp_reference',
  'modification_id',
  'reference',
  'occurred_at',
  'gross_amount',
  'currency',
  'settlement_currency',
  'commission',
  'interchange',
  'scheme_fee',
  'markup',
  'net_amount',
] as const;
type Row = CsvRecord<(typeof COLUMNS)[number]>;

const KINDS: Readonly<Record<string, SettlementKind>> = {
  payment: 'payment',
  refund: 'refund',
  'refund-failed': 'refund_failed',
  chargeback: 'chargeback',
  'chargeback-reversed': 'chargeback_reversed',
  payout: 'payout',
  'payout-returned': 'payout_returned',
  fee: 'fee',
  'reserve-held': 'reserve_held',
  'reserve-released': 'reserve_released',
  carried: 'carried_over',
  transfer: 'transfer',
};

export const parseAcmeSettlement: SettlementParser = async function* (input, about) {
  for await (const rows of readCsv(input, about, COLUMNS)) {
    for (const row of rows) yield recordOf(row, { file: about, line: row.line });
  }
};

function recordOf(row: Row, place: Place): SettlementRecord {
  const kind = KINDS[row.text('type')] ?? 'unknown';
  const settlementCurrency = row.text('settlement_currency');
  const inSettlement = (text: string): number => minorOf(text, settlementCurrency, place);
  const batch = row.text('settlement_id');
  if (batch === '') throw malformed(place, 'the row names no settlement_id');
  // The transfer stands in the file as what arrives at the bank; the balance loses it.
  const net = inSettlement(row.text('net_amount'));
  const netMinor = kind === 'transfer' && net !== 0 ? -net : net;
  const currency = row.textOrNull('currency');
  return {
    kind,
    batch,
    pspReference: row.textOrNull('psp_reference'),
    partReference: row.textOrNull('modification_id'),
    reference: row.textOrNull('reference'),
    grossMinor: currency === null ? netMinor : minorOf(row.text('gross_amount'), currency, place),
    currency: currency ?? settlementCurrency,
    netMinor,
    feeMinor:
      inSettlement(row.text('commission')) +
      inSettlement(row.text('interchange')) +
      inSettlement(row.text('scheme_fee')) +
      inSettlement(row.text('markup')),
    settlementCurrency,
    occurredAt: timeOf(row.text('occurred_at'), place),
    line: row.line,
    ...(kind === 'unknown' ? { raw: row.raw } : {}),
  };
}
