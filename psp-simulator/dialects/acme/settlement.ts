/**
 * acme's settlement file: one CSV per batch. A row per line of the batch, then what was carried
 * over from an earlier negative batch, then the transfer. In major units; money that comes to
 * the merchant is positive, fees are positive and already taken off `net_amount`.
 */
import { stringify } from 'csv-stringify/sync';
import { isoTime } from '../../../kernel/index.ts';
import type { SettlementEvent } from '../../../openapi/generated/psp-acme.ts';
import type { SettlementBatch, SettlementFile, SettlementLine, SettlementTerms } from '../../settlement/settlement.ts';
import { NO_FEES } from '../../settlement/settlement.ts';
import type { DialectSettlement } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { toMajor } from './money.ts';
import { isSubscribed } from './subscription.ts';

const DAY_MS = 86_400_000;

/** acme's price list: no PSP's own, but of the usual size. */
const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: DAY_MS,
  payment: {
    commissionBasisPoints: 60,
    interchangeBasisPoints: 20,
    schemeBasisPoints: 10,
    markupBasisPoints: 10,
    fixedMinor: 10,
  },
  refund: { ...NO_FEES, fixedMinor: 10 },
  payout: { ...NO_FEES, fixedMinor: 25 },
  disputeFeeMinor: 1_500,
  disputeFeeReturned: true,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

const COLUMNS = [
  'settlement_id',
  'line_id',
  'type',
  'psp_reference',
  'modification_id',
  'reference',
  'method',
  'occurred_at',
  'gross_amount',
  'currency',
  'exchange_rate',
  'settlement_amount',
  'settlement_currency',
  'commission',
  'interchange',
  'scheme_fee',
  'markup',
  'net_amount',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

export const acmeSettlement: DialectSettlement = {
  terms: TERMS,
  files: (batch) => [settlementFile(batch)],
  webhooksFor: (batch, context) => (isSubscribed(context.psp, 'settlement.ready') ? [readyEvent(batch, context)] : []),
};

export function settlementFile(batch: SettlementBatch): SettlementFile {
  const closing: Row = {
    settlement_id: batch.id,
    occurred_at: isoTime(batch.toMs),
    settlement_currency: batch.currency,
  };
  const rows: Row[] = [
    ...batch.lines.map((line) => row(batch, line)),
    { ...closing, type: 'carried', net_amount: toMajor(batch.carriedMinor, batch.currency) },
    { ...closing, type: 'transfer', net_amount: toMajor(batch.transferMinor, batch.currency) },
  ];
  return {
    name: `acme-settlement-${batch.id}.csv`,
    contentType: 'text/csv; charset=utf-8',
    body: stringify(rows, { header: true, columns: [...COLUMNS] }),
  };
}

function row(batch: SettlementBatch, line: SettlementLine): Row {
  const { settlementCurrency: currency, fees } = line;
  return {
    settlement_id: batch.id,
    line_id: line.id,
    type: line.type,
    psp_reference: line.pspReference ?? '',
    modification_id: line.modificationReference ?? '',
    reference: line.reference ?? '',
    method: line.method,
    occurred_at: isoTime(line.atMs),
    gross_amount: toMajor(line.grossMinor, line.currency),
    currency: line.currency,
    exchange_rate: line.exchangeRate,
    settlement_amount: toMajor(line.convertedMinor, currency),
    settlement_currency: currency,
    commission: toMajor(fees.commission, currency),
    interchange: toMajor(fees.interchange, currency),
    scheme_fee: toMajor(fees.scheme, currency),
    markup: toMajor(fees.markup, currency),
    net_amount: toMajor(line.netMinor, currency),
  };
}

function readyEvent(batch: SettlementBatch, context: WebhookContext): WebhookDraft {
  const eventId = context.newId('aevt');
  const body: SettlementEvent = {
    event_id: eventId,
    settlement_id: batch.id,
    type: 'settlement',
    status: 'ready',
    amount: toMajor(batch.transferMinor, batch.currency),
    currency: batch.currency,
    timestamp: isoTime(context.atMs),
  };
  return {
    eventId,
    type: 'settlement.ready',
    body: JSON.stringify(body),
    claim: {
      kind: 'settlement',
      state: 'ready',
      reference: null,
      pspReference: batch.id,
      amountMinor: batch.transferMinor,
      currency: batch.currency,
    },
  };
}
