/**
 * Checkout.com's workflow events in neutral words. Called only with verified bytes. Types that
 * are not listed here are irrelevant, so that a new one never stops the inbox; an event that
 * says "money moved" must state how much, else it is malformed. No event says which environment
 * it comes from.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEvent } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';
import { statedMoney } from './reports.ts';

type Outcome = PspEvent['outcome'];
type Reading = Pick<PspEvent, 'subject' | 'outcome'>;

/** Events whose type says it all. */
const MEANINGS: Readonly<Record<string, Reading>> = {
  payment_pending: { subject: 'payment', outcome: 'pending' },
  payment_declined: { subject: 'payment', outcome: 'failed' },
  payment_authentication_failed: { subject: 'payment', outcome: 'failed' },
  payment_captured: { subject: 'payment', outcome: 'succeeded' },
  payment_capture_pending: { subject: 'payment', outcome: 'pending' },
  // The authorization is still there: the status query tells what is left of the payment.
  payment_capture_declined: { subject: 'payment', outcome: 'pending' },
  payment_canceled: { subject: 'payment', outcome: 'canceled' },
  payment_expired: { subject: 'payment', outcome: 'canceled' },
  payment_void_declined: { subject: 'payment', outcome: 'pending' },
  payment_refunded: { subject: 'refund', outcome: 'succeeded' },
  payment_refund_pending: { subject: 'refund', outcome: 'pending' },
  payment_refund_declined: { subject: 'refund', outcome: 'failed' },
  payment_paid: { subject: 'payout', outcome: 'succeeded' },
  payment_returned: { subject: 'payout', outcome: 'returned' },
  // The money is gone from the day on which the dispute is received.
  dispute_received: { subject: 'dispute', outcome: 'dispute_opened' },
  dispute_evidence_required: { subject: 'dispute', outcome: 'dispute_opened' },
  dispute_evidence_submitted: { subject: 'dispute', outcome: 'pending' },
  dispute_won: { subject: 'dispute', outcome: 'dispute_won' },
  dispute_canceled: { subject: 'dispute', outcome: 'dispute_won' },
  dispute_arbitration_won: { subject: 'dispute', outcome: 'dispute_won' },
  dispute_lost: { subject: 'dispute', outcome: 'dispute_lost' },
  dispute_expired: { subject: 'dispute', outcome: 'dispute_lost' },
  dispute_accepted: { subject: 'dispute', outcome: 'dispute_lost' },
  dispute_arbitration_lost: { subject: 'dispute', outcome: 'dispute_lost' },
};

const MONEY_MOVED: ReadonlySet<Outcome> = new Set(['succeeded', 'returned', 'dispute_opened']);

/** @throws MalformedWebhookError when the bytes are not an event of Checkout.com */
export function parseCheckoutWebhook(rawBody: Buffer): PspEvent[] {
  const event = parseObject(rawBody.toString('utf8'));
  const eventId = textOf(event, 'id');
  const type = textOf(event, 'type');
  const occurredAt = Date.parse(textOf(event, 'created_on') ?? '');
  const data = objectOf(event, 'data');
  if (eventId === null || type === null || Number.isNaN(occurredAt) || data === null)
    throw new MalformedWebhookError('a checkout event is a JSON object with id, type, created_on and data');
  const meaning = meaningOf(type, data);
  const money = statedMoney(data);
  if (money === null && MONEY_MOVED.has(meaning.outcome))
    throw new MalformedWebhookError(`${type} states no amount and currency`);
  return [
    { eventId, type, occurredAt, ...meaning, ...namesIn(data, meaning.subject), money, code: codeOf(data, meaning) },
  ];
}

function meaningOf(type: string, data: JsonObject): Reading {
  if (type === 'payment_approved') return { subject: 'payment', outcome: approvedOutcome(data) };
  if (type === 'payment_voided') return { subject: 'payment', outcome: voidedOutcome(data) };
  const meaning = MEANINGS[type] ?? { subject: 'payment', outcome: 'irrelevant' };
  return meaning.subject === 'payment' && isPayout(data) ? payoutMeaning(meaning) : meaning;
}

/** Our metadata tells whether the authorization is what was asked for, or a step on the way to the capture. */
function approvedOutcome(data: JsonObject): Outcome {
  return textOf(objectOf(data, 'metadata'), 'capture') === 'manual' ? 'authorized' : 'pending';
}

/** After a capture it is only the rest of the authorization that was released. */
function voidedOutcome(data: JsonObject): Outcome {
  const captured = integerOf(objectOf(data, 'balances'), 'total_captured');
  if (captured === null) return 'pending';
  return captured === 0 ? 'canceled' : 'irrelevant';
}

function isPayout(data: JsonObject): boolean {
  return objectOf(data, 'destination') !== null || textOf(objectOf(data, 'metadata'), 'payout_id') !== null;
}

function payoutMeaning({ outcome }: Reading): Reading {
  return { subject: 'payout', outcome: outcome === 'canceled' ? 'failed' : outcome };
}

function namesIn(data: JsonObject, subject: PspEvent['subject']) {
  const reference = textOf(data, 'reference');
  switch (subject) {
    case 'dispute':
      return {
        reference: textOf(data, 'payment_reference'),
        pspReference: textOf(data, 'payment_id'),
        partReference: textOf(data, 'id'),
      };
    case 'refund':
      return { reference, pspReference: textOf(data, 'id'), partReference: textOf(data, 'action_id') };
    default:
      return { reference, pspReference: textOf(data, 'id') ?? textOf(data, 'payment_id') };
  }
}

function codeOf(data: JsonObject, { subject, outcome }: Reading): string | null {
  if (subject === 'dispute') return textOf(data, 'reason_code');
  return outcome === 'failed' || outcome === 'returned' ? (textOf(data, 'response_code') ?? 'failed') : null;
}
