/** What the service needs of Stripe to take a payment, to learn what became of it, and to end it. */
import assert from 'node:assert/strict';
import { Matchers } from '@pact-foundation/pact';
import { attempt, EXAMPLE_URL, MONEY, RETURN_URL } from '../examples.ts';
import { anyId, freshKey, url } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import { canceledPayment, capturedPayment, challengeFailed, refundedPayment, waitingPayment } from '../states.ts';
import { createPaymentCall, error, get, intent, post, taken } from './wire.ts';

const { like } = Matchers;
const redirect = { status: 'requires_action', next_action: { redirect_to_url: { url: url(EXAMPLE_URL) } } };
const expanded = { 'expand[0]': 'latest_charge' };
const by = { returnUrl: RETURN_URL };

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'a card payment that is captured at once',
      why: 'Only a stated amount and currency can be held against what was asked for; the reference proves that the answer is about our attempt.',
      request: createPaymentCall('att_stripe_pay'),
      response: intent('pi_contractPay', 'att_stripe_pay', { ...taken, latest_charge: { refunded: false } }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_stripe_pay'), by), {
        kind: 'approved',
        pspReference: 'pi_contractPay',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment that needs the cardholder',
      why: 'The player can only be sent to a URL; without it the payment would wait until it expires.',
      request: createPaymentCall('att_stripe_3ds', 'pm_card_threeDSecure2Required'),
      response: intent('pi_contract3ds', 'att_stripe_3ds', redirect),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_stripe_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: 'pi_contract3ds',
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, token, method, code } of [
    {
      what: 'that the issuer declines',
      token: 'card_declined',
      method: 'pm_card_visa_chargeDeclined',
      code: 'generic_decline',
    },
    {
      what: 'without enough money behind it',
      token: 'card_insufficient_funds',
      method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
      code: 'insufficient_funds',
    },
  ]) {
    const reference = `att_stripe_${token}`;
    book.call(
      {
        description: `a card payment ${what}`,
        why: 'Status 402 is the final no. The decline code decides whether another provider may be tried, the id ties later events to this attempt.',
        request: createPaymentCall(reference, method),
        response: error(402, {
          type: 'card_error',
          code: 'card_declined',
          decline_code: code,
          payment_intent: { id: anyId('pi_contractNo') },
        }),
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token }), by), {
          kind: 'declined',
          pspReference: 'pi_contractNo',
          code,
          declineClass: 'issuer',
        }),
    );
  }

  const known = (reference: string, pspReference: string) => attempt(reference, { pspReference });

  book.call(
    {
      description: 'what became of a payment, by its id',
      why: 'A payment without a webhook is credited on this answer, so it must say how much was really taken.',
      given: [capturedPayment({ reference: 'att_stripe_get', psp_reference: 'pi_contractGet' })],
      request: get('/v1/payment_intents/pi_contractGet', expanded),
      response: intent('pi_contractGet', 'att_stripe_get', { ...taken, latest_charge: { refunded: false } }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_stripe_get', 'pi_contractGet')), {
        kind: 'approved',
        pspReference: 'pi_contractGet',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'what became of a payment, by its id',
      why: 'A payment that waits must not be taken for one that failed.',
      given: [waitingPayment({ reference: 'att_stripe_get_open', psp_reference: 'pi_contractGetOpen' })],
      request: get('/v1/payment_intents/pi_contractGetOpen', expanded),
      response: intent('pi_contractGetOpen', 'att_stripe_get_open', redirect),
    },
    async (adapter) =>
      assert.equal(
        (await adapter.queryPayment(known('att_stripe_get_open', 'pi_contractGetOpen'))).kind,
        'requires_action',
      ),
  );

  book.call(
    {
      description: 'what became of a payment, by its id',
      why: 'Stripe has no failed payment: only the last error tells a failed challenge from a payment that nobody has tried yet.',
      given: [challengeFailed({ reference: 'att_stripe_get_failed', psp_reference: 'pi_contractGetFailed' })],
      request: get('/v1/payment_intents/pi_contractGetFailed', expanded),
      response: intent('pi_contractGetFailed', 'att_stripe_get_failed', {
        status: 'requires_payment_method',
        last_payment_error: { code: 'payment_intent_authentication_failure' },
      }),
    },
    async (adapter) => {
      const report = await adapter.queryPayment(known('att_stripe_get_failed', 'pi_contractGetFailed'));
      assert.ok(
        report.kind === 'declined' && report.code === 'payment_intent_authentication_failure',
        JSON.stringify(report),
      );
    },
  );

  book.call(
    {
      description: 'what became of a payment, by its id',
      why: 'A canceled payment may be tried elsewhere.',
      given: [canceledPayment({ reference: 'att_stripe_get_canceled', psp_reference: 'pi_contractGetCanceled' })],
      request: get('/v1/payment_intents/pi_contractGetCanceled', expanded),
      response: intent('pi_contractGetCanceled', 'att_stripe_get_canceled', { status: 'canceled' }),
    },
    async (adapter) =>
      assert.equal(
        (await adapter.queryPayment(known('att_stripe_get_canceled', 'pi_contractGetCanceled'))).kind,
        'canceled',
      ),
  );

  book.call(
    {
      description: 'what became of a payment, by its id',
      why: 'The payment itself still says `succeeded`; only its charge tells that the money went back, and it must not be credited.',
      given: [refundedPayment({ reference: 'att_stripe_get_refunded', psp_reference: 'pi_contractGetRefunded' })],
      request: get('/v1/payment_intents/pi_contractGetRefunded', expanded),
      response: intent('pi_contractGetRefunded', 'att_stripe_get_refunded', {
        status: 'succeeded',
        latest_charge: { refunded: true },
      }),
    },
    async (adapter) =>
      assert.equal(
        (await adapter.queryPayment(known('att_stripe_get_refunded', 'pi_contractGetRefunded'))).kind,
        'refunded',
      ),
  );

  book.call(
    {
      description: 'what became of a payment that Stripe does not know',
      why: 'Only this code means absence; any other error leaves the payment in doubt.',
      request: get('/v1/payment_intents/pi_contractNowhere', expanded),
      response: error(404, { code: 'resource_missing' }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(known('att_stripe_nowhere', 'pi_contractNowhere')), {
        kind: 'not_found',
      }),
  );

  book.call(
    [
      {
        description: 'a search for a payment by our reference',
        why: 'After a lost answer our reference is all that we have; the search names the payment, whose state is then read from itself.',
        given: [capturedPayment({ reference: 'att_stripe_search', psp_reference: 'pi_contractSearch' })],
        request: get('/v1/payment_intents/search', { query: "metadata['reference']:'att_stripe_search'", limit: '10' }),
        response: { status: 200, body: { data: [{ id: anyId('pi_contractSearch') }] } },
      },
      {
        description: 'the payment that a search has found',
        why: 'The search index lags behind, so the state that money depends on is read here.',
        given: [capturedPayment({ reference: 'att_stripe_search', psp_reference: 'pi_contractSearch' })],
        request: get('/v1/payment_intents/pi_contractSearch', expanded),
        response: intent('pi_contractSearch', 'att_stripe_search', taken),
      },
    ],
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_stripe_search')), {
        kind: 'approved',
        pspReference: 'pi_contractSearch',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a search that finds nothing',
      why: 'An empty list is the first half of the proof that a payment was never made.',
      request: get('/v1/payment_intents/search', {
        query: "metadata['reference']:'att_stripe_never_sent'",
        limit: '10',
      }),
      response: { status: 200, body: { data: [] } },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.queryPayment(attempt('att_stripe_never_sent')), { kind: 'not_found' }),
  );

  book.call(
    {
      description: 'a cancel of a payment that was not captured',
      why: 'Only a stated `canceled` lets the service give the payment up.',
      given: [waitingPayment({ reference: 'att_stripe_cancel', psp_reference: 'pi_contractCancel' })],
      request: post(
        '/v1/payment_intents/pi_contractCancel/cancel',
        {},
        freshKey('11111111-1111-4111-8111-111111111111'),
      ),
      response: intent('pi_contractCancel', 'att_stripe_cancel', { status: 'canceled' }),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.cancelPayment(known('att_stripe_cancel', 'pi_contractCancel')), {
        kind: 'canceled',
      }),
  );

  book.call(
    {
      description: 'a cancel that comes too late',
      why: 'The error carries the payment: `succeeded` tells that there is money to credit or to refund, not a payment to forget.',
      given: [capturedPayment({ reference: 'att_stripe_late', psp_reference: 'pi_contractLate' })],
      request: post('/v1/payment_intents/pi_contractLate/cancel', {}, freshKey('22222222-2222-4222-8222-222222222222')),
      response: error(400, { code: like('payment_intent_unexpected_state'), payment_intent: { status: 'succeeded' } }),
    },
    async (adapter) =>
      assert.equal((await adapter.cancelPayment(known('att_stripe_late', 'pi_contractLate'))).kind, 'too_late'),
  );
}
