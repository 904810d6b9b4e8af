/**
 * The classic webhook says only `id=tr_…`, unsigned. There is nothing in it to be held against a
 * pact: what the service needs is that the payment which it names can be read, with all that
 * belongs to it.
 */
import assert from 'node:assert/strict';
import { MONEY } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import { capturedPayment, refundedPayment } from '../states.ts';
import { getPayment, mollieMoney, payment, taken } from './wire.ts';

export function writeNotifications(book: PactBook): void {
  for (const { word, given, why, shown, types } of [
    {
      word: 'Paid',
      given: capturedPayment,
      why: 'Anybody can write a notification: the wallet is credited on what this answer says, never on the notification.',
      shown: {},
      types: ['payment.paid'],
    },
    {
      word: 'Back',
      given: refundedPayment,
      why: 'One notification may be about the payment or anything inside it, so all that is final is read at once.',
      shown: {
        _embedded: {
          refunds: [
            {
              id: anyId('re_contractHint'),
              status: 'refunded',
              amount: mollieMoney,
              paymentId: anyId('tr_contractHintBack'),
              metadata: { reference: 'att_mollie_hint_back_refund' },
            },
          ],
        },
      },
      types: ['payment.paid', 'refund.refunded'],
    },
  ]) {
    const [reference, id] = [`att_mollie_hint_${word.toLowerCase()}`, `tr_contractHint${word}`];
    book.call(
      {
        description: 'a payment that a classic notification names',
        why,
        given: [given({ reference, psp_reference: id })],
        request: getPayment(id),
        response: {
          status: 200,
          body: payment('paid', id, reference, { ...taken, mode: 'test', paidAt: isoMoment, ...shown }),
        },
      },
      async (adapter) => {
        const [hint] = adapter.parseWebhook({ rawBody: Buffer.from(`id=${id}`), headers: {} });
        assert.ok(hint?.askFirst === true && hint.pspReference === id);
        const read = await adapter.readEvents?.(hint);
        assert.ok(read?.kind === 'events', JSON.stringify(read));
        assert.deepEqual(
          read.events.map(({ type, outcome, money }) => ({ type, outcome, money })),
          types.map((type) => ({ type, outcome: 'succeeded', money: MONEY })),
        );
      },
    );
  }
}
