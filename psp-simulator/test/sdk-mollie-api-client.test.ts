/**
 * The unmodified official `@mollie/api-client` against the simulator. It speaks only https and
 * believes only a CA list of its own, so TLS stands in front of the simulator as a proxy of the
 * merchant's would, and its certificate is trusted where Node makes every TLS context; the same
 * is what a preload does for a merchant's process. Links in answers lead back through TLS.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import {
  CaptureMethod,
  createMollieClient,
  MollieApiError,
  PaymentMethod,
  SequenceType,
  type MollieClient,
  type Payment,
} from '@mollie/api-client';
import { openStage, type SdkStage } from './sdk-support.ts';
import { sdkSuite } from './sdk-suite.ts';
import { selfSignedCertificate } from './self-signed.ts';

type CreateParams = Parameters<MollieClient['payments']['create']>[0];

const EUROS_10 = { currency: 'EUR', value: '10.00' };

let stage: SdkStage;
let front: https.Server;
let mollie: MollieClient;
let orders = 0;
const plainContext = tls.createSecureContext;

async function open(): Promise<void> {
  stage = await openStage({ dialect: 'mollie' });
  const certificate = selfSignedCertificate();
  tls.createSecureContext = (options) => {
    const made = plainContext(options);
    (made.context as { addCACert(pem: string): void }).addCACert(certificate.cert);
    return made;
  };
  front = await tlsFront(stage.psp.url, certificate);
  const { port } = front.address() as AddressInfo;
  mollie = createMollieClient({
    apiKey: stage.psp.credentials['apiKey'] ?? '',
    apiEndpoint: `https://localhost:${port}/v2/`,
  });
}

async function close(): Promise<void> {
  tls.createSecureContext = plainContext;
  front.close();
  await stage.close();
}

/** As a TLS-terminating proxy does it: it says in a header how the request came. */
function tlsFront(target: string, certificate: { key: string; cert: string }): Promise<https.Server> {
  const server = https.createServer(certificate, (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' };
    const forwarded = http.request(`${target}${incoming.url ?? ''}`, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const request = (more: Partial<CreateParams> & { cardToken?: string } = {}): CreateParams => {
  orders += 1;
  return {
    amount: EUROS_10,
    description: `Order ${orders}`,
    redirectUrl: 'https://shop.example/return?order=7',
    webhookUrl: 'https://shop.example/mollie',
    method: PaymentMethod.creditcard,
    metadata: { order_id: `order-${orders}` },
    ...more,
  } as CreateParams;
};
const pay = (more: Partial<CreateParams> = {}): Promise<Payment> => mollie.payments.create(request(more));
const byCard = (script: string, more: Partial<CreateParams> = {}): Promise<Payment> =>
  mollie.payments.create(request({ cardToken: `tkn_assay_${script}`, ...more }));
const MANUAL: Partial<CreateParams> = { captureMode: CaptureMethod.manual };

function refusedWith(status: number, field?: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof MollieApiError, String(error));
    assert.equal(error.statusCode, status);
    if (field !== undefined) assert.equal(error.field, field);
    return true;
  };
}

/** The classic webhook says nothing but the id; the merchant reads the payment for the rest. */
const told = (payment: Payment) => stage.nextWebhook((body) => body === `id=${payment.id}`);

sdkSuite({
  sdk: '@mollie/api-client',
  dialect: 'mollie',
  reached: 'https by its option apiEndpoint, with our certificate added to every TLS context',
  open,
  close,
  capabilities: {
    pay: async () => {
      const payment = await byCard('approved');
      assert.equal(payment.status, 'paid');
      const webhook = await told(payment);
      assert.equal(webhook.headers['content-type'], 'application/x-www-form-urlencoded');
      assert.equal(webhook.headers['x-mollie-signature'], undefined);
      assert.equal((await mollie.payments.get(payment.id)).amount.value, '10.00');
    },
    '3DS approved': async () => {
      const payment = await byCard('challenge');
      assert.equal(payment.status, 'open');
      const back = await stage.cardholder(payment.getCheckoutUrl() ?? '', 'approve');
      assert.equal(back?.href, 'https://shop.example/return?order=7');
      await told(payment);
      assert.equal((await mollie.payments.get(payment.id)).status, 'paid');
    },
    '3DS failed': async () => {
      const payment = await byCard('challenge');
      await stage.cardholder(payment.getCheckoutUrl() ?? '', 'fail');
      const after = await mollie.payments.get(payment.id);
      assert.equal(after.status, 'failed');
      assert.equal((after.details as { failureReason?: string }).failureReason, 'authentication_failed');
    },
    decline: async () => {
      const payment = await byCard('declined');
      assert.equal(payment.status, 'failed');
      assert.equal((payment.details as { failureReason?: string }).failureReason, 'card_declined');
    },
    capture: async () => {
      const payment = await byCard('approved', MANUAL);
      assert.equal(payment.status, 'authorized');
      const amount = { currency: 'EUR', value: '4.00' };
      const capture = await mollie.paymentCaptures.create({ paymentId: payment.id, amount });
      assert.deepEqual([capture.status, capture.amount?.value], ['succeeded', '4.00']);
      await mollie.payments.releaseAuthorization(payment.id);
      const after = await mollie.payments.get(payment.id);
      assert.deepEqual([after.status, after.amountCaptured?.value], ['paid', '4.00']);
      assert.equal((await mollie.paymentCaptures.page({ paymentId: payment.id })).length, 1);
    },
    'partial refund': async () => {
      const payment = await byCard('approved');
      const amount = { currency: 'EUR', value: '3.00' };
      const refund = await mollie.paymentRefunds.create({ paymentId: payment.id, amount, description: 'A part' });
      await stage.clock.advance(1_000);
      assert.equal((await mollie.paymentRefunds.get(refund.id, { paymentId: payment.id })).status, 'refunded');
      assert.equal((await mollie.payments.get(payment.id)).amountRemaining?.value, '7.00');
      const tooMuch = { paymentId: payment.id, amount: EUROS_10, description: 'Too much' };
      await assert.rejects(mollie.paymentRefunds.create(tooMuch), refusedWith(422, 'amount.value'));
    },
    void: async () => {
      const payment = await byCard('approved', MANUAL);
      assert.equal((await mollie.payments.cancel(payment.id)).status, 'canceled');
      await assert.rejects(mollie.payments.cancel(payment.id), refusedWith(422));
    },
    payout: 'The SDK has no payouts; Mollie added them after its last version.',
    retrieve: async () => {
      const payment = await pay();
      assert.equal(payment.status, 'open');
      await stage.cardholder(payment.getCheckoutUrl() ?? '', 'fail');
      assert.equal((await mollie.payments.get(payment.id)).status, 'failed');
      await assert.rejects(mollie.payments.get('tr_unknown'), refusedWith(404));
    },
    list: async () => {
      const made: string[] = [];
      for (let index = 0; index < 5; index += 1) made.push((await byCard('approved')).id);
      const first = await mollie.payments.page({ limit: 2 });
      const second = await first.nextPage?.();
      const seen = [...first, ...(second ?? [])].map((payment) => payment.id);
      assert.deepEqual(seen, made.reverse().slice(0, 4));
      // Follows `_links.next` as it stands, and would refuse one that is not https.
      const all: string[] = [];
      for await (const payment of mollie.payments.iterate({ valuesPerMinute: 60_000 })) all.push(payment.id);
      assert.deepEqual(all.slice(0, 5), made);
    },
    'idempotent retry': async () => {
      const parameters = { ...request({ cardToken: 'tkn_assay_approved' }), idempotencyKey: 'the-merchants-own-key' };
      const first = await mollie.payments.create(parameters);
      const second = await mollie.payments.create(parameters);
      assert.equal(second.id, first.id);
      const other = { ...parameters, description: 'Another' };
      await assert.rejects(mollie.payments.create(other), refusedWith(400));
    },
    'verify webhook': 'The SDK knows classic webhooks only, which carry no signature.',
  },
});

describe('@mollie/api-client beyond the common list', () => {
  before(open);
  after(close);

  it('saves a card by a first payment and charges it again', async () => {
    const customer = await mollie.customers.create({ name: 'Ada', email: 'ada@example.com' });
    const first = { sequenceType: SequenceType.first, customerId: customer.id };
    await byCard('mastercard', first);
    const [mandate] = await mollie.customerMandates.page({ customerId: customer.id });
    assert.equal(mandate?.status, 'valid');
    const again = await mollie.customerPayments.create({
      ...request(),
      customerId: customer.id,
      sequenceType: SequenceType.recurring,
    });
    assert.deepEqual([again.status, again.mandateId], ['paid', mandate?.id]);
  });

  it('refreshes a payment by the link to itself', async () => {
    const payment = await pay();
    await stage.cardholder(payment.getCheckoutUrl() ?? '', 'approve');
    assert.equal((await mollie.payments.get(payment._links.self.href.split('/').at(-1) ?? '')).status, 'paid');
    assert.match(payment._links.self.href, /^https:\/\/localhost:\d+\/v2\/payments\/tr_/);
  });

  it('lists methods, and is told which parameter is unknown', async () => {
    const methods = await mollie.methods.list();
    assert.ok(methods.some(({ id }) => id === 'ideal'));
    const wrong = { ...request(), metaData: { order: '1' } };
    await assert.rejects(mollie.payments.create(wrong), (error) => {
      assert.ok(error instanceof MollieApiError);
      assert.match(error.message, /Non-existent body parameter "metaData" for this API call/);
      return refusedWith(422, 'metaData')(error);
    });
  });
});
