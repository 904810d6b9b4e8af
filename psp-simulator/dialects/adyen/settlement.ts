/**
 * Adyen's settlement details report: one CSV per batch, one row per line, and the transfer to the
 * merchant's bank as the last row. REPORT_AVAILABLE announces it with the URL of the file.
 *
 * The order of the columns is Adyen's. Amounts are decimals of major units; money that comes to
 * the merchant stands under credit. In each batch all net credits equal all net debits: what is
 * left after the lines is paid out (MerchantPayout) or carried over (Balancetransfer).
 */
import { stringify } from 'csv-stringify/sync';
import { isoTime } from '../../../kernel/index.ts';
import { majorText } from '../../core/currency.ts';
import { NO_FEES } from '../../settlement/settlement.ts';
import type {
  SettlementBatch,
  SettlementFile,
  SettlementLine,
  SettlementLineType,
  SettlementTerms,
} from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { draftOf } from './notification.ts';
import { companyOf } from './credentials.ts';

const DAY_MS = 24 * 3_600_000;

/** Interchange++ prices of the usual size; Adyen agrees them with each merchant. */
const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 2 * DAY_MS,
  payment: {
    commissionBasisPoints: 0,
    interchangeBasisPoints: 30,
    schemeBasisPoints: 14,
    markupBasisPoints: 60,
    fixedMinor: 11,
  },
  refund: { ...NO_FEES, fixedMinor: 11 },
  payout: { ...NO_FEES, fixedMinor: 25 },
  disputeFeeMinor: 1_500,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

export const adyenSettlement: DialectSettlement = {
  terms: TERMS,
  files: (batch, psp) => [
    { name: reportName(batch, psp), contentType: 'text/csv; charset=utf-8', body: csv(batch, psp) },
  ],
  webhooksFor: (batch, context) => [reportAvailable(batch, context)],
};

/** An account that is settled in several currencies has a batch of its own, and a number of its own, for each. */
export function reportName(batch: SettlementBatch, psp: PspContext): string {
  const single = (psp.profile.settlement?.currency ?? null) !== null;
  return `settlement_detail_report_batch_${batch.number}${single ? '' : `_${batch.currency}`}.csv`;
}

export function reportUrl(batch: SettlementBatch, psp: PspContext): string {
  return `${psp.url}/reports/download/MerchantAccount/${psp.credentials['merchantAccount'] ?? ''}/${reportName(batch, psp)}`;
}

/** The report of this name among the closed batches. */
export function reportNamed(name: string, psp: PspContext): SettlementFile | undefined {
  const batch = psp.settlementBatches().find((candidate) => reportName(candidate, psp) === name);
  return batch === undefined ? undefined : adyenSettlement.files(batch, psp)[0];
}

function reportAvailable(batch: SettlementBatch, { psp, atMs }: WebhookContext): WebhookDraft {
  const name = reportName(batch, psp);
  return draftOf(
    {
      eventCode: 'REPORT_AVAILABLE',
      success: true,
      pspReference: name,
      merchantReference: '',
      paymentMethod: '',
      // A report has no amount; Adyen sends zero.
      amountMinor: 0,
      reason: reportUrl(batch, psp),
    },
    {
      kind: 'settlement',
      state: 'available',
      reference: null,
      pspReference: batch.id,
      amountMinor: batch.transferMinor,
      currency: batch.currency,
    },
    { psp, atMs },
  );
}

const TYPES: Readonly<Record<SettlementLineType, string>> = {
  payment: 'Settled',
  refund: 'Refunded',
  'refund-failed': 'RefundedReversed',
  chargeback: 'Chargeback',
  'chargeback-reversed': 'ChargebackReversed',
  payout: 'PaidOut',
  'payout-returned': 'PaidOutReversed',
  fee: 'Fee',
  'reserve-held': 'DepositCorrection',
  'reserve-released': 'DepositCorrection',
};

