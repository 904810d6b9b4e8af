/**
 * Adyen's settlement details report: a CSV per batch with a row for each journal that was
 * settled, and the payout to our bank (MerchantPayout) as one of them. Money to us stands under
 * credit, in decimals of major units; gross in the payment's currency (GC), net in that of the
 * settlement (NC). Rows of fees and payouts name no payment. A payment that was captured in
 * parts has a row for each.
 * (docs.adyen.com, settlement details report: structure and journal types)
 */
import type { SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { readCsv } from '../csv.ts';
import type { CsvRecord } from '../csv.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';

const COLUMNS = [
  'Psp Reference',
  'Merchant Reference',
  'Creation Date',
  'TimeZone',
  'Type',
  'Modification Reference',
  'Gross Currency',
  'Gross Debit (GC)',
  'Gross Credit (GC)',
  'Net Currency',
  'Net Debit (NC)',
  'Net Credit (NC)',
  'Commission (NC)',
  'Markup (NC)',
  'Scheme Fees (NC)',
  'Interchange (NC)',
  'Batch Number',
] as const;
type Row = CsvRecord<(typeof COLUMNS)[number]>;

const KINDS: Readonly<Record<string, SettlementKind>> = {
  Settled: 'payment',
  Refunded: 'refund',
  RefundedReversed: 'refund_failed',
  Chargeback: 'chargeback',
  SecondChargeback: 'chargeback',
  ChargebackReversed: 'chargeback_reversed',
  PaidOut: 'payout',
  PaidOutReversed: 'payout_returned',
  Fee: 'fee',
  MiscCosts: 'fee',
  PaymentCost: 'fee',
  InvoiceDeduction: 'fee',
  MerchantPayout: 'transfer',
  Balancetransfer: 'carried_over',
};

/** Of the zones in which Adyen writes reports, those whose name means one offset. A time in another one is not told. */
const OFFSETS: Readonly<Record<string, string>> = {
  UTC: 'Z',
  GMT: 'Z',
  BST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EST: '-05:00',
  EDT: '-04:00',
  PST: '-08:00',
  PDT: '-07:00',
  SGT: '+08:00',
  AEST: '+10:00',
  AEDT: '+11:00',
};

export const parseAdyenSettlement: SettlementParser = async function* (input, about) {
  let begun = '';
  for await (const rows of readCsv(input, about, COLUMNS)) {
    for (const row of rows) {
      const record = recordOf(row, { file: about, line: row.line });
      // The same word brings a balance along, before all else, and hands one on, after it.
      if (record.kind === 'carried_over' && record.batch === begun) record.kind = 'carried_on';
      begun = record.batch;
      yield record;
    }
  }
};

function recordOf(row: Row, place: Place): SettlementRecord {
  const settlementCurrency = row.text('Net Currency');
  const number = row.text('Batch Number');
  if (number === '') throw malformed(place, 'the row names no Batch Number');
  const nc = (column: (typeof COLUMNS)[number]): number => minorOf(row.text(column), settlementCurrency, place);
  const netMinor = nc('Net Credit (NC)') - nc('Net Debit (NC)');
  const kind = kindOf(row.text('Type'), netMinor);
  const currency = row.textOrNull('Gross Currency');
  const zone = OFFSETS[row.text('TimeZone')];
  return {
    kind,
    // An account that is settled in several currencies counts its batches in each of them.
    batch: `${number}-${settlementCurrency}`,
    pspReference: row.textOrNull('Psp Reference'),
    partReference: row.textOrNull('Modification Reference'),
    reference: row.textOrNull('Merchant Reference'),
    grossMinor:
      currency === null
        ? netMinor
        : minorOf(row.text('Gross Credit (GC)'), currency, place) -
          minorOf(row.text('Gross Debit (GC)'), currency, place),
    currency: currency ?? settlementCurrency,
    netMinor,
    feeMinor: nc('Commission (NC)') + nc('Markup (NC)') + nc('Scheme Fees (NC)') + nc('Interchange (NC)'),
    settlementCurrency,
    occurredAt: zone === undefined ? null : timeOf(row.text('Creation Date'), place, zone),
    line: row.line,
    ...(kind === 'unknown' ? { raw: row.raw } : {}),
  };
}

/** A deposit is what Adyen holds back against chargebacks. */
function kindOf(type: string, netMinor: number): SettlementKind {
  if (type === 'DepositCorrection') return netMinor < 0 ? 'reserve_held' : 'reserve_released';
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'unknown') : 'unknown';
}
