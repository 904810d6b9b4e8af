/**
 * The unmodified official Stripe SDK against the simulator, over TCP: what it sends is
 * understood, what it gets back it takes for Stripe's.
 */
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { openStage, type SdkStage } from './sdk-support.ts';
import { sdkSuite } from './sdk-suite.ts';
import { nextEvent, payWith, stripeClient } from './stripe-client.ts';

type CreateParams = Stripe.PaymentIntentCreateParams;

let stage: SdkStage;
let stripe: Stripe;

const open = async (): Promise<void> => {
  stage = await openStage({ dialect: 'stripe' });
  stripe = stripeClient(stage);
};
const pay: ReturnType<typeof payWith> = (more, options) => payWith(stripe)(more, options);
const eventOf = (type: string, id: string, advanceMs = 0): Promise<Stripe.Event> =>
  nextEvent(stage, { type, id, advanceMs });

sdkSuite({
  sdk: 'stripe',
  dialect: 'stripe',
  reached: 'host, port and protocol options of the constructor',
  open,
  close: () => stage.close(),
  capabilities: {
    pay: async () => {
      const intent = await pay({ metadata: { reference: 'order-1' }, expand: ['latest_charge'] });
      assert.equal(intent.status, 'succeeded');
      assert.equal(intent.amount_received, 1_000);
      assert.equal(intent.metadata['reference'], 'order-1');
      assert.match(intent.lastResponse.requestId, /^req_/);
      const charge = intent.latest_charge as Stripe.Charge;
      assert.equal(charge.object, 'charge');
      assert.equal(charge.payment_method_details?.card?.last4, '4242');

      const event = await eventOf('payment_intent.succeeded', intent.id);
      assert.equal(event.type, 'payment_intent.succeeded');
      const object = event.data.object as Stripe.PaymentIntent;
      assert.equal(object.id, intent.id);
      assert.equal(object.amount_received, 1_000);
      assert.deepEqual((await stripe.events.retrieve(event.id)).data.object, object);
    },
    '3DS approved': async () => {
      const intent = await pay({ payment_method: 'pm_card_threeDSecure2Required' });
      assert.equal(intent.status, 'requires_action');
      assert.equal(intent.next_action?.type, 'redirect_to_url');
      assert.equal(intent.latest_charge, null);

      const back = await stage.cardholder(intent.next_action?.redirect_to_url?.url ?? '', 'approve');
      assert.equal(back?.origin, 'https://shop.example');
      assert.equal(back?.searchParams.get('order'), '7');
      assert.equal(back?.searchParams.get('payment_intent'), intent.id);
      assert.equal(back?.searchParams.get('payment_intent_client_secret'), intent.client_secret);
      assert.equal(back?.searchParams.get('redirect_status'), 'succeeded');

      const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
      assert.equal(after.status, 'succeeded');
      const threeDs = (after.latest_charge as Stripe.Charge).payment_method_details?.card?.three_d_secure;
      assert.equal(threeDs?.authentication_flow, 'challenge');
      assert.equal(threeDs?.result, 'authenticated');
      await eventOf('payment_intent.succeeded', intent.id);
    },
    '3DS failed': async () => {
      const intent = await pay({ payment_method: 'pm_card_authenticationRequired' });
      const back = await stage.cardholder(intent.next_action?.redirect_to_url?.url ?? '', 'fail');
      assert.equal(back?.searchParams.get('redirect_status'), 'failed');
      const after = await stripe.paymentIntents.retrieve(intent.id);
      assert.equal(after.status, 'requires_payment_method');
      assert.equal(after.last_payment_error?.code, 'payment_intent_authentication_failure');
      assert.equal(after.latest_charge, null);
      const event = await eventOf('payment_intent.payment_failed', intent.id);
      assert.equal((event.data.object as Stripe.PaymentIntent).status, 'requires_payment_method');
    },
    decline: async () => {
      await assert.rejects(pay({ payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds' }), (error) => {
        assert.ok(error instanceof Stripe.errors.StripeCardError);
        assert.equal(error.statusCode, 402);
        assert.equal(error.code, 'card_declined');
        assert.equal(error.decline_code, 'insufficient_funds');
        assert.equal(error.payment_intent?.status, 'requires_payment_method');
        assert.equal(error.charge, error.payment_intent?.latest_charge);
        return true;
      });
    },
    capture: async () => {
      const intent = await pay({ capture_method: 'manual' });
      assert.equal(intent.status, 'requires_capture');
      assert.equal(intent.amount_capturable, 1_000);
      await eventOf('payment_intent.amount_capturable_updated', intent.id);
      const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 400 });
      assert.equal(captured.status, 'succeeded');
      assert.equal(captured.amount_received, 400);
      assert.equal(captured.amount_capturable, 0);
      await assert.rejects(stripe.paymentIntents.capture(intent.id), (error) => {
        assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
        assert.equal(error.code, 'payment_intent_unexpected_state');
        assert.equal(error.payment_intent?.status, 'succeeded');
        return true;
      });
    },
    'partial refund': async () => {
      const intent = await pay({});
      const first = await stripe.refunds.create({
        payment_intent: intent.id,
        amount: 300,
        metadata: { reference: 'refund-1' },
      });
      assert.equal(first.status, 'succeeded');
      assert.equal(first.charge, intent.latest_charge);
      await assert.rejects(
        stripe.refunds.create({ payment_intent: intent.id, amount: 701 }),
        /greater than unrefunded amount/,
      );
      const second = await stripe.refunds.create({ charge: String(intent.latest_charge) });
      assert.equal(second.amount, 700);
      await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), (error) => {
        assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
        assert.equal(error.code, 'charge_already_refunded');
        return true;
      });
      const listed = await stripe.refunds.list({ payment_intent: intent.id });
      assert.deepEqual(
        listed.data.map((refund) => refund.id),
        [second.id, first.id],
      );
      const event = await eventOf('charge.refunded', String(intent.latest_charge));
      assert.equal((event.data.object as Stripe.Charge).object, 'charge');
    },
    void: async () => {
      const intent = await pay({ capture_method: 'manual' });
      const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'requested_by_customer' });
      assert.equal(canceled.status, 'canceled');
      assert.equal(canceled.cancellation_reason, 'requested_by_customer');
      await eventOf('payment_intent.canceled', intent.id);
      const paid = await pay({});
      await assert.rejects(stripe.paymentIntents.cancel(paid.id), Stripe.errors.StripeInvalidRequestError);
    },
    payout: async () => {
      const good = await stripe.payouts.create({ amount: 500, currency: 'eur', metadata: { reference: 'payout-1' } });
      assert.equal(good.status, 'pending');
      assert.equal(((await eventOf('payout.paid', good.id)).data.object as Stripe.Payout).status, 'paid');
      const bad = await stripe.payouts.create({ amount: 500, currency: 'eur', metadata: { assay_outcome: 'fail' } });
      assert.equal(
        ((await eventOf('payout.failed', bad.id)).data.object as Stripe.Payout).failure_code,
        'account_closed',
      );
      assert.equal((await stripe.payouts.retrieve(bad.id)).status, 'failed');
      const failed = await stripe.payouts.list({ status: 'failed' });
      assert.deepEqual(
        failed.data.map((payout) => payout.id),
        [bad.id],
      );
    },
    retrieve: async () => {
      const intent = await pay({ metadata: { reference: 'order-2' } });
      const again = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge', 'payment_method'] });
      assert.deepEqual(
        [again.status, again.amount_received, again.metadata['reference']],
        ['succeeded', 1_000, 'order-2'],
      );
      assert.equal((again.payment_method as Stripe.PaymentMethod).card?.last4, '4242');
    },
    list: async () => {
      for (let index = 0; index < 5; index += 1) await pay({});
      const listed = await stripe.paymentIntents.list({ limit: 100 });
      const ids: string[] = [];
      for await (const intent of stripe.paymentIntents.list({ limit: 2 })) ids.push(intent.id);
      assert.ok(ids.length > 4);
      assert.deepEqual(
        ids,
        listed.data.map((intent) => intent.id),
      );
    },
    'idempotent retry': async () => {
      const options = { idempotencyKey: 'sdk-suite-key' };
      const first = await pay({ metadata: { reference: 'once' } }, options);
      const second = await pay({ metadata: { reference: 'once' } }, options);
      assert.equal(second.id, first.id);
      assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
    },
    'verify webhook': async () => {
      const intent = await pay({});
      const webhook = await stage.nextWebhook((body) => body.includes(intent.id));
      const signature = String(webhook.headers['stripe-signature']);
      const secret = stage.psp.credentials['webhookSecret'] ?? '';
      assert.throws(
        () => stripe.webhooks.constructEvent(webhook.body.replaceAll('1000', '9000'), signature, secret),
        Stripe.errors.StripeSignatureVerificationError,
      );
      assert.throws(
        () => stripe.webhooks.constructEvent(webhook.body, signature, 'whsec_other'),
        Stripe.errors.StripeSignatureVerificationError,
      );
    },
  },
});

