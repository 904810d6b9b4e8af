/**
 * Reads beside the money: charges (derived from intents) and the account's events. Events are those that the PSP has sent, which is how a merchant recovers from lost webhooks.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import type { StoredEvent } from '../webhook.ts';
import { transactionsOf } from './balance-transactions.ts';
import { chargeObject, hasCharge } from './charge.ts';
import { chargeIdOf, intentDetails, intentIdOfCharge, intentsOf, isIntent } from './details.ts';
import { jsonAnswer, noSuch } from './errors.ts';
import { choice, expandIn, fieldsOf, refuseUnknown } from './fields.ts';
import { text, textList } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';

/** Stripe lists events of the last 30 days. */
const EVENT_LIFE_MS = 30 * 24 * 3_600_000;

const PLAIN_PARAMS = new Set(['expand']);
const LIST_CHARGE_PARAMS = new Set<string>([...LIST_PARAMS, 'payment_intent', 'customer', 'transfer_group']);
const LIST_EVENT_PARAMS = new Set<string>([...LIST_PARAMS, 'type', 'types', 'delivery_success']);

export function retrieveCharge(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, PLAIN_PARAMS);
  const id = call.params['id'] ?? '';
  const payment = call.psp.bank.findPayment(intentIdOfCharge(id));
  const found = payment !== undefined && isIntent(payment) && hasCharge(payment) && chargeIdOf(payment) === id;
  if (!found || !call.isVisible(payment, 0)) throw noSuch('charge', id, { param: 'charge', inPath: true });
  return jsonAnswer(200, shownCharge(payment, call, expandIn(fields)));
}

export function listCharges(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_CHARGE_PARAMS);
  const [intent, customer, group] = ['payment_intent', 'customer', 'transfer_group'].map((name) => text(fields, name));
  const expand = expandIn(fields);
  const payments = intentsOf(call.psp).filter(
    (payment) =>
      (intent === undefined || payment.pspReference === intent) &&
      (customer === undefined || intentDetails(payment).customer === customer) &&
      (group === undefined || intentDetails(payment).transferGroup === group) &&
      hasCharge(payment) &&
      call.isVisible(payment, 0),
  );
  const items = payments.map((payment) => ({
    id: chargeIdOf(payment),
    createdAtMs: payment.createdAtMs,
    render: () => shownCharge(payment, call, expand),
  }));
  return listAnswer(items, fields, { url: '/v1/charges', what: 'charge' });
}

/** The charge with its dispute, and with what `expand` asks for. */
function shownCharge(payment: PaymentRecord, call: Call, expand: ReadonlySet<string>): Record<string, unknown> {
  const charge = chargeObject(payment);
  const dispute = call.psp.bank.disputes({ paymentPspReference: payment.pspReference }).at(-1);
  const transaction = expand.has('balance_transaction')
    ? transactionsOf(call.psp, chargeIdOf(payment)).find(({ id }) => id === charge['balance_transaction'])
    : undefined;
  return {
    ...charge,
    dispute: dispute?.pspReference ?? null,
    ...(transaction === undefined ? {} : { balance_transaction: transaction }),
  };
}

export function retrieveEvent(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
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

function rendered(event: StoredEvent): unknown {
  return { ...(JSON.parse(event.body) as object), pending_webhooks: event.delivered ? 0 : 1 };
}
