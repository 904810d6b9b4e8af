/** `/v2/settlements`: closed ones, the open and the next one, and what is in each. */
import type { SettlementBatch, SettlementLineType } from '../../settlement/settlement.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { halAnswer, noSuch } from './errors.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';
import { findBatch, settlementId } from './settlement-ids.ts';
import { openSettlementObject, settlementObject } from './settlement-report.ts';
import { captureObject, chargebackObject, refundObject } from './wire.ts';
import { paymentObject } from './wire-payment.ts';

/** The currency of the primary balance, which `open` and `next` are about. */
const PRIMARY = 'EUR';

export function listSettlements(call: Call): PspAnswer {
  const currency = call.request.query.get('currencies');
  const items = call.psp
    .settlementBatches()
    .filter((batch) => currency === null || currency.split(',').includes(batch.currency))
    .map((batch) => ({ id: settlementId(batch), render: (place: Place) => settlementObject(batch, place) }));
  return listAnswer(call, items, { name: 'settlements', page: 'list-settlements' });
}

export function getSettlement(call: Call): PspAnswer {
  return halAnswer(200, settlementObject(batchOf(call), placeOf(call)));
}

/** Everything that no settlement has yet. */
export function getOpenSettlement(call: Call): PspAnswer {
  const place = placeOf(call);
  return halAnswer(200, openSettlementObject('open', call.psp.unsettledLines(), { place, currency: PRIMARY }));
}

/** Of that, what may be settled by now. */
export function getNextSettlement(call: Call): PspAnswer {
  const nowMs = call.psp.nowMs();
  const lines = call.psp.unsettledLines().filter((line) => line.availableAtMs <= nowMs);
  return halAnswer(200, openSettlementObject('next', lines, { place: placeOf(call), currency: PRIMARY }));
}

export function listSettlementPayments(call: Call): PspAnswer {
  return parts(call, 'payments', ['payment'], ({ payment: id }, settlement) => {
    const record = call.psp.bank.findPayment(id ?? '');
    if (record === undefined || record.captureMode === 'manual') return undefined;
    return { id: record.pspReference, render: (place) => paymentObject(record, place, { settlementId: settlement }) };
  });
}

export function listSettlementCaptures(call: Call): PspAnswer {
  return parts(call, 'captures', ['payment'], ({ payment: id, part }, settlement) => {
    const record = call.psp.bank.findPayment(id ?? '');
    const capture = record?.captures.find((known) => known.id === part);
    if (record === undefined || capture === undefined || record.captureMode === 'automatic') return undefined;
    return {
      id: capture.id,
      render: (place) => ({ ...captureObject(capture, record, place), settlementId: settlement }),
    };
  });
}

export function listSettlementRefunds(call: Call): PspAnswer {
  return parts(call, 'refunds', ['refund', 'refund-failed'], ({ part }, settlement) => {
    const record = call.psp.bank.findRefund(part ?? '');
    if (record === undefined) return undefined;
    return {
      id: record.pspReference,
      render: (place) => ({ ...refundObject(record, place), settlementId: settlement }),
    };
  });
}

export function listSettlementChargebacks(call: Call): PspAnswer {
  return parts(call, 'chargebacks', ['chargeback', 'chargeback-reversed'], ({ part }, settlement) => {
    const record = call.psp.bank.findDispute(part ?? '');
    if (record === undefined) return undefined;
    return {
      id: record.pspReference,
      render: (place) => ({ ...chargebackObject(record, place), settlementId: settlement }),
    };
  });
}

/** The things behind a settlement's lines; those that the books no longer have are left out. */
function parts(
  call: Call,
  name: string,
  types: readonly SettlementLineType[],
  itemOf: (ids: { payment: string | null; part: string | null }, settlement: string) => ListItem | undefined,
): PspAnswer {
  const batch = batchOf(call);
  const items = new Map<string, ListItem>();
  for (const line of batch.lines) {
    if (!types.includes(line.type)) continue;
    const item = itemOf({ payment: line.pspReference, part: line.modificationReference }, settlementId(batch));
    if (item !== undefined) items.set(item.id, item);
  }
  return listAnswer(call, [...items.values()], { name, page: `list-settlement-${name}` });
}

function batchOf(call: Call): SettlementBatch {
  const id = call.params['id'] ?? '';
  const batch = findBatch(call.psp, id);
  if (batch === undefined) throw noSuch('settlement', id);
  return batch;
}
