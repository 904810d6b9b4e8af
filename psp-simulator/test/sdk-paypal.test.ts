/**
 * The unmodified official PayPal SDK against the simulator. It knows only PayPal's own hosts; an
 * option of its HTTP client leads it here, and then the host it meant stands in the path.
 */
import assert from 'node:assert/strict';
import {
  CheckoutPaymentIntent,
  Client,
  CustomError,
  Environment,
  OrdersCardVerificationMethod,
  OrdersController,
  PaymentsController,
  StoreInVaultInstruction,
  TransactionSearchController,
  VaultController,
  VaultTokenRequestType,
  type CardRequest,
  type Order,
  type OrderRequest,
} from '@paypal/paypal-server-sdk';
import { openStage, type ReceivedWebhook, type SdkStage } from './sdk-support.ts';
import { sdkSuite } from './sdk-suite.ts';

const DAY_MS = 24 * 3_600_000;
const PLAIN_CARD: CardRequest = {
  number: '4012888888881881',
  expiry: '2030-01',
  securityCode: '123',
  name: 'Ada Example',
};
const URLS = { returnUrl: 'https://shop.example/return?order=7', cancelUrl: 'https://shop.example/cart' };
const WHOLE = 'return=representation';

let stage: SdkStage;
let client: Client;
let orders: OrdersController;
let payments: PaymentsController;
let vault: VaultController;
let references = 0;

function paypalClient(secret = stage.psp.credentials['clientSecret'] ?? ''): Client {
  return new Client({
    clientCredentialsAuthCredentials: {
      oAuthClientId: stage.psp.credentials['clientId'] ?? '',
      oAuthClientSecret: secret,
    },
    environment: Environment.Sandbox,
    unstable_httpClientOptions: { baseURL: stage.psp.url, allowAbsoluteUrls: false },
  });
}

async function open(): Promise<void> {
  stage = await openStage({ dialect: 'paypal', profile: { disputeDelay: { kind: 'fixed', ms: DAY_MS } } });
  client = paypalClient();
  orders = new OrdersController(client);
  payments = new PaymentsController(client);
  vault = new VaultController(client);
}

function nextReference(): string {
  references += 1;
  return `order-${references}`;
}

function orderOf(more: Partial<OrderRequest> = {}, customId = nextReference()): OrderRequest {
  return {
    intent: CheckoutPaymentIntent.Capture,
    purchaseUnits: [{ customId, amount: { currencyCode: 'EUR', value: '10.00' } }],
    paymentSource: { card: PLAIN_CARD },
    ...more,
  };
}

async function create(more: Partial<OrderRequest> = {}, key = `key-${nextReference()}`): Promise<Order> {
  const { result } = await orders.createOrder({ body: orderOf(more), paypalRequestId: key, prefer: WHOLE });
  return result;
}

function authenticatedCard(number: string): Partial<OrderRequest> {
  const verification = { method: OrdersCardVerificationMethod.ScaWhenRequired };
  return { paymentSource: { card: { ...PLAIN_CARD, number, attributes: { verification }, experienceContext: URLS } } };
}

const pageOf = (order: Order): string => order.links?.find(({ rel }) => rel === 'payer-action')?.href ?? '';
const captureIn = (order: Order) => order.purchaseUnits?.[0]?.payments?.captures?.[0];
const authorizationIn = (order: Order) => order.purchaseUnits?.[0]?.payments?.authorizations?.[0];
const read = async (id: string | undefined): Promise<Order> => (await orders.getOrder({ id: id ?? '' })).result;

async function eventOf(type: string, about: string | undefined, advanceMs = 0): Promise<ReceivedWebhook> {
  return stage.nextWebhook(
    (body) => body.includes(`"event_type":"${type}"`) && body.includes(about ?? 'nothing'),
    advanceMs,
  );
}

/** Refused with this status and issue; the SDK shows the body of some statuses only as text. */
const refused = (status: number, issue: string) => (error: unknown) => {
  assert.ok(error instanceof CustomError, String(error));
  assert.equal(error.statusCode, status);
  assert.ok(String(error.body).includes(`"${issue}"`), String(error.body));
  return true;
};

