/**
 * What is read when an event says that money moved and does not say how much, as the provider's
 * events do: the payment, its refunds or the payout itself.
 */
import assert from 'node:assert/strict';
import type { PspEvent } from '../../../reference-service/index.ts';
import { MONEY } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import { capturedPayment, paidPayout, refundedPayment } from '../states.ts';
import { bankMoney, get, payment } from './wire.ts';

export function writeNotifications(book: PactBook): void {
  const read = (needs: CallNeed[], event: object, types: string[]): void =>
    book.call(needs, async (adapter) => {
      const rawBody = Buffer.from(JSON.stringify({ event_id: 'event', ...event }));
      const [hint] = adapter.parseWebhook({ rawBody, headers: {} });
      assert.ok(hint?.askFirst === true, JSON.stringify(hint));
      const answer = await adapter.readEvents?.(hint);
      assert.ok(answer?.kind === 'events', JSON.stringify(answer));
      const told = answer.events.map(({ type, outcome, money }: PspEvent) => ({ type, outcome, money }));
      assert.deepEqual(
        told,
        types.map((type) => ({ type, outcome: 'succeeded', money: MONEY })),
      );
    });
  const paid = (reference: string, id: string, given: NonNullable<CallNeed['given']>): CallNeed => ({
    description: 'a payment that an event names',
    why: 'An event states no amount: the wallet is credited with what this answer says, and only once it is settled.',
    given,
    request: get(`/v3/payments/${id}`),
    response: { status: 200, body: payment('settled', id, reference, { ...bankMoney, settled_at: isoMoment }) },
  });

  const [reference, id] = ['att_open_banking_hint', 'contract-payment-hint'];
  read(
    [paid(reference, id, [capturedPayment({ reference, psp_reference: id })])],
    { type: 'payment_settled', payment_id: id, settled_at: '2026-01-05T09:00:00Z' },
    ['payment_settled'],
  );

  const [back, backId] = ['att_open_banking_hint_back', 'contract-payment-hint-back'];
  const given = [refundedPayment({ reference: back, psp_reference: backId })];
  const executed = { status: 'executed', executed_at: isoMoment, metadata: { reference: `${back}_refund` } };
  read(
    [
      paid(back, backId, given),
      {
        description: 'the refunds of a payment that an event names',
        why: 'The refund is booked with what this answer says, and its reference says which one it is.',
        given,
        request: get(`/v3/payments/${backId}/refunds`),
        response: { status: 200, body: { items: [{ id: anyId('contract-refund-hint'), ...bankMoney, ...executed }] } },
      },
    ],
    { type: 'refund_executed', payment_id: backId, refund_id: 'r', executed_at: '2026-01-05T09:00:00Z' },
    ['payment_settled', 'refund_executed'],
  );

  const [out, outId] = ['pot_open_banking_hint', 'contract-payout-hint'];
  read(
    [
      {
        description: 'a payout that an event names',
        why: 'The reserved money leaves the wallet on this answer, which says how much it was.',
        given: [paidPayout({ reference: out, psp_reference: outId })],
        request: get(`/v3/payouts/${outId}`),
        response: { status: 200, body: payment('executed', outId, out, { ...bankMoney, executed_at: isoMoment }) },
      },
    ],
    { type: 'payout_executed', payout_id: outId, executed_at: '2026-01-05T09:00:00Z' },
    ['payout_executed'],
  );
}
