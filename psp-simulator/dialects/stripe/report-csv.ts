/**
 * The itemized reports of Stripe's reporting API as CSV: one row per balance transaction,
 * amounts in major units, times in UTC. The columns are the documented ones; those that say
 * nothing about simulated payments are left out.
 */
import { stringify } from 'csv-stringify/sync';
import { majorText } from '../../core/currency.ts';
import type { PspContext } from '../dialect.ts';
import type { AutomaticPayout } from './automatic-payouts.ts';
import type { Transaction } from './balance-transactions.ts';
import { cardOf, isSetup } from './details.ts';

export interface ReportRow {
  transaction: Transaction;
  /** The automatic payout that paid it; null while it is unsettled. */
  payout: AutomaticPayout | null;
}

export const REPORT_COLUMNS = [
  'automatic_payout_id',
  'automatic_payout_effective_at_utc',
  'automatic_payout_effective_at',
  'balance_transaction_id',
  'created_utc',
  'created',
  'available_on_utc',
  'available_on',
  'currency',
  'gross',
  'fee',
  'net',
  'reporting_category',
  'source_id',
  'description',
  'customer_facing_amount',
  'customer_facing_currency',
  'charge_id',
  'payment_intent_id',
  'payment_method_type',
  'card_brand',
  'card_funding',
  'card_country',
  'dispute_reason',
  'payment_metadata[reference]',
] as const;

type Column = (typeof REPORT_COLUMNS)[number];

/** Rows as CSV with a header; `columns` picks and orders them. */
export function itemizedCsv(
  rows: readonly ReportRow[],
  psp: PspContext,
  columns: readonly string[] = REPORT_COLUMNS,
): string {
  const cells = rows.map((row) => {
    const values: Readonly<Record<string, string>> = valuesOf(row, psp);
    return columns.map((column) => values[column] ?? '');
  });
  return stringify([[...columns], ...cells]);
}

function valuesOf({ transaction, payout }: ReportRow, psp: PspContext): Record<Column, string> {
  const { line, currency } = transaction;
  const found = line?.pspReference == null ? undefined : psp.bank.findPayment(line.pspReference);
  const payment = found === undefined || isSetup(found) ? undefined : found;
  const card = payment === undefined ? undefined : cardOf(payment);
  const charge = payment?.captures[0]?.id ?? '';
  const dispute = line?.modificationReference == null ? undefined : psp.bank.findDispute(line.modificationReference);
  const created = utc(transaction.createdAtMs);
  const available = utc(transaction.availableAtMs);
  const effective = payout === null ? '' : utc(payout.createdAtMs);
  return {
    automatic_payout_id: payout?.id ?? '',
    automatic_payout_effective_at_utc: effective,
    automatic_payout_effective_at: effective,
    balance_transaction_id: transaction.id,
    created_utc: created,
    created,
    available_on_utc: available,
    available_on: available,
    currency: currency.toLowerCase(),
    gross: majorText(transaction.grossMinor, currency),
    fee: majorText(transaction.feeMinor, currency),
    net: majorText(transaction.netMinor, currency),
    reporting_category: transaction.category,
    source_id: transaction.source ?? '',
    description: transaction.description ?? '',
    customer_facing_amount: line === null ? '' : majorText(line.grossMinor, line.currency),
    customer_facing_currency: line === null ? '' : line.currency.toLowerCase(),
    charge_id: charge,
    payment_intent_id: payment?.pspReference ?? '',
    payment_method_type: payment === undefined ? '' : 'card',
    card_brand: card?.brand ?? '',
    card_funding: card?.funding ?? '',
    card_country: card?.country ?? '',
    dispute_reason: dispute?.reason ?? '',
    'payment_metadata[reference]': line?.reference ?? '',
  };
}

/** `2026-11-23 09:41:07` */
function utc(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ');
}
