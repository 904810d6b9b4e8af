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
  /** That own reference is also the id of the refund or dispute. */
  part?: true;
  /** A payment with manual capture is only authorized by it. */
  onlyIfAutomatic?: true;
  /** A reversal, by the API or in the Customer Area: which of the two it was Adyen says in a field that it does not sign. */
  cancelOrRefund?: true;
}

/** Event codes that mean anything to us; every other code is irrelevant. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  AUTHORISATION: { subject: 'payment', onSuccess: 'succeeded', onFailure: 'failed', onlyIfAutomatic: true },
  CAPTURE: { subject: 'payment', onSuccess: 'succeeded', onFailure: 'failed', modification: true },
  CAPTURE_FAILED: { subject: 'payment', onSuccess: 'failed', onFailure: 'pending', modification: true },
  CANCELLATION: { subject: 'payment', onSuccess: 'canceled', onFailure: 'pending', modification: true },
  TECHNICAL_CANCEL: { subject: 'payment', onSuccess: 'canceled', onFailure: 'pending', modification: true },
  // An authorization that nobody captured in time.
  EXPIRE: { subject: 'payment', onSuccess: 'canceled', onFailure: 'pending', modification: true },
  OFFER_CLOSED: { subject: 'payment', onSuccess: 'failed', onFailure: 'pending' },
  REFUND: { subject: 'refund', onSuccess: 'succeeded', onFailure: 'failed', modification: true, part: true },
  REFUND_FAILED: { subject: 'refund', onSuccess: 'failed', onFailure: 'pending', modification: true, part: true },
  // Its reference is its own; the refund is named by ours.
  REFUNDED_REVERSED: { subject: 'refund', onSuccess: 'failed', onFailure: 'pending', modification: true },
  CANCEL_OR_REFUND: {
    subject: 'refund',
    onSuccess: 'succeeded',
    onFailure: 'pending',
    modification: true,
    part: true,
    cancelOrRefund: true,
  },
  PAYOUT_THIRDPARTY: { subject: 'payout', onSuccess: 'succeeded', onFailure: 'failed' },
  PAYOUT_DECLINE: { subject: 'payout', onSuccess: 'failed', onFailure: 'pending' },
  PAYOUT_EXPIRE: { subject: 'payout', onSuccess: 'failed', onFailure: 'pending' },
  NOTIFICATION_OF_CHARGEBACK: dispute('pending'),
  CHARGEBACK: dispute('dispute_opened'),
  INFORMATION_SUPPLIED: dispute('pending'),
  CHARGEBACK_REVERSED: dispute('dispute_won'),
  ISSUER_RESPONSE_TIMEFRAME_EXPIRED: dispute('dispute_won'),
  PREARBITRATION_WON: dispute('dispute_won'),
  SECOND_CHARGEBACK: dispute('dispute_lost'),
  PREARBITRATION_LOST: dispute('dispute_lost'),
  DISPUTE_DEFENSE_PERIOD_ENDED: dispute('dispute_lost'),
  PAIDOUT_REVERSED: { subject: 'payout', onSuccess: 'returned', onFailure: 'pending', modification: true },
};

function dispute(onSuccess: PspEvent['outcome']): Meaning {
  return { subject: 'dispute', onSuccess, onFailure: 'pending', modification: true, part: true };
}

/**
 * A reversal that is `Pending` gives the money back only until the dispute is decided: the event
 * that decides it follows. Adyen does not sign this word; believed, it can only make us wait.
 */
function isProvisional(eventCode: string, item: JsonObject): boolean {
  return (
    eventCode === 'CHARGEBACK_REVERSED' &&
    textOf(objectOf(item, 'additionalData'), 'disputeStatus')?.toLowerCase() === 'pending'
  );
}

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
  const provisional = isProvisional(eventCode, item);
  const outcome = meaning === undefined ? 'irrelevant' : success ? meaning.onSuccess : meaning.onFailure;
  const event: PspEvent = {
    // Whatever is not signed and changes the meaning makes it another event, as `live` does.
    eventId: `${eventCode}:${pspReference}:${success}${provisional ? ':provisional' : ''}${elsewhere}`,
    ...(said === null ? {} : { environment: said }),
    type: eventCode,
    occurredAt: Number.isNaN(eventDate) ? options.receivedAtMs : eventDate,
    subject: meaning?.subject ?? 'payment',
    outcome: provisional && outcome === 'dispute_won' ? 'pending' : outcome,
    ...(outcome === 'succeeded' && meaning?.onlyIfAutomatic === true ? { onlyIfAutomatic: true } : {}),
    ...(meaning?.part === true ? { partReference: pspReference } : {}),
    ...(meaning?.cancelOrRefund === true ? { cancelOrRefund: true } : {}),
    reference: textOf(item, 'merchantReference'),
    pspReference: meaning?.modification === true ? textOf(item, 'originalReference') : pspReference,
    money: fromAdyenAmount(objectOf(item, 'amount')),
    code: success ? null : textOf(item, 'reason'),
  };
  if (MONEY_MOVED.has(event.outcome) && event.money === null)
    throw new MalformedWebhookError(`${eventCode} states no amount and currency`);
  return event;
}

const MONEY_MOVED: ReadonlySet<PspEvent['outcome']> = new Set(['succeeded', 'dispute_opened', 'dispute_won']);

/** `success` is the text "true" or "false" on the wire, a boolean in some older accounts. */
function successOf(item: JsonObject): boolean | null {
  const success = String(item['success']);
  return success === 'true' ? true : success === 'false' ? false : null;
}
