/**
 * Checkout.com's settlement: financial actions per payout, as the API's JSON and as the CSV
 * "Financial Actions by Payout ID", and the payout itself as a "Payouts" CSV. No event announces
 * them: the merchant reads the API or fetches the report.
 */
import { stringify } from 'csv-stringify/sync';
import { isoTime } from '../../../kernel/index.ts';
import { majorText } from '../../core/currency.ts';
import { NO_FEES } from '../../settlement/settlement.ts';
import type { SettlementBatch, SettlementFile, SettlementLine, SettlementTerms } from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import { financialAction, payoutIdOf } from './financial-actions.ts';
import { currencyAccountOf } from './payouts.ts';

const DAY_MS = 24 * 3_600_000;

/** Interchange++ prices of the usual size; Checkout.com publishes none. */
const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 2,
  delayMs: 2 * DAY_MS,
  payment: {
    commissionBasisPoints: 0,
    interchangeBasisPoints: 30,
    schemeBasisPoints: 12,
    markupBasisPoints: 25,
    fixedMinor: 8,
  },
  refund: { ...NO_FEES, fixedMinor: 8 },
  payout: { ...NO_FEES, fixedMinor: 40 },
  disputeFeeMinor: 1_500,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

export const checkoutSettlement: DialectSettlement = {
  terms: TERMS,
  files: (batch, psp) => [actionsJson(batch, psp), actionsCsv(batch, psp), payoutsCsv(batch, psp)],
};

const JSON_TYPE = 'application/json; charset=utf-8';
const CSV_TYPE = 'text/csv; charset=utf-8';

/** All pages of GET /financial-actions for one payout in one document. */
function actionsJson(batch: SettlementBatch, psp: PspContext): SettlementFile {
  const data = batch.lines.map((line) => financialAction(line, psp));
  return {
    name: `${fileName('financial-actions', batch, psp)}.json`,
    contentType: JSON_TYPE,
    body: JSON.stringify({ count: data.length, limit: data.length, data }, null, 2),
  };
}

const ACTION_COLUMNS = [
  'Client Entity ID',
  'Currency Account ID',
  'Payout ID',
  'Financial Action ID',
  'Payment ID',
  'Action ID',
  'Reference',
  'Payment Method',
  'Processed On',
  'Action Type',
  'Breakdown Type',
  'Processing Currency',
  'Processing Currency Amount',
  'FX Rate Applied',
  'Holding Currency',
  'Holding Currency Amount',
];

/** One row per part of a breakdown. */
function actionsCsv(batch: SettlementBatch, psp: PspContext): SettlementFile {
  const rows = batch.lines.flatMap((line) => {
    const action = financialAction(line, psp);
    return action.breakdown.map((part) => ({
      'Client Entity ID': psp.credentials['entityId'],
      'Currency Account ID': action['currency_account_id'],
      'Payout ID': payoutIdOf(batch.id),
      'Financial Action ID': line.id,
      'Payment ID': action.payment_id ?? '',
      'Action ID': action.action_id ?? '',
      Reference: action.reference ?? '',
      'Payment Method': action['payment_method'],
      'Processed On': action.processed_on,
      'Action Type': action.action_type,
      'Breakdown Type': part.breakdown_type,
      'Processing Currency': part.processing_currency,
      'Processing Currency Amount': decimal(part.processing_currency_amount, part.processing_currency),
      'FX Rate Applied': String(part.fx_rate_applied),
      'Holding Currency': part.holding_currency,
      'Holding Currency Amount': decimal(part.holding_currency_amount, part.holding_currency),
    }));
  });
  return {
    name: `${fileName('financial-actions', batch, psp)}.csv`,
    contentType: CSV_TYPE,
    body: csv(rows, ACTION_COLUMNS),
  };
}

function payoutsCsv(batch: SettlementBatch, psp: PspContext): SettlementFile {
  const sum = (value: (line: SettlementLine) => number): string =>
    majorText(
      batch.lines.reduce((total, line) => total + value(line), 0),
      batch.currency,
    );
  const gross =
    (...types: SettlementLine['type'][]) =>
    (line: SettlementLine): number =>
      types.includes(line.type) ? line.convertedMinor : 0;
  const row = {
    'Client Entity ID': psp.credentials['entityId'],
    'Currency Account ID': currencyAccountOf(psp, batch.currency),
    'Holding Currency': batch.currency,
    'Payout ID': payoutIdOf(batch.id),
    'Payout Date': isoTime(batch.toMs),
    'Reporting Start Date': isoTime(batch.fromMs),
    'Reporting End Date': isoTime(batch.toMs),
    Payments: sum(gross('payment')),
    Refunds: sum(gross('refund', 'refund-failed')),
    Chargebacks: sum(gross('chargeback', 'chargeback-reversed')),
    'Pay To Cards': sum(gross('payout', 'payout-returned')),
    'Interchange Fees': sum((line) => -line.fees.interchange),
    'Scheme Fees': sum((line) => -line.fees.scheme),
    'Premium Fees': sum((line) => -line.fees.markup),
    'Gateway Fees': sum((line) => -line.fees.commission),
    Adjustments: sum(gross('fee')),
    'Rolling Reserve': sum(gross('reserve-held', 'reserve-released')),
    'Net Amount': majorText(batch.netMinor, batch.currency),
    'Carried Over': majorText(batch.carriedMinor, batch.currency),
    'Payout Amount': majorText(batch.transferMinor, batch.currency),
  };
  return { name: `${fileName('payouts', batch, psp)}.csv`, contentType: CSV_TYPE, body: csv([row]) };
}

/** `financial-actions_<entity>_<date>_<payout>_1`, as Checkout.com names its reports. */
function fileName(kind: string, batch: SettlementBatch, psp: PspContext): string {
  const date = isoTime(batch.toMs).slice(0, 10).replaceAll('-', '');
  return `${kind}_${psp.credentials['entityId'] ?? ''}_${date}_${payoutIdOf(batch.id)}_1`;
}

function decimal(amount: number, currency: string): string {
  const [, fraction = ''] = majorText(0, currency).split('.');
  return amount.toFixed(fraction.length);
}

/** A report without a line still has its header. */
function csv(rows: readonly Record<string, unknown>[], columns?: readonly string[]): string {
  return stringify([...rows], { header: true, ...(columns === undefined ? {} : { columns: [...columns] }) });
}
