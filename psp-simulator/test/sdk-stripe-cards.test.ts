/** Stored cards, SetupIntents and Checkout as the unmodified official Stripe SDK meets them, over TCP. */
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { openStage, type SdkStage } from './sdk-support.ts';
import { nextEvent, payWith, stripeClient } from './stripe-client.ts';

describe('the stripe SDK and stored cards', () => {
  let stage: SdkStage;
  let stripe: Stripe;

  before(async () => {
    stage = await openStage({ dialect: 'stripe', profile: { webhookEvents: ['*'] } });
    stripe = stripeClient(stage);
  });
  after(() => stage.close());

  const pay: ReturnType<typeof payWith> = (more, options) => payWith(stripe)(more, options);
  const idsOf = async (customer: string): Promise<string[]> => {
    const { data } = await stripe.customers.listPaymentMethods(customer);
    return data.map(({ id }) => id);
  };

  it('keeps a customer until it is deleted', async () => {
    const created = await stripe.customers.create({
      email: 'a@example.com',
      name: 'Ada',
      metadata: { player: '7', level: '1' },
    });
    const updated = await stripe.customers.update(created.id, { name: '', metadata: { level: '' } });
    assert.deepEqual([updated.name, updated.email, updated.metadata], [null, 'a@example.com', { player: '7' }]);
    const other = await stripe.customers.create({ email: 'b@example.com' });
    const listed = await stripe.customers.list({ email: 'b@example.com' });
    assert.deepEqual(
      listed.data.map(({ id }) => id),
      [other.id],
    );
    assert.equal((await stripe.customers.del(created.id)).deleted, true);
    await assert.rejects(stripe.customers.retrieve(created.id), { code: 'resource_missing' });
    assert.equal((await nextEvent(stage, { type: 'customer.deleted', id: created.id })).type, 'customer.deleted');
  });

  it('attaches a card, charges it while the cardholder is away, and detaches it', async () => {
    const customer = await stripe.customers.create();
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    assert.deepEqual([method.customer, method.card?.brand, method.card?.last4], [null, 'mastercard', '4444']);
    const attached = await stripe.paymentMethods.attach(method.id, { customer: customer.id });
    assert.equal(attached.customer, customer.id);
    assert.deepEqual(await idsOf(customer.id), [method.id]);

    const more = { payment_method: method.id, off_session: true };
    const intent = await pay({ ...more, customer: customer.id, expand: ['latest_charge'] });
    assert.equal(intent.status, 'succeeded');
    assert.equal(intent.payment_method, method.id);
    assert.equal((intent.latest_charge as Stripe.Charge).payment_method_details?.card?.three_d_secure, null);
    await assert.rejects(pay(more), /belongs to the Customer/);

    await stripe.paymentMethods.detach(method.id);
    assert.deepEqual(await idsOf(customer.id), []);
    await assert.rejects(pay({ ...more, customer: customer.id }), { code: 'resource_missing' });
  });

  it('lets a card without a customer be used once only', async () => {
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    await pay({ payment_method: method.id });
    await assert.rejects(pay({ payment_method: method.id }), /may not be used again/);
    const customer = await stripe.customers.create();
    await assert.rejects(stripe.paymentMethods.attach(method.id, { customer: customer.id }), /may not be used again/);
  });

  it('asks the issuer when a card is attached', async () => {
    const customer = await stripe.customers.create();
    await assert.rejects(
      stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }),
      Stripe.errors.StripeCardError,
    );
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
    await assert.rejects(pay({ customer: customer.id, payment_method: bad.id }), { code: 'card_declined' });
  });

  it('declines softly off session, and goes on with the cardholder', async () => {
    const soft = await pay({ payment_method: 'pm_card_authenticationRequired', off_session: true }).catch(
      (error: unknown) => error,
    );
    assert.ok(soft instanceof Stripe.errors.StripeCardError);
    assert.deepEqual([soft.code, soft.decline_code], ['authentication_required', 'authentication_required']);
    const id = soft.payment_intent?.id ?? '';
    const again = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_authenticationRequired' });
    assert.equal(again.status, 'requires_action');
    await stage.cardholder(again.next_action?.redirect_to_url?.url ?? '', 'approve');
    assert.equal((await stripe.paymentIntents.retrieve(id)).status, 'succeeded');
  });

  it('sets a card up with 3DS, which belongs to the customer only once that succeeded', async () => {
    const customer = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
      return_url: 'https://shop.example/set-up',
    });
    assert.equal(setup.status, 'requires_action');
    assert.deepEqual(await idsOf(customer.id), []);
    const back = await stage.cardholder(setup.next_action?.redirect_to_url?.url ?? '', 'approve');
    assert.equal(back?.searchParams.get('setup_intent'), setup.id);
    assert.equal(back?.searchParams.get('redirect_status'), 'succeeded');
    const after = await stripe.setupIntents.retrieve(setup.id);
    assert.equal(after.status, 'succeeded');
    assert.deepEqual(await idsOf(customer.id), [after.payment_method]);
    const event = await nextEvent(stage, { type: 'setup_intent.succeeded', id: setup.id });
    assert.equal((event.data.object as Stripe.SetupIntent).status, 'succeeded');

    const method = String(after.payment_method);
    const paid = await pay({ customer: customer.id, payment_method: method, off_session: true });
    assert.equal(paid.status, 'succeeded');
    const payments = await stripe.paymentIntents.list({ customer: customer.id });
    assert.deepEqual(
      payments.data.map(({ id }) => id),
      [paid.id],
      'a SetupIntent is no payment',
    );
    await assert.rejects(stripe.paymentIntents.retrieve(setup.id), { code: 'resource_missing' });
  });

  it('learns that a setup failed, and tries another card', async () => {
    const setup = await stripe.setupIntents.create({ allowed_payment_method_types: ['card'] });
    assert.equal(setup.status, 'requires_payment_method');
    await assert.rejects(
      stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa_chargeDeclined' }),
      (error) => {
        assert.ok(error instanceof Stripe.errors.StripeCardError);
        assert.equal(error.setup_intent?.status, 'requires_payment_method');
        return true;
      },
    );
    assert.equal((await stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa' })).status, 'succeeded');
    await assert.rejects(stripe.setupIntents.cancel(setup.id), { code: 'setup_intent_unexpected_state' });
  });

  it('stores the card of a payment for later', async () => {
    const customer = await stripe.customers.create();
    const intent = await pay({ customer: customer.id, setup_future_usage: 'off_session' });
    assert.deepEqual(await idsOf(customer.id), [intent.payment_method]);
  });

  const checkout = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example/done?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'https://shop.example/back',
      line_items: [
        { quantity: 2, price_data: { currency: 'eur', unit_amount: 1_250, product_data: { name: 'Chips' } } },
        { quantity: 1, price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'Fee' } } },
      ],
      payment_intent_data: { metadata: { reference: 'checkout-1' } },
      ...more,
    });

  it('pays on a Checkout page', async () => {
    const session = await checkout();
    assert.deepEqual([session.status, session.amount_total, session.payment_intent], ['open', 3_000, null]);
    const back = await stage.cardholder(session.url ?? '', 'approve');
    assert.equal(back?.toString(), `https://shop.example/done?session=${session.id}`);
    const after = await stripe.checkout.sessions.retrieve(session.id);
    assert.deepEqual([after.status, after.payment_status, after.url], ['complete', 'paid', null]);
    const intent = await stripe.paymentIntents.retrieve(String(after.payment_intent));
    assert.deepEqual([intent.status, intent.metadata['reference']], ['succeeded', 'checkout-1']);
    const event = await nextEvent(stage, { type: 'checkout.session.completed', id: session.id });
    assert.equal((event.data.object as Stripe.Checkout.Session).payment_intent, intent.id);
    const lines = await stripe.checkout.sessions.listLineItems(session.id);
    assert.deepEqual(
      lines.data.map(({ description, amount_total }) => [description, amount_total]),
      [
        ['Chips', 2_500],
        ['Fee', 500],
      ],
    );
  });

  it('expires a Checkout page that nobody used, by call and by time', async () => {
    const session = await checkout();
    assert.equal((await stripe.checkout.sessions.expire(session.id)).status, 'expired');
    await assert.rejects(stripe.checkout.sessions.expire(session.id), /can be expired/);
    const other = await checkout();
    await nextEvent(stage, { type: 'checkout.session.expired', id: other.id, advanceMs: 24 * 3_600_000 });
    assert.equal((await stripe.checkout.sessions.retrieve(other.id)).status, 'expired');
    const intents = await stripe.paymentIntents.list({ limit: 100 });
    for (const { id } of [session, other]) {
      const hidden = id.replace('cs_test_', 'pi_');
      assert.ok(!intents.data.some((intent) => intent.id === hidden), 'no intent of a page that nobody used');
    }
  });
});
