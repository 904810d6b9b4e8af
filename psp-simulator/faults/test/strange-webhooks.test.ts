/** Webhooks that no change of the books makes, broken bodies and old keys: at acme in detail, then at every dialect. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { DIALECTS } from '../../dialects/index.ts';
import { acmeClient, HOUR_MS, openBench } from '../../test/bench.ts';
import type { Bench, ReceivedWebhook } from '../../test/bench.ts';

interface AcmeEvent {
  event_id: string;
  payment_id: string;
  reference: string;
  type: string;
  status: string;
}

const eventOf = (webhook: ReceivedWebhook | undefined): AcmeEvent => JSON.parse(webhook?.body ?? '{}') as AcmeEvent;

function signedBy(webhook: ReceivedWebhook | undefined, secret: string): boolean {
  const digest = createHmac('sha256', secret)
    .update(`${webhook?.headers['x-timestamp']}.${webhook?.body}`)
    .digest('hex');
  return webhook?.headers['x-signature'] === `sha256=${digest}`;
}

describe('strange webhooks at acme', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const secret = (): string => bench.psp().credentials['webhookSecret'] ?? '';
  const sent = (): { tampered: unknown; signature: string; signing_key?: string; event: string }[] =>
    bench.events('webhook', 'send').map(({ value }) => value as never);

  async function payWith(fault: unknown, fields: Record<string, unknown> = {}): Promise<ReceivedWebhook[]> {
    await bench.plan(fault);
    await acmeClient(bench).pay('order-1', fields);
    await bench.rest();
    return bench.merchant.received;
  }

  it('webhook-unknown-type: the true event, and a validly signed one of a type that nobody knows', async () => {
    const received = await payWith({ fault: 'webhook-unknown-type' });
    assert.equal(received.length, 2);
    assert.ok(received.every((webhook) => signedBy(webhook, secret())));
    const types = received.map((webhook) => eventOf(webhook).type);
    assert.deepEqual(types.filter((type) => type !== 'payment').length, 1, String(types));
    assert.notEqual(eventOf(received[0]).event_id, eventOf(received[1]).event_id);
    assert.deepEqual(
      sent()
        .map(({ tampered }) => tampered)
        .sort(),
      [null, 'type'].sort(),
    );
  });

  it('webhook-foreign-payment: a payment and a reference of somebody else, validly signed', async () => {
    const received = await payWith({ fault: 'webhook-foreign-payment' });
    const foreign = received.find((webhook) => eventOf(webhook).reference !== 'order-1');
    assert.ok(foreign !== undefined && signedBy(foreign, secret()));
    const own = received.find((webhook) => webhook !== foreign);
    assert.notEqual(eventOf(foreign).payment_id, eventOf(own).payment_id);
    assert.equal(eventOf(foreign).payment_id.length, eventOf(own).payment_id.length);
  });

  it("webhook-foreign-payment with the merchant's reference: only the PSP's id is foreign, and a decline becomes a success", async () => {
    const received = await payWith(
      { fault: 'webhook-foreign-payment', with: { reference: 'own' } },
      { token: 'tok_declined' },
    );
    assert.deepEqual(received.map((webhook) => eventOf(webhook).status).sort(), ['captured', 'declined']);
    assert.ok(received.every((webhook) => eventOf(webhook).reference === 'order-1'));
    assert.equal(new Set(received.map((webhook) => eventOf(webhook).payment_id)).size, 2);
  });

  it('webhook-wrong-environment: acme does not name its environment, so the key is that of the other one', async () => {
    const received = await payWith({ fault: 'webhook-wrong-environment' }, { token: 'tok_declined' });
    const strange = received.filter((webhook) => !signedBy(webhook, secret()));
    assert.deepEqual(
      strange.map((webhook) => eventOf(webhook).status),
      ['captured'],
    );
    assert.ok(sent().some(({ tampered, signature }) => tampered === 'environment' && signature === 'wrong-key'));
  });

  it('webhook-malformed-body: the first try breaks off, validly signed; the next one on schedule is right', async () => {
    bench.merchant.status = 400;
    await bench.plan({ fault: 'webhook-malformed-body' });
    await acmeClient(bench).pay('order-1');
    await bench.pass(1_000);
    bench.merchant.status = 200;
    await bench.rest();
    const [broken, right] = bench.merchant.received;
    assert.throws(() => JSON.parse(broken?.body ?? '') as unknown);
    assert.ok(signedBy(broken, secret()));
    assert.equal(eventOf(right).reference, 'order-1');
    assert.deepEqual(
      sent().map(({ tampered }) => tampered),
      ['body', null],
    );
  });

  it('webhook-giant-body: so many bytes, still the same event, validly signed', async () => {
    const [giant] = await payWith({ fault: 'webhook-giant-body', with: { bytes: 300_000 } });
    assert.ok((giant?.body.length ?? 0) >= 300_000);
    assert.ok(signedBy(giant, secret()));
    assert.equal(eventOf(giant).reference, 'order-1');
    assert.equal(sent()[0]?.tampered, null, 'it says what is true');
    const deliveries = (await bench.control('GET', '/deliveries')).json as unknown as
      { body: string }[] | { deliveries: { body: string }[] };
    const [logged] = Array.isArray(deliveries) ? deliveries : deliveries.deliveries;
    assert.ok((logged?.body.length ?? 0) < 100_000, 'the log keeps the beginning only');
  });

  it('webhook-old-key: signed with the key before the rotation while the window is open', async () => {
    bench.merchant.status = 401;
    await bench.plan({ fault: 'webhook-old-key', to: HOUR_MS });
    await acmeClient(bench).pay('order-1');
    await bench.pass(1_000);
    const [old] = bench.merchant.received;
    assert.ok(!signedBy(old, secret()) && signedBy(old, `previous-${secret()}`));
    assert.deepEqual([sent()[0]?.signature, sent()[0]?.signing_key], ['valid', 'previous']);
    await bench.pass(HOUR_MS);
    bench.merchant.status = 200;
    await bench.rest();
    assert.ok(signedBy(bench.merchant.received.at(-1), secret()));
  });
});

for (const dialect of Object.keys(DIALECTS)) {
  describe(`strange webhooks in the ${dialect} dialect`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench({ psps: [{ name: dialect, dialect }] });
    });
    afterEach(() => bench.close());

    /** An event that says that money moved, in whatever word this PSP has. */
    function successType(): string {
      const types = Object.entries(DIALECTS[dialect]?.eventTypes ?? {});
      const found = types.find(([, change]) => change === 'payment-captured') ?? types[0];
      return found?.[0] ?? '';
    }

    async function bodiesWith(fault: string): Promise<{ honest: string[]; strange: string[] }> {
      await bench.plan({ fault, event: successType() });
      const triggered = await bench.control('POST', `/psps/${dialect}/trigger`, { event: successType() });
      assert.ok(triggered.status < 300, JSON.stringify(triggered.json));
      await bench.pass(10 * 60_000);
      const values = bench.events('webhook', 'send').map(({ value }) => value as { tampered: string | null });
      const bodies = bench.merchant.received.map(({ body }) => body);
      return {
        honest: bodies.filter((_, index) => values[index]?.tampered === null),
        strange: bodies.filter((_, index) => values[index]?.tampered !== null),
      };
    }

    it('an unknown type differs in its type only, where the PSP names types at all', async () => {
      const { strange } = await bodiesWith('webhook-unknown-type');
      for (const body of strange) assert.match(body, /assay_unheard_of|ASSAY_UNHEARD_OF/i);
      if (dialect !== 'mollie') assert.equal(strange.length, 1);
    });

    it('a foreign payment is one that the books do not hold', async () => {
      const { strange } = await bodiesWith('webhook-foreign-payment');
      assert.equal(strange.length, 1);
      const books = (await bench.control('GET', `/psps/${dialect}/books`)).json['payments'] as {
        psp_reference: string;
      }[];
      for (const { psp_reference: known } of books) assert.ok(!strange[0]?.includes(known), known);
    });

    it('an event of the other environment says so, or is signed with the key of the other one', async () => {
      const { honest, strange } = await bodiesWith('webhook-wrong-environment');
      assert.equal(strange.length, 1);
      const words = /"(?:livemode|live|mode|environment)"\s*:\s*"?(?:true|false|test|live|sandbox)"?/g;
      const [told = [], toldStrangely = []] = [honest[0], strange[0]].map((body) => (body ?? '').match(words) ?? []);
      const signature = bench
        .events('webhook', 'send')
        .map(({ value }) => value as { tampered: string | null; signature: string })
        .find(({ tampered }) => tampered === 'environment')?.signature;
      if (told.length === 0) assert.equal(signature, 'wrong-key');
      else assert.equal(signature, 'valid');
      // Wherever it is said, it is said otherwise: Stripe says it of the event and of its object.
      told.forEach((word, index) => assert.notEqual(toldStrangely[index], word));
    });

    it('a body that breaks off is sent all the same', async () => {
      const { strange } = await bodiesWith('webhook-malformed-body');
      assert.equal(strange.length, 1);
    });
  });
}
