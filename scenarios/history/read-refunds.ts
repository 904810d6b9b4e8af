/** Refunds that the platform asked for, out of the probes of the target's API. */
import { minorUnits } from './money.ts';
import { markOf, valueOf } from './read-messages.ts';
import type { RefundRecord } from './records.ts';
import type { RefundProbe } from './movement-vocabulary.ts';
import type { HistoryEvent } from './vocabulary.ts';

export function readRefunds(events: readonly HistoryEvent[]): Map<string, RefundRecord> {
  const refunds = new Map<string, RefundRecord>();
  for (const event of events) {
    if (event.type !== 'obs' || event.proc !== 'probe' || event.f !== 'refund') continue;
    const value = valueOf<RefundProbe>(event);
    const record = refunds.get(value.refund_id) ?? {
      id: value.refund_id,
      paymentId: value.payment_id,
      amountMinor: minorUnits(value.amount, value.currency),
      currency: value.currency,
      observations: [],
    };
    const seen = { ...markOf(event), askedT: value.asked_t ?? event.t, status: value.status };
    record.observations.push(seen);
    if (value.phase === 'final') record.final = seen;
    refunds.set(record.id, record);
  }
  return refunds;
}
