/**
 * Stripe's payout reconciliation report (`payout_reconciliation.itemized`, also by id): a row
 * for each balance transaction that an automatic payout to our bank consists of. The payout
 * itself is no row: what it transfers is the sum of `net`. Amounts are decimals of major units.
 * (docs.stripe.com/reports/report-types/payout-reconciliation)
 */
import type { SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { readCsv } from '../csv.ts';
import type { CsvRecord } from '../csv.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';

const COLUMNS = [
  'automatic_payout_id',
  'balance_transaction_id',
  'created_utc',
  'currency',
  'gross',
  'fee',
  'net',
  'reporting_category',
  'source_id',
  'customer_facing_amount',
  'customer_facing_currency',
  'payment_intent_id',
  'payment_metadata[reference]',
] as const;
type Row = CsvRecord<(typeof COLUMNS)[number]>;

/** By `reporting_category`; Stripe has more of them, which stay unknown. */
const KINDS: Readonly<Record<string, SettlementKind>> = {
  charge: 'payment',
  refund: 'refund',
  refund_failure: 'refund_failed',
  dispute: 'chargeback',
  dispute_reversal: 'chargeback_reversed',
  payout: 'payout',
  payout_reversal: 'payout_returned',
  fee: 'fee',
  network_cost: 'fee',
};

export const parseStripeSettlement: SettlementParser = async function* (input, about) {
  for await (const rows of readCsv(input, about, COLUMNS)) {
    for (const row of rows) yield recordOf(row, { file: about, line: row.line });
  }
};

function recordOf(row: Row, place: Place): SettlementRecord {
  const batch = row.text('automatic_payout_id');
  if (batch === '') throw malformed(place, 'the row names no automatic_payout_id');
  const settlementCurrency = row.text('currency').toUpperCase();
  const settled = minorOf(row.text('gross'), settlementCurrency, place);
  const kind = kindOf(row.text('reporting_category'), settled);
  const source = row.textOrNull('source_id');
  // A payout to a player has no payment; its own id is the source.
  const isPayout = kind === 'payout' || kind === 'payout_returned';
  return {
    kind,
    batch,
    pspReference: isPayout ? source : row.textOrNull('payment_intent_id'),
    partReference: isPayout ? null : source,
    reference: row.textOrNull('payment_metadata[reference]'),
    ...grossOf(row, { settled, settlementCurrency }, place),
    netMinor: minorOf(row.text('net'), settlementCurrency, place),
    feeMinor: minorOf(row.text('fee'), settlementCurrency, place),
    settlementCurrency,
    occurredAt: timeOf(row.text('created_utc'), place),
    line: row.line,
    ...(kind === 'unknown' ? { raw: row.raw } : {}),
  };
}

function kindOf(category: string, settledMinor: number): SettlementKind {
  if (category === 'risk_reserved_funds') return settledMinor < 0 ? 'reserve_held' : 'reserve_released';
  return Object.hasOwn(KINDS, category) ? (KINDS[category] ?? 'unknown') : 'unknown';
}

/** What the player paid, in his currency where that was another one; signed as the balance is. */
function grossOf(
  row: Row,
  { settled, settlementCurrency }: { settled: number; settlementCurrency: string },
  place: Place,
): { grossMinor: number; currency: string } {
  const currency = row.text('customer_facing_currency').toUpperCase();
  if (currency === '' || currency === settlementCurrency) return { grossMinor: settled, currency: settlementCurrency };
  const facing = Math.abs(minorOf(row.text('customer_facing_amount'), currency, place));
  return { grossMinor: settled < 0 ? -facing : facing, currency };
}
