/**
 * acme's webhook events in neutral words. Called only with verified bytes, and still reads
 * them with care: a final event whose amount cannot be read is malformed, because an event
 * without an amount could not be held against the attempt.
 */
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { PspEvent } from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { textOf } from '../fields.ts';
import { acmeMoney } from './status.ts';

const OUTCOMES: Readonly<Record<PspEvent['subject'], Readonly<Record<string, PspEvent['outcome']>>>> = {
  payment: {
    authorized: 'authorized',
    captured: 'succeeded',
    declined: 'failed',
    expired: 'failed',
    canceled: 'canceled',
    refunded: 'refunded',
  },
  payout: { paid: 'succeeded', failed: 'failed', canceled: 'failed', returned: 'returned' },
  refund: { succeeded: 'succeeded', failed: 'failed' },
  // What is reversed after it was lost is won as well: the money is back.
  dispute: { open: 'dispute_opened', won: 'dispute_won', lost: 'dispute_lost', reversed: 'dispute_won' },
};

/** @throws MalformedWebhookError when the bytes are not an acme event */
export function parseAcmeWebhook(rawBody: Buffer): PspEvent[] {
  const body = parseObject(rawBody.toString('utf8'));
  if (body === null) throw new MalformedWebhookError('the body is not a JSON object');
  const eventId = textOf(body, 'event_id');
  const status = textOf(body, 'status');
  const occurredAt = occurredAtOf(body);
  if (eventId === null || status === null || occurredAt === null) {
    throw new MalformedWebhookError('an acme event has event_id, status and timestamp');
  }
  const type = textOf(body, 'type') ?? 'unknown';
  const common = {
    eventId,
    pspReference: textOf(body, 'payment_id'),
    reference: textOf(body, 'reference'),
    type: `${type}.${status}`,
    occurredAt,
  };
  if (type !== 'payment' && type !== 'payout' && type !== 'refund' && type !== 'dispute') {
    return [{ ...common, subject: 'payment', outcome: 'irrelevant', money: null, code: null }];
  }
  // Where acme tells both, `amount` is what was asked for and `captured_amount` what was taken.
  const money = acmeMoney(body, status === 'captured' && 'captured_amount' in body ? 'captured_amount' : 'amount');
  if (money === null) throw new MalformedWebhookError('an acme event states its amount and currency');
  const reason = textOf(body, 'decline_code') ?? textOf(body, 'failure_code') ?? textOf(body, 'reason');
  const code = status === 'expired' ? status : reason;
  const partReference = textOf(body, 'refund_id') ?? textOf(body, 'dispute_id');
  const part = partReference === null ? {} : { partReference };
  return [{ ...common, ...part, subject: type, outcome: OUTCOMES[type][status] ?? 'pending', money, code }];
}

/** Null when it is no time. */
function occurredAtOf(body: JsonObject): number | null {
  const epochMs = Date.parse(textOf(body, 'timestamp') ?? '');
  return Number.isNaN(epochMs) ? null : epochMs;
}
