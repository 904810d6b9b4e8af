/**
 * Faults in the stripe and adyen dialects, in virtual time: what a merchant gets on the wire is
 * judged by the official SDKs' own verification, at the time at which it arrived.
 */
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { HmacValidator } from './adyen-client.ts';
import { HOUR_MS, MINUTE_MS, openBench, toAnswer, type Answer, type Bench, type ReceivedWebhook } from './bench.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * HOUR_MS;

/** What the tests need to know of a dialect: how to pay, and how its merchant reads an event. */
interface Subject {
  pay(bench: Bench, reference: string, key: string): Promise<Answer>;
  pspReference(answer: Answer): unknown;
  /** Does the official verification accept the message at the time of its arrival? */
  verifies(webhook: ReceivedWebhook, credentials: Readonly<Record<string, string>>): boolean;
  read(webhook: ReceivedWebhook): { id: string; type: string; amount: number; currency: string; reference: string };
}

interface StripeEvent {
  id: string;
  type: string;
  data: { object: { amount: number; currency: string; metadata: { reference: string } } };
}

interface AdyenItem {
  pspReference: string;
  eventCode: string;
  success: string;
  merchantReference: string;
  amount: { value: number; currency: string };
}

const stripe: Subject = {
  pay: async (bench, reference, key) => {
    const { url, credentials } = bench.psp('stripe');
    const body = `amount=5000&currency=eur&allowed_payment_method_types[0]=card&payment_method=pm_card_visa&confirm=true&metadata[reference]=${reference}`;
    const headers = {
      authorization: `Bearer ${credentials['apiKey']}`,
      'idempotency-key': key,
      'content-type': 'application/x-www-form-urlencoded',
    };
    return toAnswer(await bench.exchange(`${url}/v1/payment_intents`, { method: 'POST', headers, body }));
  },
  pspReference: (answer) => answer.json['id'],
  verifies: ({ body, headers, atMs }, credentials) => {
    try {
      const sdk = new Stripe('sk_test_unused');
      const signature = headers['stripe-signature'] ?? '';
      sdk.webhooks.constructEvent(body, signature, credentials['webhookSecret'] ?? '', 300, undefined, atMs);
      return true;
    } catch (error) {
      assert.ok(error instanceof Stripe.errors.StripeSignatureVerificationError);
      return false;
    }
  },
  read: ({ body }) => {
    const { id, type, data } = JSON.parse(body) as StripeEvent;
    return {
      id,
      type,
      amount: data.object.amount,
      currency: data.object.currency,
      reference: data.object.metadata.reference,
    };
  },
};

