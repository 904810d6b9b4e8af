/**
 * Reads beside the money: charges (derived from intents), the account's events, the balance.
 * Events are those that the PSP has sent, which is how a merchant recovers from lost webhooks.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, StoredEvent } from '../dialect.ts';
import { chargeObject, hasCharge } from './charge.ts';
import { chargeIdOf, intentIdOfCharge } from './details.ts';
import { jsonAnswer, noSuch } from './errors.ts';
import { choice, fieldsOf, refuseUnknown } from './fields.ts';
import { text, textList } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { stripeFromMinor } from './money.ts';

/** Stripe lists events of the last 30 days. */
const EVENT_LIFE_MS = 30 * 24 * 3_600_000;

const LIST_CHARGE_PARAMS = new Set<string>([...LIST_PARAMS, 'payment_intent', 'customer', 'transfer_group']);
const LIST_EVENT_PARAMS = new Set<string>([...LIST_PARAMS, 'type', 'types', 'delivery_success']);

export function retrieveCharge(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  const payment = call.psp.bank.findPayment(intentIdOfCharge(id));
  const found = payment !== undefined && hasCharge(payment) && chargeIdOf(payment) === id && call.isVisible(payment, 0);
  if (!found) throw noSuch('charge', id, { param: 'charge', inPath: true });
  return jsonAnswer(200, chargeObject(payment));
}

export function listCharges(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_CHARGE_PARAMS);
  const intent = text(fields, 'payment_intent');
  const payments: PaymentRecord[] = call.psp.bank
    .payments()
    .filter(
      (payment) =>
        (intent === undefined || payment.pspReference === intent) && hasCharge(payment) && call.isVisible(payment, 0),
    );
  const items = payments.map((payment) => ({
    id: chargeIdOf(payment),
    createdAtMs: payment.createdAtMs,
    render: () => chargeObject(payment),
  }));
  return listAnswer(items, fields, { url: '/v1/charges', what: 'charge' });
}

export function retrieveEvent(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  const event = call.psp.events().find((candidate) => candidate.eventId === id);
  if (event === undefined) throw noSuch('event', id, { param: 'event', inPath: true });
  return jsonAnswer(200, rendered(event));
}

export function listEvents(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_EVENT_PARAMS);
  const type = text(fields, 'type');
  const types = textList(fields, 'types');
  const delivered =
    text(fields, 'delivery_success') === undefined
      ? undefined
      : choice(fields, ['delivery_success'], ['true', 'false'], 'true') === 'true';
  const oldestMs = call.psp.nowMs() - EVENT_LIFE_MS;
  const events = call.psp
    .events()
    .filter(
      (event) =>
        event.createdAtMs >= oldestMs &&
        (type === undefined ||
          event.type === type ||
          (type.endsWith('*') && event.type.startsWith(type.slice(0, -1)))) &&
        (types.length === 0 || types.includes(event.type)) &&
        (delivered === undefined || event.delivered === delivered),
    );
  const items = events.map((event) => ({
    id: event.eventId,
    createdAtMs: event.createdAtMs,
    render: () => rendered(event),
  }));
  return listAnswer(items, fields, { url: '/v1/events', what: 'event' });
}

/** Everything captured and not given back or paid out, per currency; Stripe's waiting time is not simulated. */
export function retrieveBalance(call: Call): PspAnswer {
  const byCurrency = new Map<string, number>();
  const add = (currency: string, minor: number): void => {
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + minor);
  };
  for (const payment of call.psp.bank.payments()) add(payment.currency, payment.capturedMinor - payment.refundedMinor);
  for (const payout of call.psp.bank.payouts())
    if (payout.state === 'pending' || payout.state === 'paid') add(payout.currency, -payout.amountMinor);
  const available = [...byCurrency].map(([currency, minor]) => {
    const amount = stripeFromMinor(minor, currency);
    return { amount, currency: currency.toLowerCase(), source_types: { card: amount } };
  });
  return jsonAnswer(200, {
    object: 'balance',
    available,
    livemode: false,
    pending: available.map((entry) => ({ ...entry, amount: 0, source_types: { card: 0 } })),
  });
}

function rendered(event: StoredEvent): unknown {
  return { ...(JSON.parse(event.body) as object), pending_webhooks: event.delivered ? 0 : 1 };
}
