/** What the service needs of Stripe to give money back and to pay it out. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { capture, keyOf, MONEY, PART_MINOR, PAYOUT_ID, payoutAttempt, PLAYER_ID, refund } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { CallNeed, PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  capturedPayment,
  openPayout,
  paidPayout,
  failedPayout,
  refundedPayment,
} from '../states.ts';
import { error, get, intent, post, stripeMoney } from './wire.ts';

const { boolean, eachLike, like, regex } = Matchers;

function refundCall(reference: string, pspReference: string): CallNeed['request'] {
  return post(
    '/v1/refunds',
    {
      payment_intent: pspReference,
      amount: String(stripeMoney.amount),
      'metadata[reference]': `${reference}_refund`,
      'metadata[attempt_id]': reference,
    },
    keyOf(reference),
  );
}

function payoutCall(reference: string, more: Record<string, string> = {}): CallNeed['request'] {
  return post(
    '/v1/payouts',
    {
      amount: String(stripeMoney.amount),
      currency: stripeMoney.currency,
      'metadata[reference]': reference,
      'metadata[payout_id]': PAYOUT_ID,
      'metadata[player_id]': PLAYER_ID,
      ...more,
    },
    keyOf(reference),
  );
}

export function writeMoneyOut(book: PactBook): void {
  book.call(
    {
      description: 'the capture of a part of what was authorized',
      why: 'What was captured is credited, which may be less than was authorized: the amount must be told.',
      given: [authorizedPayment({ reference: 'att_stripe_capture', psp_reference: 'pi_contractCapture' })],
      request: post(
        '/v1/payment_intents/pi_contractCapture/capture',
        { amount_to_capture: String(PART_MINOR) },
        keyOf('att_stripe_capture'),
      ),
      response: intent('pi_contractCapture', 'att_stripe_capture', {
        status: 'succeeded',
        amount_received: PART_MINOR,
        currency: stripeMoney.currency,
      }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.capturePayment(capture('att_stripe_capture', 'pi_contractCapture')), {
        kind: 'captured',
        money: { ...MONEY, amountMinor: PART_MINOR },
      }),
  );

  book.call(
    {
      description: 'a refund of a captured payment',
      why: 'The id ties refund events to this refund; the status tells whether the money has gone or the webhook must be awaited.',
      given: [capturedPayment({ reference: 'att_stripe_refund', psp_reference: 'pi_contractRefund' })],
      request: refundCall('att_stripe_refund', 'pi_contractRefund'),
      response: {
        status: 200,
        body: { id: anyId('re_contract'), status: regex(/^(succeeded|pending)$/, 'succeeded') },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.refundPayment(refund('att_stripe_refund', 'pi_contractRefund')), {
        kind: 'refunded',
        refundReference: 're_contract',
      }),
  );

  book.call(
    {
      description: 'a refund of money that went back already',
      why: 'Status 400 is a definite no, after which nobody waits for a refund.',
      given: [refundedPayment({ reference: 'att_stripe_again', psp_reference: 'pi_contractAgain' })],
      request: refundCall('att_stripe_again', 'pi_contractAgain'),
      response: error(400, { code: like('charge_already_refunded') }),
    },
    async (adapter) =>
      assert.equal((await adapter.refundPayment(refund('att_stripe_again', 'pi_contractAgain'))).kind, 'rejected'),
  );

  book.call(
    {
      description: 'a payout',
      why: 'The id is how the payout is asked for later; a status that is not final keeps the money reserved.',
      request: payoutCall('pot_stripe_pay'),
      response: {
        status: 200,
        body: {
          id: anyId('po_contract'),
          status: regex(/^(pending|in_transit)$/, 'pending'),
          metadata: { reference: 'pot_stripe_pay' },
        },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayout(payoutAttempt('pot_stripe_pay')), {
        kind: 'pending',
        pspReference: 'po_contract',
      }),
  );

  const payout = (id: string, reference: string, more: object): CallNeed['response'] => ({
    status: 200,
    body: { id: anyId(id), metadata: { reference }, ...more },
  });

  book.call(
    {
      description: 'what became of a payout',
      why: 'The reservation is posted on this answer, so it must say how much was paid.',
      given: [paidPayout({ reference: 'pot_stripe_paid', psp_reference: 'po_contractPaid' })],
      request: get('/v1/payouts/po_contractPaid'),
      response: payout('po_contractPaid', 'pot_stripe_paid', { status: 'paid', ...stripeMoney }),
    },
    async (adapter) =>
      assert.deepEqual(
        await adapter.queryPayout(payoutAttempt('pot_stripe_paid', { pspReference: 'po_contractPaid' })),
        {
          kind: 'paid',
          pspReference: 'po_contractPaid',
          money: MONEY,
        },
      ),
  );

  book.call(
    {
      description: 'what became of a payout',
      why: 'Only a stated failure gives the money back to the wallet.',
      given: [failedPayout({ reference: 'pot_stripe_failed', psp_reference: 'po_contractFailed' })],
      request: get('/v1/payouts/po_contractFailed'),
      response: payout('po_contractFailed', 'pot_stripe_failed', {
        status: 'failed',
        failure_code: like('account_closed'),
      }),
    },
    async (adapter) => {
      const report = await adapter.queryPayout(
        payoutAttempt('pot_stripe_failed', { pspReference: 'po_contractFailed' }),
      );
      assert.deepEqual(report, { kind: 'failed', pspReference: 'po_contractFailed', code: 'account_closed' });
    },
  );

  book.call(
    {
      description: 'the list of recent payouts',
      why: 'Payouts cannot be searched, so a lost answer is found here by our reference; `has_more` tells a short list from an absent payout.',
      given: [openPayout({ reference: 'pot_stripe_listed', psp_reference: 'po_contractListed' })],
      request: get('/v1/payouts', { limit: '100' }),
      response: {
        status: 200,
        body: {
          data: eachLike({
            id: anyId('po_contractListed'),
            status: like('pending'),
            metadata: { reference: like('pot_stripe_listed') },
          }),
          has_more: boolean(false),
        },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayout(payoutAttempt('pot_stripe_listed')), {
        kind: 'pending',
        pspReference: 'po_contractListed',
      }),
  );
}