const adyen: Subject = {
  pay: async (bench, reference, key) => {
    const { url, credentials } = bench.psp('adyen');
    const headers = {
      'x-api-key': credentials['apiKey'] ?? '',
      'idempotency-key': key,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({
      amount: { currency: 'EUR', value: 5_000 },
      merchantAccount: credentials['merchantAccount'],
      reference,
      returnUrl: 'https://shop.example/return',
      paymentMethod: { type: 'scheme', number: '4111111145551142' },
    });
    return toAnswer(await bench.exchange(`${url}/v72/payments`, { method: 'POST', headers, body }));
  },
  pspReference: (answer) => answer.json['pspReference'],
  verifies: (webhook, credentials) => {
    const item = adyenItem(webhook);
    try {
      return new HmacValidator().validateHMAC(item as never, credentials['hmacKey'] ?? '');
    } catch (error) {
      assert.match(String(error), /Missing hmacSignature/);
      return false;
    }
  },
  read: (webhook) => {
    const { pspReference, eventCode, success, merchantReference, amount } = adyenItem(webhook);
    const id = `${eventCode}:${pspReference}:${success}`;
    return { id, type: eventCode, amount: amount.value, currency: amount.currency, reference: merchantReference };
  },
};

function adyenItem({ body }: ReceivedWebhook): AdyenItem {
  const [entry] = (JSON.parse(body) as { notificationItems: { NotificationRequestItem: AdyenItem }[] })
    .notificationItems;
  assert.ok(entry);
  return entry.NotificationRequestItem;
}

for (const [dialect, subject] of Object.entries({ stripe, adyen })) {
  describe(`faults in the ${dialect} dialect`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench({ psps: [{ name: dialect, dialect }] });
    });
    afterEach(() => bench.close());

    const verifies = (webhook: ReceivedWebhook): boolean => subject.verifies(webhook, bench.psp(dialect).credentials);

    async function payWith(...faults: unknown[]): Promise<ReceivedWebhook[]> {
      await bench.plan(...faults);
      await subject.pay(bench, 'order-1', 'key-1');
      await bench.rest();
      return bench.merchant.received;
    }

    for (const signature of ['wrong-key', 'missing', 'malformed', 'altered-body']) {
      it(`sends a forgery with signature ${signature} that does not verify, beside the true event that does`, async () => {
        const received = await payWith({ fault: 'webhook-forged', with: { signature } });
        assert.equal(received.length, 2);
        assert.deepEqual(received.map(verifies).sort(), [false, true]);
        assert.deepEqual(received.map((webhook) => subject.read(webhook).amount).sort(), [5_000, 50_000]);
      });
    }

    it('signs a wrong amount validly, in the same event', async () => {
      const [received] = await payWith({ fault: 'webhook-wrong-amount', with: { factor: 3 } });
      assert.ok(received);
      assert.equal(verifies(received), true);
      assert.equal(subject.read(received).amount, 15_000);
    });

    it('contradicts a success by a validly signed event of its own', async () => {
      const received = await payWith({ fault: 'webhook-contradictory' });
      assert.equal(received.length, 2);
      assert.ok(received.every(verifies));
      assert.equal(new Set(received.map((webhook) => subject.read(webhook).id)).size, 2);
    });

    it('repeats one event in a burst under one id', async () => {
      const received = await payWith({ fault: 'webhook-duplicate', with: { copies: 3 } });
      assert.ok(received.length >= 3);
      assert.equal(new Set(received.map((webhook) => subject.read(webhook).id)).size, 1);
    });

    it('replays the first answer when its own was lost: one payment in the books', async () => {
      await bench.plan({ fault: 'answer-lost', operation: 'create-payment', count: 1 });
      await assert.rejects(subject.pay(bench, 'order-1', 'key-1'));
      const again = await subject.pay(bench, 'order-1', 'key-1');
      const books = (await bench.control('GET', `/psps/${dialect}/books`)).json as {
        payments: Record<string, unknown>[];
      };
      assert.equal(books.payments.length, 1);
      assert.equal(books.payments[0]?.['psp_reference'], subject.pspReference(again));
    });

    it('pays a second time once the life of the key is over', async () => {
      const first = await subject.pay(bench, 'order-1', 'key-1');
      await bench.pass(7 * DAY_MS);
      assert.notEqual(subject.pspReference(await subject.pay(bench, 'order-1', 'key-1')), subject.pspReference(first));
    });

    it('signs every retry so that it verifies when it arrives, and gives up at the end of its schedule', async () => {
      bench.merchant.status = 500;
      const received = await payWith();
      const spanMs = (received.at(-1)?.atMs ?? 0) - (received[0]?.atMs ?? 0);
      assert.ok(received.every(verifies));
      assert.equal(new Set(received.map((webhook) => subject.read(webhook).id)).size, 1);
      assert.ok(spanMs > 2 * DAY_MS && spanMs <= 30 * DAY_MS, `${spanMs} ms`);
      assert.equal(bench.events('dead-letter').length, 1);
    });

    it('tells the same history for the same seed', async () => {
      const fingerprint = async (): Promise<string> => {
        const run = await openBench({ seed: 'same', psps: [{ name: dialect, dialect }] });
        await run.plan({ fault: 'webhook-lost', chance: 0.5 }, { fault: 'answer-lost', chance: 0.3 });
        for (const index of [1, 2, 3]) await subject.pay(run, `order-${index}`, `key-${index}`).catch(() => undefined);
        await run.rest();
        await run.close();
        return run.history.fingerprint();
      };
      assert.equal(await fingerprint(), await fingerprint());
    });
  });
}