/** What the SDK has no method for, with its own token. */
async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const token = await client.clientCredentialsAuthManager.fetchToken();
  const response = await stage.network.request({
    method,
    url: `${stage.psp.url}${path}`,
    headers: { authorization: `Bearer ${token.accessToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: 5_000,
  });
  const text = response.body.toString('utf8');
  return { status: response.status, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

sdkSuite({
  sdk: '@paypal/paypal-server-sdk',
  dialect: 'paypal',
  reached: "option `unstable_httpClientOptions: { baseURL: 'http://…', allowAbsoluteUrls: false }`",
  open,
  close: () => stage.close(),
  capabilities: {
    pay: async () => {
      const order = await create();
      const capture = captureIn(order);
      assert.match(order.id ?? '', /^[A-Z0-9]{17}$/);
      assert.deepEqual([order.status, capture?.status], ['COMPLETED', 'COMPLETED']);
      assert.deepEqual(capture?.sellerReceivableBreakdown?.netAmount, { currencyCode: 'EUR', value: '9.31' });
      assert.equal(order.paymentSource?.card?.lastDigits, '1881');
      const event = await eventOf('PAYMENT.CAPTURE.COMPLETED', capture?.id);
      assert.ok(event.body.includes(`"order_id":"${order.id}"`));
    },
    '3DS approved': async () => {
      const order = await create(authenticatedCard('4868719166101368'));
      assert.equal(order.status, 'PAYER_ACTION_REQUIRED');
      await assert.rejects(orders.captureOrder({ id: order.id ?? '' }), refused(422, 'PAYER_ACTION_REQUIRED'));
      const back = await stage.cardholder(pageOf(order), 'approve');
      assert.deepEqual([back?.searchParams.get('order'), back?.searchParams.get('token')], ['7', order.id]);
      const approved = await read(order.id);
      assert.equal(approved.status, 'APPROVED');
      assert.deepEqual(approved.paymentSource?.card?.authenticationResult, {
        liabilityShift: 'POSSIBLE',
        threeDSecure: { enrollmentStatus: 'Y', authenticationStatus: 'Y' },
      });
      await eventOf('CHECKOUT.ORDER.APPROVED', order.id);
      const { result } = await orders.captureOrder({ id: order.id ?? '' });
      assert.equal(captureIn(result)?.status, 'COMPLETED');
    },
    '3DS failed': async () => {
      const order = await create(authenticatedCard('4868719166101368'));
      await stage.cardholder(pageOf(order), 'fail');
      const failed = await read(order.id);
      assert.equal(failed.paymentSource?.card?.authenticationResult?.liabilityShift, 'NO');
      const { result } = await orders.captureOrder({ id: order.id ?? '', prefer: WHOLE });
      const capture = captureIn(result);
      assert.deepEqual([capture?.status, capture?.processorResponse?.responseCode], ['DECLINED', '7710']);
      await eventOf('PAYMENT.CAPTURE.DECLINED', capture?.id);
    },
    decline: async () => {
      const order = await create({ paymentSource: { card: { ...PLAIN_CARD, name: 'CCREJECT-IF' } } });
      const capture = captureIn(order);
      assert.deepEqual([order.status, capture?.status], ['COMPLETED', 'DECLINED']);
      assert.equal(capture?.processorResponse?.responseCode, '5120');
      assert.equal((await payments.getCapturedPayment({ captureId: capture?.id ?? '' })).result.status, 'DECLINED');
    },
    capture: async () => {
      const order = await create({ intent: CheckoutPaymentIntent.Authorize });
      const authorizationId = authorizationIn(order)?.id ?? '';
      await eventOf('PAYMENT.AUTHORIZATION.CREATED', authorizationId);
      const part = (value: string, finalCapture: boolean) =>
        payments.captureAuthorizedPayment({
          authorizationId,
          prefer: WHOLE,
          body: { amount: { currencyCode: 'EUR', value }, finalCapture },
        });
      const first = (await part('3.00', false)).result;
      assert.deepEqual([first.status, first.finalCapture, first.amount?.value], ['COMPLETED', false, '3.00']);
      assert.equal((await payments.getAuthorizedPayment({ authorizationId })).result.status, 'PARTIALLY_CAPTURED');
      await assert.rejects(part('7.01', true), refused(422, 'MAX_CAPTURE_AMOUNT_EXCEEDED'));
      await part('4.00', true);
      assert.equal((await payments.getAuthorizedPayment({ authorizationId })).result.status, 'CAPTURED');
      await assert.rejects(part('1.00', true), refused(422, 'AUTHORIZATION_ALREADY_CAPTURED'));
    },
    'partial refund': async () => {
      const captureId = captureIn(await create())?.id ?? '';
      const refund = (value: string) =>
        payments.refundCapturedPayment({ captureId, prefer: WHOLE, body: { amount: { currencyCode: 'EUR', value } } });
      const { result } = await refund('4.00');
      assert.deepEqual(
        [result.status, result.sellerPayableBreakdown?.totalRefundedAmount?.value],
        ['COMPLETED', '4.00'],
      );
      assert.equal((await payments.getCapturedPayment({ captureId })).result.status, 'PARTIALLY_REFUNDED');
      await assert.rejects(refund('6.01'), refused(422, 'REFUND_AMOUNT_EXCEEDED'));
      await refund('6.00');
      assert.equal((await payments.getCapturedPayment({ captureId })).result.status, 'REFUNDED');
      await assert.rejects(refund('0.01'), refused(422, 'CAPTURE_FULLY_REFUNDED'));
      await eventOf('PAYMENT.CAPTURE.REFUNDED', result.id);
      assert.equal((await payments.getRefund({ refundId: result.id ?? '' })).result.status, 'COMPLETED');
    },
    void: async () => {
      const authorizationId = authorizationIn(await create({ intent: CheckoutPaymentIntent.Authorize }))?.id ?? '';
      assert.equal((await payments.voidPayment({ authorizationId })).statusCode, 204);
      assert.equal((await payments.getAuthorizedPayment({ authorizationId })).result.status, 'VOIDED');
      await assert.rejects(payments.voidPayment({ authorizationId }), refused(422, 'PREVIOUSLY_VOIDED'));
      await assert.rejects(
        payments.captureAuthorizedPayment({ authorizationId }),
        refused(422, 'AUTHORIZATION_VOIDED'),
      );
      await eventOf('PAYMENT.AUTHORIZATION.VOIDED', authorizationId);
      const rest = authorizationIn(await create({ intent: CheckoutPaymentIntent.Authorize }))?.id ?? '';
      const body = { amount: { currencyCode: 'EUR', value: '3.00' } };
      await payments.captureAuthorizedPayment({ authorizationId: rest, body });
      const released = await payments.voidPayment({ authorizationId: rest, prefer: WHOLE });
      assert.equal(released.result?.status, 'VOIDED');
    },
    payout: 'The SDK has no payouts; the test beside it sends them by plain HTTP.',
    retrieve: async () => {
      const order = await create({
        purchaseUnits: [
          {
            referenceId: 'cart-7',
            customId: 'retrieved',
            invoiceId: 'invoice-7',
            description: 'seven things',
            amount: { currencyCode: 'USD', value: '12.34' },
          },
        ],
      });
      const unit = (await read(order.id)).purchaseUnits?.[0];
      assert.deepEqual(
        [unit?.referenceId, unit?.customId, unit?.invoiceId, unit?.description, unit?.amount?.value],
        ['cart-7', 'retrieved', 'invoice-7', 'seven things', '12.34'],
      );
      await assert.rejects(read('5O190127TN3647150'), refused(404, 'INVALID_RESOURCE_ID'));
    },
    list: async () => {
      const search = new TransactionSearchController(client);
      const ids: (string | undefined)[] = [];
      for (let count = 0; count < 3; count += 1) ids.push(captureIn(await create())?.id);
      const startDate = new Date(stage.clock.now() - DAY_MS).toISOString();
      const query = { startDate, endDate: new Date(stage.clock.now() + DAY_MS).toISOString(), fields: 'all' };
      const early = (await search.searchTransactions(query)).result;
      assert.equal(early.totalItems, 0, 'transaction search lags');
      await stage.clock.advance(3 * 3_600_000);
      const found: (string | undefined)[] = [];
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const { result } = await search.searchTransactions({ ...query, pageSize: 2, page });
        pages = result.totalPages ?? 1;
        found.push(...(result.transactionDetails ?? []).map(({ transactionInfo }) => transactionInfo?.transactionId));
      }
      assert.equal(new Set(found).size, found.length);
      for (const id of ids) assert.ok(found.includes(id), `${id} among ${found.length}`);
    },
    'idempotent retry': async () => {
      const body = orderOf();
      const once = await orders.createOrder({ body, paypalRequestId: 'one-key', prefer: WHOLE });
      const captureId = captureIn(once.result)?.id ?? '';
      await payments.refundCapturedPayment({ captureId });
      // The same key shows what became of the order meanwhile, and says by its status that it made none.
      const again = await orders.createOrder({ body, paypalRequestId: 'one-key', prefer: WHOLE });
      assert.deepEqual([again.statusCode, again.result.id], [200, once.result.id]);
      assert.equal(captureIn(again.result)?.status, 'REFUNDED');
      await assert.rejects(orders.createOrder({ body }), refused(400, 'PAYPAL_REQUEST_ID_REQUIRED'));
    },
    'verify webhook':
      'The SDK has no function that verifies a signature; the test beside it asks PayPal’s own verify endpoint.',
  },
});

describe('the paypal SDK beside the suite', () => {
  before(open);
  after(() => stage.close());

  it('pays from a PayPal account: approve, then capture; turning back leads to the cancel URL', async () => {
    const wallet = { paymentSource: { paypal: { experienceContext: URLS } } };
    const order = await create(wallet);
    assert.equal(order.status, 'PAYER_ACTION_REQUIRED');
    await assert.rejects(orders.captureOrder({ id: order.id ?? '' }), refused(422, 'ORDER_NOT_APPROVED'));
    const turned = await stage.cardholder(pageOf(order), 'cancel' as 'abandon');
    assert.equal(turned?.pathname, '/cart');
    const back = await stage.cardholder(pageOf(order), 'approve');
    assert.ok(back?.searchParams.get('PayerID'));
    const approved = await read(order.id);
    assert.equal(approved.payer?.payerId, back?.searchParams.get('PayerID'));
    const { result } = await orders.captureOrder({ id: order.id ?? '', prefer: WHOLE });
    assert.equal(captureIn(result)?.sellerProtection?.status, 'ELIGIBLE');
    await assert.rejects(orders.captureOrder({ id: order.id ?? '' }), refused(422, 'ORDER_ALREADY_CAPTURED'));
    await assert.rejects(orders.authorizeOrder({ id: order.id ?? '' }), refused(422, 'ACTION_DOES_NOT_MATCH_INTENT'));
  });

  it('pays an order that names no source by its approve link', async () => {
    const { result: order } = await orders.createOrder({
      body: {
        intent: CheckoutPaymentIntent.Authorize,
        purchaseUnits: [{ amount: { currencyCode: 'EUR', value: '5.00' } }],
        applicationContext: URLS,
      },
    });
    assert.equal(order.status, 'CREATED');
    const approve = order.links?.find(({ rel }) => rel === 'approve')?.href ?? '';
    const redirect = await stage.network.request({ method: 'GET', url: approve, timeoutMs: 5_000 });
    assert.equal(redirect.status, 302);
    await stage.cardholder(redirect.headers['location'] ?? '', 'approve');
    const { result } = await orders.authorizeOrder({ id: order.id ?? '' });
    assert.equal(result.purchaseUnits?.[0]?.payments?.authorizations?.[0]?.status, 'CREATED');
  });

  it('tells a declined account to send the payer back, who may then choose another source', async () => {
    const order = await create({ paymentSource: { paypal: { experienceContext: URLS } } });
    await stage.cardholder(pageOf(order), 'fail');
    await assert.rejects(orders.captureOrder({ id: order.id ?? '' }), refused(422, 'INSTRUMENT_DECLINED'));
    const again = await read(order.id);
    assert.equal(again.status, 'PAYER_ACTION_REQUIRED');
    assert.notEqual(pageOf(again), pageOf(order));
    await stage.cardholder(pageOf(again), 'approve');
    const { result } = await orders.captureOrder({ id: order.id ?? '' });
    assert.equal(captureIn(result)?.status, 'COMPLETED');
  });

  it('confirms a card first and charges it by the capture', async () => {
    const order = await create({ paymentSource: {} });
    const { result } = await orders.confirmOrder({
      id: order.id ?? '',
      body: { paymentSource: { card: PLAIN_CARD } },
    });
    assert.equal(result.status, 'APPROVED');
    assert.equal(captureIn((await orders.captureOrder({ id: order.id ?? '' })).result)?.status, 'COMPLETED');
  });

  it('reads what became of an authentication without a challenge', async () => {
    const seen = async (number: string): Promise<unknown[]> => {
      const order = await create(authenticatedCard(number));
      const result = order.paymentSource?.card?.authenticationResult;
      return [captureIn(order)?.status, result?.liabilityShift, result?.threeDSecure?.authenticationStatus];
    };
    assert.deepEqual(await seen('4868719196829038'), ['COMPLETED', 'POSSIBLE', 'Y']);
    assert.deepEqual(await seen('4868719581920723'), ['COMPLETED', 'POSSIBLE', 'A']);
    assert.deepEqual(await seen('4868719033482561'), ['COMPLETED', 'NO', 'U']);
    assert.deepEqual(await seen('4868719158130060'), ['DECLINED', 'NO', 'N']);
    assert.deepEqual(await seen('4868719081564153'), ['DECLINED', 'NO', 'R']);
  });

  it('saves a card with a purchase and by itself, charges it, lists and forgets it', async () => {
    const bought = await create({
      paymentSource: {
        card: {
          ...PLAIN_CARD,
          attributes: {
            vault: { storeInVault: StoreInVaultInstruction.OnSuccess },
            customer: { id: 'customer_1' },
          },
        },
      },
    });
    const saved = bought.paymentSource?.card?.attributes?.vault;
    assert.deepEqual([saved?.status, saved?.customer?.id], ['VAULTED', 'customer_1']);
    const charged = await create({ paymentSource: { card: { vaultId: saved?.id ?? '' } } });
    assert.equal(captureIn(charged)?.status, 'COMPLETED');

    const setup = await vault.createSetupToken({
      body: { paymentSource: { card: PLAIN_CARD }, customer: { id: 'customer_1' } },
      paypalRequestId: 'setup-1',
    });
    const token = await vault.createPaymentToken({
      body: { paymentSource: { token: { id: setup.result.id ?? '', type: VaultTokenRequestType.SetupToken } } },
      paypalRequestId: 'token-1',
    });
    assert.equal(token.result.paymentSource?.card?.lastDigits, '1881');
    const list = async () =>
      (await vault.listCustomerPaymentTokens({ customerId: 'customer_1', pageSize: 1, totalRequired: true })).result;
    assert.deepEqual([(await list()).totalItems, (await list()).totalPages], [2, 2]);
    await vault.deletePaymentToken(token.result.id ?? '');
    assert.equal((await list()).totalItems, 1);
    await assert.rejects(
      create({ paymentSource: { card: { vaultId: token.result.id ?? '' } } }),
      refused(422, 'TOKEN_ID_NOT_FOUND'),
    );
  });

  it('is refused as PayPal-Mock-Response asks, and nothing happens', async () => {
    const mocked = (code: string) => JSON.stringify({ mock_application_codes: code });
    const body = orderOf({}, 'mocked');
    const send = (code: string) =>
      orders.createOrder({ body, paypalRequestId: 'mocked', paypalMockResponse: mocked(code) });
    await assert.rejects(send('INSTRUMENT_DECLINED'), refused(422, 'INSTRUMENT_DECLINED'));
    await assert.rejects(send('INTERNAL_SERVER_ERROR'), refused(500, 'INTERNAL_SERVER_ERROR'));
    assert.equal((await orders.createOrder({ body, paypalRequestId: 'mocked' })).result.status, 'COMPLETED');
  });

  it('patches what describes an order, and is told what is wrong with a request', async () => {
    const order = await create({ paymentSource: {} });
    const path = "/purchase_units/@reference_id=='default'/description";
    await orders.patchOrder({ id: order.id ?? '', body: [{ op: 'replace' as never, path, value: 'new words' }] });
    assert.equal((await read(order.id)).purchaseUnits?.[0]?.description, 'new words');
    const amount = (currencyCode: string, value: string) => ({
      purchaseUnits: [{ amount: { currencyCode, value } }],
    });
    await assert.rejects(create(amount('EUR', '1.001')), refused(422, 'DECIMAL_PRECISION'));
    await assert.rejects(create(amount('JPY', '1.5')), refused(422, 'DECIMALS_NOT_SUPPORTED'));
    await assert.rejects(create(amount('XAU', '1')), refused(422, 'CURRENCY_NOT_SUPPORTED'));
    await assert.rejects(create(amount('EUR', '0.00')), refused(422, 'CANNOT_BE_ZERO_OR_NEGATIVE'));
    const stranger = new OrdersController(paypalClient('wrong'));
    await assert.rejects(stranger.getOrder({ id: order.id ?? '' }), (error) => {
      const { statusCode, result } = error as { statusCode: number; result?: { error?: string } };
      assert.deepEqual([statusCode, result?.error], [401, 'invalid_client']);
      return true;
    });
  });

  it('sends payouts, hears how they end, and never sends a batch twice', async () => {
    const item = (note: string) => ({
      recipient_type: 'EMAIL',
      receiver: 'player@example.com',
      amount: { value: '9.87', currency: 'EUR' },
      sender_item_id: `item ${note}`,
      note,
    });
    const body = {
      sender_batch_header: { sender_batch_id: 'batch-1', email_subject: 'You won' },
      items: [item('paid'), item('ASSAY-PAYOUT-FAILS'), item('ASSAY-PAYOUT-RETURNED')],
    };
    const { status, json } = await call('POST', '/v1/payments/payouts', body);
    assert.equal(status, 201);
    const batchId = String((json['batch_header'] as Record<string, unknown>)['payout_batch_id']);
    await eventOf('PAYMENT.PAYOUTS-ITEM.SUCCEEDED', 'item paid');
    await eventOf('PAYMENT.PAYOUTS-ITEM.FAILED', 'item ASSAY-PAYOUT-FAILS');
    await eventOf('PAYMENT.PAYOUTSBATCH.SUCCESS', batchId);
    await eventOf('PAYMENT.PAYOUTS-ITEM.RETURNED', 'item ASSAY-PAYOUT-RETURNED', 3 * DAY_MS);
    const batch = (await call('GET', `/v1/payments/payouts/${batchId}?total_required=true&page_size=2`)).json;
    assert.deepEqual([batch['total_items'], batch['total_pages']], [3, 2]);
    assert.deepEqual(
      (batch['items'] as Record<string, unknown>[]).map((one) => one['transaction_status']),
      ['SUCCESS', 'FAILED'],
    );
    const twice = await call('POST', '/v1/payments/payouts', body);
    assert.deepEqual([twice.status, twice.json['name']], [400, 'USER_BUSINESS_ERROR']);
    assert.ok(JSON.stringify(twice.json['links']).includes(batchId));
    await stage.clock.advance(30 * DAY_MS);
    assert.equal((await call('POST', '/v1/payments/payouts', body)).status, 201);
  });

  it("has its webhooks verified by PayPal's own endpoint, which refuses what was altered or mocked", async () => {
    const order = await create();
    const webhook = await eventOf('PAYMENT.CAPTURE.COMPLETED', captureIn(order)?.id);
    const verify = async (event: unknown, { headers }: ReceivedWebhook) => {
      const answer = await call('POST', '/v1/notifications/verify-webhook-signature', {
        auth_algo: headers['paypal-auth-algo'],
        cert_url: headers['paypal-cert-url'],
        transmission_id: headers['paypal-transmission-id'],
        transmission_sig: headers['paypal-transmission-sig'],
        transmission_time: headers['paypal-transmission-time'],
        webhook_id: stage.psp.credentials['webhookId'],
        webhook_event: event,
      });
      return answer.json['verification_status'];
    };
    assert.equal(await verify(JSON.parse(webhook.body), webhook), 'SUCCESS');
    assert.equal(await verify(JSON.parse(webhook.body.replace('10.00', '90.00')), webhook), 'FAILURE');
    const type = 'PAYMENT.CAPTURE.REFUNDED';
    const webhookId = stage.psp.credentials['webhookId'];
    const mocked = await call('POST', '/v1/notifications/simulate-event', { event_type: type, webhook_id: webhookId });
    assert.equal(mocked.status, 202);
    const sent = await eventOf(type, String(mocked.json['id']));
    assert.equal(await verify(JSON.parse(sent.body), sent), 'FAILURE');
  });

  it('lists the events that were sent, and sends one again under its own id', async () => {
    const order = await create();
    const id = String(JSON.parse((await eventOf('PAYMENT.CAPTURE.COMPLETED', captureIn(order)?.id)).body).id);
    const count = (): number => stage.received().filter(({ body }) => body.includes(id)).length;
    assert.equal(count(), 1);
    assert.equal((await call('POST', `/v1/notifications/webhooks-events/${id}/resend`, {})).status, 202);
    await stage.nextWebhook(() => count() === 2);
    const { json } = await call(
      'GET',
      '/v1/notifications/webhooks-events?page_size=300&event_type=PAYMENT.CAPTURE.COMPLETED',
    );
    const listed = (json['events'] as { id: string }[]).filter((event) => event.id === id);
    assert.equal(listed.length, 1);
  });

  it('answers a dispute with evidence, and accepts the claim of another', async () => {
    const disputed = (name: string) => create({ paymentSource: { card: { ...PLAIN_CARD, name } } });
    const won = captureIn(await disputed('ASSAY-DISPUTE-WON'))?.id ?? '';
    const accepted = captureIn(await disputed('ASSAY-DISPUTE-LOST'))?.id ?? '';
    await eventOf('CUSTOMER.DISPUTE.CREATED', won, DAY_MS);
    const disputeOf = async (captureId: string) => {
      const { json } = await call('GET', `/v1/customer/disputes?disputed_transaction_id=${captureId}`);
      return String((json['items'] as Record<string, unknown>[])[0]?.['dispute_id']);
    };
    const first = await disputeOf(won);
    const evidences = [{ evidence_type: 'PROOF_OF_FULFILLMENT', notes: 'Played' }];
    assert.equal((await call('POST', `/v1/customer/disputes/${first}/provide-evidence`, { evidences })).status, 200);
    assert.equal((await call('GET', `/v1/customer/disputes/${first}`)).json['status'], 'UNDER_REVIEW');
    await assert.rejects(payments.refundCapturedPayment({ captureId: won }), refused(422, 'TRANSACTION_DISPUTED'));
    await eventOf('CUSTOMER.DISPUTE.RESOLVED', first, 40 * DAY_MS);
    const outcome = (await call('GET', `/v1/customer/disputes/${first}`)).json['dispute_outcome'];
    assert.deepEqual(outcome, { outcome_code: 'RESOLVED_SELLER_FAVOUR' });
    await eventOf('PAYMENT.CAPTURE.REVERSED', accepted);

    const third = captureIn(await disputed('ASSAY-DISPUTE-WON'))?.id ?? '';
    await eventOf('CUSTOMER.DISPUTE.CREATED', third, DAY_MS);
    const open = await disputeOf(third);
    assert.equal((await call('POST', `/v1/customer/disputes/${open}/accept-claim`, { note: 'sorry' })).status, 200);
    assert.match(JSON.stringify((await call('GET', `/v1/customer/disputes/${open}`)).json), /"ACCEPTED"/);
  });

  it('hears of a refund that fails, at once or days later', async () => {
    const refundOf = async (name: string) => {
      const captureId = captureIn(await create({ paymentSource: { card: { ...PLAIN_CARD, name } } }))?.id ?? '';
      return (await payments.refundCapturedPayment({ captureId })).result;
    };
    const pending = await refundOf('ASSAY-REFUND-FAILS');
    assert.equal(pending.status, 'PENDING');
    await eventOf('PAYMENT.REFUND.PENDING', pending.id);
    await eventOf('PAYMENT.REFUND.FAILED', pending.id);
    const late = await refundOf('ASSAY-REFUND-FAILS-LATE');
    assert.equal(late.status, 'COMPLETED');
    await eventOf('PAYMENT.REFUND.FAILED', late.id, 5 * DAY_MS);
    assert.equal((await payments.getRefund({ refundId: late.id ?? '' })).result.status, 'FAILED');
  });
});