const COLUMNS = [
  'Company Account',
  'Merchant Account',
  'Psp Reference',
  'Merchant Reference',
  'Payment Method',
  'Creation Date',
  'TimeZone',
  'Type',
  'Modification Reference',
  'Gross Currency',
  'Gross Debit (GC)',
  'Gross Credit (GC)',
  'Exchange Rate',
  'Net Currency',
  'Net Debit (NC)',
  'Net Credit (NC)',
  'Commission (NC)',
  'Markup (NC)',
  'Scheme Fees (NC)',
  'Interchange (NC)',
  'Payment Method Variant',
  'Modification Merchant Reference',
  'Batch Number',
  'Reserved4',
  'Reserved5',
  'Reserved6',
  'Reserved7',
  'Reserved8',
  'Reserved9',
  'Reserved10',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

function csv(batch: SettlementBatch, psp: PspContext): string {
  const rows = [...carriedIn(batch), ...batch.lines.map((line) => lineRow(line, psp)), ...closing(batch)];
  const common = {
    'Company Account': companyOf(psp.name),
    'Merchant Account': psp.credentials['merchantAccount'] ?? '',
    TimeZone: 'UTC',
    'Batch Number': String(batch.number),
  };
  return stringify(
    rows.map((row) => ({ ...row, ...common })),
    { header: true, columns: [...COLUMNS] },
  );
}

function lineRow(line: SettlementLine, psp: PspContext): Row {
  const { commission, interchange, scheme, markup } = line.fees;
  const nc = (minor: number): string => (minor === 0 ? '' : majorText(minor, line.settlementCurrency));
  const type = TYPES[line.type];
  const booked = {
    'Creation Date': adyenDate(line.atMs),
    Type: type,
    ...netOf(line.netMinor, line.settlementCurrency),
  };
  // Rows that are about no payment name none.
  if (type === 'Fee' || type === 'DepositCorrection')
    return { ...booked, 'Modification Reference': line.modificationReference ?? '' };
  const brand = brandOf(line, psp);
  return {
    ...booked,
    'Psp Reference': line.pspReference ?? '',
    'Merchant Reference': line.reference ?? '',
    'Payment Method': brand,
    'Modification Reference': line.modificationReference ?? '',
    'Gross Currency': line.currency,
    'Gross Debit (GC)': line.grossMinor < 0 ? majorText(-line.grossMinor, line.currency) : '',
    'Gross Credit (GC)': line.grossMinor < 0 ? '' : majorText(line.grossMinor, line.currency),
    'Exchange Rate': line.exchangeRate,
    'Commission (NC)': nc(commission),
    'Markup (NC)': nc(markup),
    'Scheme Fees (NC)': nc(scheme),
    'Interchange (NC)': nc(interchange),
    'Payment Method Variant': brand,
    'Modification Merchant Reference': modificationReferenceOf(line, psp),
  };
}

/** A loss of the batch before is taken off this one. */
function carriedIn(batch: SettlementBatch): Row[] {
  if (batch.carriedMinor === 0) return [];
  return [
    { 'Creation Date': adyenDate(batch.toMs), Type: 'Balancetransfer', ...netOf(batch.carriedMinor, batch.currency) },
  ];
}

/** The transfer to the bank; a loss is carried on to the next batch instead. */
function closing(batch: SettlementBatch): Row[] {
  const leftMinor = batch.netMinor + batch.carriedMinor;
  const rest = (type: string, minor: number): Row[] =>
    minor === 0 ? [] : [{ 'Creation Date': adyenDate(batch.toMs), Type: type, ...netOf(-minor, batch.currency) }];
  return [...rest('MerchantPayout', batch.transferMinor), ...rest('Balancetransfer', leftMinor - batch.transferMinor)];
}

function netOf(minor: number, currency: string): Row {
  return {
    'Net Currency': currency,
    'Net Debit (NC)': minor < 0 ? majorText(-minor, currency) : '',
    'Net Credit (NC)': minor < 0 ? '' : majorText(minor, currency),
  };
}

/** The brand stands in the record; one that has left the books is a Visa card. */
function brandOf({ pspReference }: SettlementLine, { bank }: PspContext): string {
  const id = pspReference ?? '';
  const brand = (bank.findPayment(id) ?? bank.findPayout(id))?.details['brand'];
  return typeof brand === 'string' ? brand : 'visa';
}

function modificationReferenceOf({ modificationReference }: SettlementLine, { bank }: PspContext): string {
  return modificationReference === null ? '' : (bank.findRefund(modificationReference)?.reference ?? '');
}

/** `2026-01-05 09:00:00`, as the report writes it. */
function adyenDate(epochMs: number): string {
  return isoTime(epochMs).slice(0, 19).replace('T', ' ');
}
