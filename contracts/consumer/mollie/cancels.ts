/** What the service needs of Mollie to give a payment up, open or authorized. */
import assert from 'node:assert/strict';
import { attempt, EXAMPLE_URL } from '../examples.ts';
import { freshKey } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import { authorizedPayment, capturedPayment, waitingPayment } from '../states.ts';
import { Authorization, checkout, getPayment, payment, post, taken } from './wire.ts';

const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

export function writeCancels(book: PactBook): void {
  book.call(
    {
      description: 'a payment that is to be given up and was paid',
      why: 'A captured payment is refunded, never given up.',
      given: [capturedPayment({ reference: 'att_mollie_late', psp_reference: 'tr_contractLate' })],
      request: getPayment('tr_contractLate'),
      response: { status: 200, body: payment('paid', 'tr_contractLate', 'att_mollie_late', taken) },
    },
    async (adapter) =>
      assert.equal((await adapter.cancelPayment(known('att_mollie_late', 'tr_contractLate'))).kind, 'too_late'),
  );

  const [reference, id] = ['att_mollie_release', 'tr_contractRelease'];
  const given = [authorizedPayment({ reference, psp_reference: id })];
  const key = freshKey('11111111-1111-4111-8111-111111111111');
  const read = {
    description: 'an authorized payment that is given up',
    why: 'Only what is authorized can be released; and after the release the payment itself says whether it was.',
    given,
    request: getPayment(id),
    response: { status: 200, body: payment('authorized', id, reference, taken) },
  };
  book.call(
    [
      read,
      {
        description: 'the release of an authorization',
        why: 'A release is only accepted; a key of its own each time, for a stored refusal would be given again.',
        given,
        request: post(`/v2/payments/${id}/release-authorization`, key),
        response: { status: 202 },
      },
    ],
    async (adapter) => assert.deepEqual(await adapter.cancelPayment(known(reference, id)), { kind: 'received' }),
  );

  const [open, openId] = ['att_mollie_delete', 'tr_contractDelete'];
  const waiting = [waitingPayment({ reference: open, psp_reference: openId })];
  book.call(
    [
      {
        description: 'an open payment that is given up',
        why: 'Only what is open can be deleted; and after that the payment itself says whether it was.',
        given: waiting,
        request: getPayment(openId),
        response: { status: 200, body: payment('open', openId, open, checkout(EXAMPLE_URL)) },
      },
      {
        description: 'the end of an open payment',
        why: 'After this nobody can pay it any more, and the player may be led elsewhere.',
        given: waiting,
        request: { method: 'DELETE', path: `/v2/payments/${openId}`, headers: { Authorization } },
        response: { status: 200, body: payment('canceled', openId, open) },
      },
    ],
    async (adapter) => assert.deepEqual(await adapter.cancelPayment(known(open, openId)), { kind: 'received' }),
  );
}
