/** GET /payments, /payments/{id} (also by session id), its actions, and the events of /workflows. */
import type { PaymentRecord, PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { paymentActions } from './actions.ts';
import { isPayment } from './details.ts';
import { jsonAnswer, notFound } from './errors.ts';
import { paymentIdOfTwin } from './ids.ts';
import { pageOf } from './paging.ts';
import { payoutActions, payoutJson } from './payouts.ts';
import { paymentJson } from './wire.ts';

const PAGE = { usual: 10, most: 100 };

/** Payments and payouts, newest first; `reference` narrows it down. */
export function listPayments(call: Call): PspAnswer {
  const { psp, request } = call;
  const reference = request.query.get('reference');
  const filter = reference === null ? undefined : { reference };
  const lagMs = psp.profile.visibilityLagMs;
  const records = [...psp.bank.payments(filter).filter(isPayment), ...psp.bank.payouts(filter)]
    .filter((record) => call.isVisible(record, lagMs))
    .sort((left, right) => left.createdAtMs - right.createdAtMs)
    .reverse();
  const { page, ...head } = pageOf(records, request.query, PAGE);
  return jsonAnswer(200, { ...head, data: page.map((record) => anyJson(record, psp)) });
}

export function getPayment(call: Call): PspAnswer {
  return jsonAnswer(200, anyJson(recordIn(call), call.psp));
}

export function getActions(call: Call): PspAnswer {
  const record = recordIn(call);
  if (record.kind === 'payout') return jsonAnswer(200, payoutActions(record));
  const refunds = call.psp.bank.refunds({ paymentPspReference: record.pspReference });
  return jsonAnswer(200, paymentActions(record, refunds));
}

/** One event as it was sent. */
export function getEvent(call: Call): PspAnswer {
  const event = call.psp.events().find(({ eventId }) => eventId === call.params['id']);
  if (event === undefined) throw notFound('event');
  return jsonAnswer(200, JSON.parse(event.body));
}

/** All events about one payment or dispute. */
export function getSubjectEvents(call: Call): PspAnswer {
  const about = call.params['id'] ?? '';
  const data = call.psp
    .events()
    .map(({ body }) => JSON.parse(body) as { id: string; type: string; created_on: string; data: { id?: string } })
    .filter((event) => event.data.id === about)
    .map((event) => ({
      id: event.id,
      type: event.type,
      timestamp: event.created_on,
      _links: { self: { href: `${call.psp.url}/workflows/events/${event.id}` } },
    }));
  return jsonAnswer(200, { data });
}

function anyJson(record: PaymentRecord | PayoutRecord, psp: PspContext): Record<string, unknown> {
  return record.kind === 'payout' ? payoutJson(record, psp) : paymentJson(record, psp);
}

function recordIn(call: Call): PaymentRecord | PayoutRecord {
  const record = findRecord(call);
  if (record === undefined || !call.isVisible(record, 0)) throw notFound('payment');
  return record;
}

/** By `pay_…` or by the session's `sid_…`, as the browser brings it back. */
export function findRecord({ psp, params }: Pick<Call, 'psp' | 'params'>): PaymentRecord | PayoutRecord | undefined {
  const given = params['id'] ?? '';
  const id = paymentIdOfTwin('sid', given) ?? given;
  const payment = psp.bank.findPayment(id);
  if (payment !== undefined) return isPayment(payment) ? payment : undefined;
  return psp.bank.findPayout(id);
}
