/** How settlement looks in the control API. */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import type { Psp } from '../engine/psp.ts';
import type { SettlementBatch, SettlementLine } from '../settlement/settlement.ts';

/** One row of the list: the batch as told, whether that is the truth, and the names of its files. */
export function settlementView(
  psp: Psp,
  { told, truth }: { told: SettlementBatch; truth: SettlementBatch },
): Api.Settlement {
  return {
    psp: psp.name,
    ...summaryOf(told),
    truthful: JSON.stringify(told) === JSON.stringify(truth),
    files: psp.settlement.files(told).map(({ name, contentType, body }) => ({
      name,
      content_type: contentType,
      bytes: Buffer.byteLength(body),
    })),
  };
}

export function batchView(batch: SettlementBatch): Api.SettlementBatch {
  return { ...summaryOf(batch), items: batch.lines.map(lineView) };
}

export function lineView(line: SettlementLine): Api.SettlementLine {
  return {
    id: line.id,
    type: line.type,
    psp_reference: line.pspReference,
    modification_reference: line.modificationReference,
    reference: line.reference,
    method: line.method,
    at: isoTime(line.atMs),
    available_at: isoTime(line.availableAtMs),
    gross_minor: line.grossMinor,
    currency: line.currency,
    converted_minor: line.convertedMinor,
    settlement_currency: line.settlementCurrency,
    exchange_rate: line.exchangeRate,
    fees: { ...line.fees },
    net_minor: line.netMinor,
  };
}

function summaryOf(batch: SettlementBatch): Omit<Api.SettlementBatch, 'items'> {
  return {
    batch: batch.id,
    number: batch.number,
    currency: batch.currency,
    from: isoTime(batch.fromMs),
    to: isoTime(batch.toMs),
    lines: batch.lines.length,
    net_minor: batch.netMinor,
    carried_minor: batch.carriedMinor,
    transfer_minor: batch.transferMinor,
  };
}
