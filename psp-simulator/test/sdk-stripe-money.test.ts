/** Several captures, disputes, late refunds, payouts and settlement as the unmodified official Stripe SDK meets them. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import Stripe from 'stripe';
import { openStage, type SdkStage } from './sdk-support.ts';
import { nextEvent, payWith, stripeClient } from './stripe-client.ts';

const DAY_MS = 24 * 3_600_000;
const AFTER_A_DAY = { kind: 'fixed', ms: DAY_MS } as const;

describe('the stripe SDK and what becomes of money', () => {
  let stage: SdkStage;
  let stripe: Stripe;

  beforeEach(async () => {
    stage = await openStage({
      dialect: 'stripe',
      profile: {
        webhookEvents: ['*'],
        disputeDelay: AFTER_A_DAY,
        disputeDecision: AFTER_A_DAY,
        refundLateFailure: AFTER_A_DAY,
        payoutReturn: AFTER_A_DAY,
      },
    });
    stripe = stripeClient(stage);
  });
  afterEach(() => stage.close());

  const pay: ReturnType<typeof payWith> = (more, options) => payWith(stripe)(more, options);
  const eventOf = (type: string, id: string, advanceMs = 0): Promise<Stripe.Event> =>
    nextEvent(stage, { type, id, advanceMs });

  it('captures in several parts, then releases the rest', async () => {
    const intent = await pay({
      capture_method: 'manual',
      payment_method_options: { card: { request_multicapture: 'if_available' } },
    });
    const first = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 300, final_capture: false });
    assert.deepEqual([first.status, first.amount_received, first.amount_capturable], ['requires_capture', 300, 700]);
    await eventOf('charge.updated', String(first.latest_charge));
    await assert.rejects(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 701 }), {
      code: 'amount_too_large',
    });
    const second = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 200, final_capture: false });
    assert.equal(second.amount_received, 500);
    const released = await stripe.paymentIntents.cancel(intent.id);
    assert.deepEqual([released.status, released.amount_received, released.amount_capturable], ['succeeded', 500, 0]);
    const event = await eventOf('payment_intent.succeeded', intent.id);
    assert.equal((event.data.object as Stripe.PaymentIntent).amount_received, 500);
  });

  it('captures once unless it asked for more', async () => {
    const intent = await pay({ capture_method: 'manual' });
    await assert.rejects(
      stripe.paymentIntents.capture(intent.id, { amount_to_capture: 300, final_capture: false }),
      /multicapture is not available/,
    );
  });

  it('hears of a dispute, answers it with evidence, and wins', async () => {
    const intent = await pay({ payment_method: 'pm_card_createDispute', metadata: { reference: 'disputed' } });
    const opened = await eventOf('charge.dispute.created', intent.id, DAY_MS);
    const dispute = opened.data.object as Stripe.Dispute;
    assert.deepEqual([dispute.status, dispute.reason, dispute.amount], ['needs_response', 'fraudulent', 1_000]);
    const [withdrawn] = dispute.balance_transactions;
    assert.deepEqual([withdrawn?.amount, withdrawn?.fee, withdrawn?.net], [-1_000, 2_000, -3_000]);
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    assert.equal(charge.disputed, true);
    await assert.rejects(stripe.refunds.create({ payment_intent: intent.id }), { code: 'charge_disputed' });

    const staged = await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'Ada' }, submit: false });
    assert.deepEqual([staged.status, staged.evidence_details.submission_count], ['needs_response', 0]);
    const won = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    assert.deepEqual(
      [won.status, won.evidence.customer_name, won.evidence_details.submission_count],
      ['won', 'Ada', 1],
    );
    const closed = await eventOf('charge.dispute.closed', dispute.id);
    assert.equal((closed.data.object as Stripe.Dispute).status, 'won');
    await eventOf('charge.dispute.funds_reinstated', dispute.id);
    await assert.rejects(stripe.disputes.close(dispute.id), /already closed/);
    const listed = await stripe.disputes.list({ payment_intent: intent.id });
    assert.deepEqual(
      listed.data.map(({ id }) => id),
      [dispute.id],
    );
  });

  it('loses a dispute by accepting it, or by silence', async () => {
    const accepted = await pay({ payment_method: 'pm_card_createDisputeProductNotReceived' });
    const ignored = await pay({ payment_method: 'pm_card_createDispute' });
    const first = (await eventOf('charge.dispute.created', accepted.id, DAY_MS)).data.object as Stripe.Dispute;
    const second = (await eventOf('charge.dispute.created', ignored.id)).data.object as Stripe.Dispute;
    assert.equal((await stripe.disputes.close(first.id)).status, 'lost');
    await eventOf('charge.dispute.closed', second.id, 8 * DAY_MS);
    assert.equal((await stripe.disputes.retrieve(second.id)).status, 'lost');
  });

  it('is warned of fraud before anybody disputes', async () => {
    const intent = await pay({ payment_method: 'pm_card_createIssuerFraudRecord' });
    await eventOf('radar.early_fraud_warning.created', intent.id);
    const warnings = await stripe.radar.earlyFraudWarnings.list({ payment_intent: intent.id });
    assert.equal(warnings.data[0]?.actionable, true);
    await stripe.refunds.create({ payment_intent: intent.id });
    const [warning] = warnings.data;
    assert.equal((await stripe.radar.earlyFraudWarnings.retrieve(warning?.id ?? '')).actionable, false);
  });

  it('sees a refund wait, fail, and fail after it had succeeded', async () => {
    const waits = await pay({ payment_method: 'pm_card_pendingRefund' });
    const pending = await stripe.refunds.create({ payment_intent: waits.id });
    assert.equal(pending.status, 'pending');
    await eventOf('refund.updated', pending.id);
    assert.equal((await stripe.refunds.retrieve(pending.id)).status, 'succeeded');

    const late = await pay({ payment_method: 'pm_card_refundFail' });
    const refund = await stripe.refunds.create({ payment_intent: late.id });
    assert.equal(refund.status, 'succeeded');
    const failed = (await eventOf('refund.failed', refund.id, DAY_MS)).data.object as Stripe.Refund;
    assert.deepEqual([failed.status, failed.failure_reason], ['failed', 'expired_or_canceled_card']);
    assert.ok(failed.failure_balance_transaction);
    const charge = await stripe.charges.retrieve(String(late.latest_charge));
    assert.deepEqual([charge.amount_refunded, charge.refunded], [0, false]);
  });

  it('sees a payout fail after it was paid', async () => {
    const payout = await stripe.payouts.create({
      amount: 500,
      currency: 'eur',
      metadata: { reference: 'payout-1', assay_outcome: 'return' },
    });
    await eventOf('payout.paid', payout.id);
    const failed = await eventOf('payout.failed', payout.id, DAY_MS);
    assert.equal((failed.data.previous_attributes as { status?: string }).status, 'paid');
    assert.equal((await stripe.payouts.retrieve(payout.id)).status, 'failed');
  });

  it('is told once that an object is locked', async () => {
    const intent = await pay({ capture_method: 'manual', metadata: { assay_lock: 'timeout' } });
    await assert.rejects(stripe.paymentIntents.capture(intent.id), (error) => {
      assert.ok(error instanceof Stripe.errors.StripeRateLimitError);
      assert.deepEqual([error.statusCode, error.code], [429, 'lock_timeout']);
      return true;
    });
    assert.equal((await stripe.paymentIntents.capture(intent.id)).status, 'succeeded');
  });

  it('reconciles an automatic payout to the last cent, by API and by report', async () => {
    const intent = await pay({ metadata: { reference: 'order-1' } });
    await pay({ payment_method: 'pm_card_mastercard', amount: 2_345 });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 250 });
    const waiting = await stripe.balanceTransactions.list();
    assert.equal(waiting.data.find(({ type }) => type === 'charge')?.status, 'pending');

    await stage.clock.advance(5 * DAY_MS);
    const payouts = (await stripe.payouts.list()).data.filter(({ automatic }) => automatic);
    const [payout] = payouts;
    assert.ok(payout !== undefined);
    const inPayout: Stripe.BalanceTransaction[] = [];
    for await (const transaction of stripe.balanceTransactions.list({ payout: payout.id, limit: 2 }))
      inPayout.push(transaction);
    const [own, ...rest] = inPayout;
    assert.deepEqual([own?.type, own?.net, own?.source], ['payout', -payout.amount, payout.id]);
    assert.equal(
      rest.reduce((sum, { net }) => sum + net, 0),
      payout.amount,
    );
    for (const { amount, fee, net } of rest) assert.equal(amount - fee, net);
    const charged = rest.find(({ source }) => source === intent.latest_charge);
    assert.deepEqual([charged?.amount, charged?.fee, charged?.status], [1_000, 40, 'available']);
    const expanded = await stripe.charges.retrieve(String(intent.latest_charge), { expand: ['balance_transaction'] });
    assert.equal((expanded.balance_transaction as Stripe.BalanceTransaction).fee, 40);

    const run = await stripe.reporting.reportRuns.create({
      report_type: 'payout_reconciliation.by_id.itemized.4',
      parameters: { payout: payout.id },
    });
    assert.equal(run.status, 'succeeded');
    const authorization = `Bearer ${stage.psp.credentials['apiKey']}`;
    const url = run.result?.url ?? '';
    const file = await stage.network.request({ method: 'GET', url, headers: { authorization }, timeoutMs: 5_000 });
    const rows = parse(file.body, { columns: true }) as Record<string, string>[];
    const cents = rows.reduce((sum, row) => sum + Math.round(Number(row['net']) * 100), 0);
    assert.equal(cents, payout.amount);
    assert.ok(rows.some((row) => row['payment_metadata[reference]'] === 'order-1'));
  });

  it('cannot itemize a payout that it made itself', async () => {
    const payout = await stripe.payouts.create({ amount: 500, currency: 'eur' });
    await assert.rejects(
      stripe.balanceTransactions.list({ payout: payout.id }),
      /can only be filtered on automatic transfers/,
    );
  });

  it('is refused with an API version that never existed, and taken with an old one', async () => {
    for (const apiVersion of ['2024-06-20', '2025-03-31.basil'])
      assert.ok(await stripe.balance.retrieve({}, { apiVersion }));
    for (const apiVersion of ['2019-2-19', '2026-10-28.nonsense', '2031-01-01.endive', 'latest'])
      await assert.rejects(stripe.balance.retrieve({}, { apiVersion }), /Invalid Stripe API version/);
  });

  it('is refused with a parameter that does not exist, however deep', async () => {
    const nested = { payment_method_options: { card: { request_magic: 'yes' } } };
    await assert.rejects(pay(nested as unknown as Stripe.PaymentIntentCreateParams), {
      code: 'parameter_unknown',
      param: 'payment_method_options[card][request_magic]',
    });
    const intent = await pay({});
    await assert.rejects(stripe.paymentIntents.retrieve(intent.id, { colour: 'red' } as object), {
      code: 'parameter_unknown',
    });
  });

  it('receives the event types that its endpoint asked for by API, and no others', async () => {
    const own = await openStage({ dialect: 'stripe' });
    try {
      const client = stripeClient(own);
      const endpoint = await client.webhookEndpoints.create({
        url: 'https://shop.example/hook',
        enabled_events: ['charge.succeeded'],
      });
      assert.equal(endpoint.secret, own.psp.credentials['webhookSecret']);
      const intent = await payWith(client)({});
      await nextEvent(own, { type: 'charge.succeeded', id: intent.id });
      assert.equal(own.received().length, 1);
      await client.webhookEndpoints.update(endpoint.id, { disabled: true });
      await payWith(client)({});
      await client.webhookEndpoints.del(endpoint.id);
      const last = await payWith(client)({});
      await nextEvent(own, { type: 'payment_intent.succeeded', id: last.id });
      assert.equal(own.received().length, 2);
    } finally {
      await own.close();
    }
  });

  it('finds the events that were never delivered', async () => {
    const intent = await pay({});
    await eventOf('payment_intent.succeeded', intent.id);
    // Time does not move on, so nothing of this one leaves.
    const waiting = await pay({});
    const about = async (delivered: boolean): Promise<string[]> => {
      const { data } = await stripe.events.list({ type: 'payment_intent.succeeded', delivery_success: delivered });
      return data.map((event) => (event.data.object as Stripe.PaymentIntent).id);
    };
    assert.deepEqual([await about(true), await about(false)], [[intent.id], [waiting.id]]);
  });

  it('is limited to the published rate where the profile asks for it', async () => {
    const own = await openStage({ dialect: 'stripe', profile: { rateLimit: { requests: 2, windowMs: 60_000 } } });
    try {
      const client = stripeClient(own);
      for (let index = 0; index < 2; index += 1) await client.balance.retrieve();
      await assert.rejects(client.balance.retrieve(), (error) => {
        assert.ok(error instanceof Stripe.errors.StripeRateLimitError);
        assert.equal(error.code, 'rate_limit');
        assert.equal(error.headers?.['stripe-rate-limited-reason'], 'global-rate');
        return true;
      });
    } finally {
      await own.close();
    }
  });

  it('leaves no card number in what is kept', async () => {
    const card = { number: '5555555555554444', exp_month: 12, exp_year: 2034, cvc: '314' };
    const intent = await pay({
      payment_method: undefined,
      payment_method_data: { type: 'card', card },
    } as unknown as Partial<Stripe.PaymentIntentCreateParams>);
    const [method] = [await stripe.paymentMethods.create({ type: 'card', card })];
    const kept = JSON.stringify([intent, method, stage.received()]);
    assert.ok(!kept.includes(card.number) && kept.includes('4444'));
    const books = await stage.network.request({
      method: 'GET',
      url: `${stage.controlUrl}/v1/psps/stripe/books`,
      timeoutMs: 5_000,
    });
    assert.equal(books.status, 200);
    assert.ok(!books.body.toString('utf8').includes(card.number));
  });
});
