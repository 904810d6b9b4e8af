/**
 * PayPal's settlement: one STL report per day and currency. A line in another currency than the
 * settlement's is three rows, as on a PayPal account with several balances: the transaction, and
 * the two sides of its conversion. The transfer to the bank closes the report.
 */
import type { SettlementBatch, SettlementFile, SettlementLine } from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import { codeFrom } from './ids.ts';
import { stlFile, type StlBalance, type StlRow } from './stl-file.ts';
import { TERMS } from './terms.ts';
import { CONVERSION_CODE, transactionOf, WITHDRAWAL_CODE } from './transaction-codes.ts';

const DAY_MS = 86_400_000;

export const paypalSettlement: DialectSettlement = {
  terms: TERMS,
  files: (batch, psp): SettlementFile[] => [
    { name: fileName(batch, psp), contentType: 'text/csv; charset=utf-8', body: stlBody(batch, psp) },
  ],
};

function stlBody(batch: SettlementBatch, psp: PspContext): string {
  const rows = batch.lines.flatMap((line) => rowsOf(line, psp));
  if (batch.transferMinor > 0) rows.push(withdrawal(batch));
  return stlFile({
    accountId: psp.credentials['merchantId'] ?? '',
    generatedMs: batch.toMs,
    fromMs: batch.fromMs,
    toMs: batch.toMs,
    rows,
    balances: balancesOf(batch),
  });
}

function rowsOf(line: SettlementLine, psp: PspContext): StlRow[] {
  const { id, eventCode, referenceId, referenceType, invoiceId, customId } = transactionOf(line, psp);
  const { commission, interchange, scheme, markup } = line.fees;
  const common = {
    initiatedMs: line.atMs,
    completedMs: line.atMs,
    invoiceId: invoiceId ?? '',
    customField: customId ?? '',
  };
  const fee = { feeMinor: commission + interchange + scheme + markup, feeCurrency: line.settlementCurrency };
  const none = { feeMinor: 0, feeCurrency: line.settlementCurrency };
  const isConverted = line.currency !== line.settlementCurrency;
  const row: StlRow = {
    ...common,
    transactionId: id,
    referenceId: referenceId ?? '',
    referenceType: referenceType ?? '',
    eventCode,
    grossMinor: line.grossMinor,
    currency: line.currency,
    ...(isConverted ? none : fee),
  };
  if (!isConverted) return [row];
  const conversion = { ...common, referenceId: id, referenceType: 'TXN', eventCode: CONVERSION_CODE };
  return [
    row,
    {
      ...conversion,
      transactionId: codeFrom(`${line.id} from`, 17),
      grossMinor: -line.grossMinor,
      currency: line.currency,
      ...none,
    },
    {
      ...conversion,
      transactionId: codeFrom(`${line.id} to`, 17),
      grossMinor: line.convertedMinor,
      currency: line.settlementCurrency,
      ...fee,
    },
  ];
}

function withdrawal(batch: SettlementBatch): StlRow {
  return {
    transactionId: codeFrom(`transfer ${batch.id}`, 17),
    invoiceId: '',
    referenceId: '',
    referenceType: '',
    eventCode: WITHDRAWAL_CODE,
    initiatedMs: batch.toMs,
    completedMs: batch.toMs,
    grossMinor: -batch.transferMinor,
    currency: batch.currency,
    feeMinor: 0,
    feeCurrency: batch.currency,
    customField: batch.id,
  };
}

/** The settlement currency first; what came in another one was converted and leaves nothing. */
function balancesOf(batch: SettlementBatch): StlBalance[] {
  const others = new Set(batch.lines.map((line) => line.currency).filter((currency) => currency !== batch.currency));
  const endingMinor = batch.carriedMinor + batch.netMinor - batch.transferMinor;
  return [
    { currency: batch.currency, beginningMinor: batch.carriedMinor, endingMinor },
    ...[...others].sort().map((currency) => ({ currency, beginningMinor: 0, endingMinor: 0 })),
  ];
}

/** `STL-20261123.01.009.CSV`; reports of one day are numbered. */
function fileName(batch: SettlementBatch, psp: PspContext): string {
  const day = (one: SettlementBatch): number => Math.floor(one.toMs / DAY_MS);
  const sameDay = psp.settlementBatches().filter((other) => day(other) === day(batch));
  const position =
    Math.max(
      0,
      sameDay.findIndex(({ id }) => id === batch.id),
    ) + 1;
  const date = new Date(batch.toMs).toISOString().slice(0, 10).replaceAll('-', '');
  return `STL-${date}.${String(position).padStart(2, '0')}.009.CSV`;
}
