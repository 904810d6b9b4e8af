/**
 * Adyen's standard webhooks in neutral words, one event per notification item. Called only
 * with verified bytes; but Adyen signs no more than reference, account, amount, event code
 * and success, so nothing here decides by any other field: `reason` is text for people,
 * `eventDate` is only a date, and `live` can only make us believe less.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEnvironment, PspEvent } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { fromAdyenAmount } from './money.ts';

interface Meaning {
  subject: PspEvent['subject'];
  onSuccess: PspEvent['outcome'];
  onFailure: PspEvent['outcome'];
  /** The event's own pspReference names the modification; what it is about is `originalReference`. */
  modification?: true;
}

/** Event codes that mean anything to us; every other code is irrelevant. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  AUTHORISATION: { subject: 'payment', onSuccess: 'succeeded', onFailure: 'failed' },
  CAPTURE: { subject: 'payment', onSuccess: 'succeeded', onFailure: 'failed', modification: true },
  CAPTURE_FAILED: { subject: 'payment', onSuccess: 'failed', onFailure: 'pending', modification: true },
  CANCELLATION: { subject: 'payment', onSuccess: 'canceled', onFailure: 'pending', modification: true },
  TECHNICAL_CANCEL: { subject: 'payment', onSuccess: 'canceled', onFailure: 'pending', modification: true },
  EXPIRE: { subject: 'payment', onSuccess: 'failed', onFailure: 'pending', modification: true },
  OFFER_CLOSED: { subject: 'payment', onSuccess: 'failed', onFailure: 'pending' },
  REFUND: { subject: 'refund', onSuccess: 'succeeded', onFailure: 'failed', modification: true },
  REFUND_FAILED: { subject: 'refund', onSuccess: 'failed', onFailure: 'pending', modification: true },
  REFUNDED_REVERSED: { subject: 'refund', onSuccess: 'failed', onFailure: 'pending', modification: true },
  PAYOUT_THIRDPARTY: { subject: 'payout', onSuccess: 'succeeded', onFailure: 'failed' },
  PAYOUT_DECLINE: { subject: 'payout', onSuccess: 'failed', onFailure: 'pending' },
  PAYOUT_EXPIRE: { subject: 'payout', onSuccess: 'failed', onFailure: 'pending' },
  PAIDOUT_REVERSED: { subject: 'payout', onSuccess: 'returned', onFailure: 'pending', modification: true },
};

/**
 * @param options.merchantAccount events of another account are irrelevant: they are not about our money
 * @param options.environment of our account, as the adapter knows it
 * @param options.receivedAtMs stands in for an event date that cannot be read
 * @throws MalformedWebhookError when the bytes are not notification items
 */
export function parseAdyenWebhook(rawBody: Buffer, options: ReadOptions): PspEvent[] {
  const live = parseObject(rawBody.toString('utf8'))?.['live'];
  const said = live === undefined ? null : String(live) === 'true' ? 'live' : 'test';
  return readNotificationItems(rawBody).map((item) => readItem(item, said, options));
}

interface ReadOptions {
  merchantAccount: string;
  environment: PspEnvironment;
  receivedAtMs: number;
}

/** The items of a notification. @throws MalformedWebhookError */
export function readNotificationItems(rawBody: Buffer): JsonObject[] {
  const entries = objectsOf(parseObject(rawBody.toString('utf8')), 'notificationItems');
  if (entries === null || entries.length === 0) throw new MalformedWebhookError('the body has no notificationItems');
  return entries.map((entry) => {
    const item = objectOf(entry, 'NotificationRequestItem');
    if (item === null || objectOf(item, 'amount') === null) {
      throw new MalformedWebhookError('a notification item is a NotificationRequestItem with an amount');
    }
    return item;
  });
}

function readItem(item: JsonObject, said: PspEnvironment | null, options: ReadOptions): PspEvent {
  const eventCode = textOf(item, 'eventCode');
  const pspReference = textOf(item, 'pspReference');
  const success = successOf(item);
  if (eventCode === null || pspReference === null || success === null) {
    throw new MalformedWebhookError('a notification item has eventCode, pspReference and success');
  }
  const meaning = textOf(item, 'merchantAccountCode') === options.merchantAccount ? MEANINGS[eventCode] : undefined;
  const eventDate = Date.parse(textOf(item, 'eventDate') ?? '');
  // Adyen does not sign `live`: a copy with another one is another event, or it would push the true one aside.
  const elsewhere = said === null || said === options.environment ? '' : `:${said}`;
  const event: PspEvent = {
    eventId: `${eventCode}:${pspReference}:${success}${elsewhere}`,
    ...(said === null ? {} : { environment: said }),
    type: eventCode,
    occurredAt: Number.isNaN(eventDate) ? options.receivedAtMs : eventDate,
    subject: meaning?.subject ?? 'payment',
    outcome: meaning === undefined ? 'irrelevant' : success ? meaning.onSuccess : meaning.onFailure,
    reference: textOf(item, 'merchantReference'),
    pspReference: meaning?.modification === true ? textOf(item, 'originalReference') : pspReference,
    money: fromAdyenAmount(objectOf(item, 'amount')),
    code: success ? null : textOf(item, 'reason'),
  };
  if (event.outcome === 'succeeded' && event.money === null)
    throw new MalformedWebhookError(`${eventCode} states no amount and currency`);
  return event;
}

/** `success` is the text "true" or "false" on the wire, a boolean in some older accounts. */
function successOf(item: JsonObject): boolean | null {
  const success = String(item['success']);
  return success === 'true' ? true : success === 'false' ? false : null;
}