describe('the stripe SDK', () => {
  before(open);
  after(() => stage.close());

  it('sees an abandoned challenge end when its time is over', async () => {
    const intent = await pay({ payment_method: 'pm_card_threeDSecure2Required' });
    assert.equal(await stage.cardholder(intent.next_action?.redirect_to_url?.url ?? '', 'abandon'), null);
    assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_action');
    await eventOf('payment_intent.payment_failed', intent.id, 15 * 60_000);
  });

  it('confirms a declined intent again with another card', async () => {
    const created = await pay({ confirm: false, payment_method: 'pm_card_visa_chargeDeclined' });
    assert.equal(created.status, 'requires_confirmation');
    await assert.rejects(stripe.paymentIntents.confirm(created.id), Stripe.errors.StripeCardError);
    const paid = await stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_mastercard' });
    assert.equal(paid.status, 'succeeded');
    assert.equal(
      (await stripe.charges.retrieve(String(paid.latest_charge))).payment_method_details?.card?.brand,
      'mastercard',
    );
  });

  it('finds a payment by reference once the search index has followed', async () => {
    const intent = await pay({ metadata: { reference: "it's 7" } });
    const query = "metadata['reference']:'it\\'s 7'";
    assert.deepEqual((await stripe.paymentIntents.search({ query })).data, []);
    await stage.clock.advance(5_000);
    const found = await stripe.paymentIntents.search({ query });
    assert.deepEqual(
      found.data.map((entry) => entry.id),
      [intent.id],
    );
    assert.equal(found.next_page, null);
  });

  it('is told what is wrong with a request', async () => {
    const refusals: readonly [Promise<unknown>, string, string | undefined][] = [
      [pay({ amount: 0 }), 'parameter_invalid_integer', 'amount'],
      [pay({ colour: 'red' } as unknown as Partial<CreateParams>), 'parameter_unknown', 'colour'],
      [stripe.paymentIntents.retrieve('pi_none'), 'resource_missing', 'intent'],
      [stripe.refunds.create({ payment_intent: 'pi_none' }), 'resource_missing', 'payment_intent'],
    ];
    for (const [call, code, param] of refusals) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError, String(error));
        assert.equal(error.code, code);
        assert.equal(error.param, param);
        return true;
      });
    }
    await assert.rejects(stripe.subscriptions.list(), /not simulated/);
    await assert.rejects(
      stripeClient(stage, 'sk_test_wrong_key_0000').balance.retrieve(),
      Stripe.errors.StripeAuthenticationError,
    );
  });
});