describe('what only stripe does under faults', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ psps: [{ name: 'stripe', dialect: 'stripe' }] });
  });
  afterEach(() => bench.close());

  it('sends a stale message that verifies but for its age', async () => {
    await bench.plan({ fault: 'webhook-stale' });
    await stripe.pay(bench, 'order-1', 'key-1');
    await bench.rest();
    const { credentials } = bench.psp('stripe');
    const stale = bench.merchant.received.filter((webhook) => !stripe.verifies(webhook, credentials));
    assert.equal(stale.length, 1);
    const signedAtMs = Number(/t=(\d+)/.exec(stale[0]?.headers['stripe-signature'] ?? '')?.[1]) * SECOND_MS;
    assert.ok(stripe.verifies({ ...(stale[0] as ReceivedWebhook), atMs: signedAtMs }, credentials));
  });

  it('answers an outage with an error envelope, and leaves the key free', async () => {
    await bench.plan({ fault: 'outage', count: 1 });
    const down = await stripe.pay(bench, 'order-1', 'key-1');
    assert.equal(down.status, 503);
    assert.equal((down.json['error'] as Record<string, unknown>)['type'], 'api_error');
    assert.equal((await stripe.pay(bench, 'order-1', 'key-1')).json['status'], 'succeeded');
  });

  it('remembers a 500 under the key when the fault says that it was executed', async () => {
    await bench.plan({ fault: 'error', count: 1, with: { status: 500, remembered: true } });
    assert.equal((await stripe.pay(bench, 'order-1', 'key-1')).status, 500);
    const again = await stripe.pay(bench, 'order-1', 'key-1');
    assert.equal(again.status, 500);
    assert.equal(again.headers['idempotent-replayed'], 'true');
  });

  it('sends all types to an endpoint that is subscribed to all', async () => {
    await bench.control('PATCH', '/psps/stripe', { profile: { webhookEvents: ['*'] } });
    await stripe.pay(bench, 'order-1', 'key-1');
    await bench.rest();
    const types = bench.merchant.received.map((webhook) => stripe.read(webhook).type).sort();
    assert.deepEqual(types, ['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded']);
  });
});

describe('what only adyen does under faults', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ psps: [{ name: 'adyen', dialect: 'adyen' }] });
  });
  afterEach(() => bench.close());

  it('holds every event back behind one that fails, and follows the published schedule', async () => {
    bench.merchant.status = 500;
    await adyen.pay(bench, 'order-1', 'key-1');
    await adyen.pay(bench, 'order-2', 'key-2');
    await bench.pass(10 * MINUTE_MS);
    const { received } = bench.merchant;
    assert.equal(new Set(received.map((webhook) => adyen.read(webhook).reference)).size, 1);
    const gapsS = received
      .slice(1, 5)
      .map((webhook, index) => Math.round((webhook.atMs - (received[index]?.atMs ?? 0)) / SECOND_MS));
    assert.deepEqual(gapsS, [9, 18, 27, 120]);

    bench.merchant.status = 200;
    await bench.rest();
    assert.equal(new Set(received.map((webhook) => adyen.read(webhook).reference)).size, 2);
  });

  it('answers an outage with its error object, says that it is transient, and leaves the key free', async () => {
    await bench.plan({ fault: 'outage', count: 1 });
    const down = await adyen.pay(bench, 'order-1', 'key-1');
    assert.deepEqual([down.status, down.json['status'], down.headers['transient-error']], [503, 503, 'true']);
    assert.equal((await adyen.pay(bench, 'order-1', 'key-1')).json['resultCode'], 'Authorised');
  });

  it('does not alter an event that announces no change of the books', async () => {
    await adyen.pay(bench, 'order-1', 'key-1');
    await bench.rest();
    await bench.plan(
      { fault: 'webhook-wrong-amount' },
      { fault: 'webhook-forged', with: { signature: 'altered-body' } },
    );
    const { url, credentials } = bench.psp('adyen');
    const headers = { 'x-api-key': credentials['apiKey'] ?? '', 'content-type': 'application/json' };
    const body = JSON.stringify({ merchantAccount: credentials['merchantAccount'], paymentReference: 'order-1' });
    const answer = toAnswer(await bench.exchange(`${url}/v72/cancels`, { method: 'POST', headers, body }));
    assert.equal(answer.json['status'], 'received');
    await bench.rest();
    const refusals = bench.merchant.received.filter((webhook) => adyen.read(webhook).type === 'TECHNICAL_CANCEL');
    assert.equal(refusals.length, 1);
    assert.equal(adyenItem(refusals[0] as ReceivedWebhook).success, 'false');
    assert.ok(adyen.verifies(refusals[0] as ReceivedWebhook, credentials));
  });
});
