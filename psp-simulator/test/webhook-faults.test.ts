/** What planned faults do to webhooks: what the merchant gets beside what is true. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { acmeClient, HOUR_MS, MINUTE_MS, openBench } from './bench.ts';
import type { Bench, ReceivedWebhook } from './bench.ts';

interface AcmeEvent {
  event_id: string;
  reference: string;
  status: string;
  amount: string;
  currency: string;
}

describe('faults of webhooks', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const eventOf = (webhook: ReceivedWebhook | undefined): AcmeEvent => JSON.parse(webhook?.body ?? '{}') as AcmeEvent;

  function signatureHolds(webhook: ReceivedWebhook | undefined): boolean {
    const secret = bench.psp().credentials['webhookSecret'] ?? '';
    const text = `${webhook?.headers['x-timestamp']}.${webhook?.body}`;
    return webhook?.headers['x-signature'] === `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  }

  async function payWith(...faults: unknown[]): Promise<ReceivedWebhook[]> {
    await bench.plan(...faults);
    await acmeClient(bench).pay('order-1');
    await bench.rest();
    return bench.merchant.received;
  }

  it('webhook-lost in a window: the retry after it arrives', async () => {
    const received = await payWith({ fault: 'webhook-lost', from: 0, to: 24 * HOUR_MS });
    assert.equal(received.length, 1);
    assert.ok((received[0]?.atMs ?? 0) > bench.ports.clock.now() - 60 * HOUR_MS);
    const attempts = bench.events('webhook', 'send').length;
    assert.ok(attempts > 5, `${attempts} attempts`);
    assert.equal(bench.events('dead-letter').length, 0);
  });

  it('webhook-lost silently: never arrives and is never retried', async () => {
    const received = await payWith({ fault: 'webhook-lost', with: { silently: true } });
    assert.equal(received.length, 0);
    assert.equal(bench.events('webhook', 'send').length, 1);
  });

  it('webhook-lost for the first two attempts: the third arrives', async () => {
    const received = await payWith({ fault: 'webhook-lost', with: { attempts: 2 } });
    assert.equal(received.length, 1);
    assert.equal(bench.events('webhook', 'send').length, 3);
  });

  it('webhook-late: the first delivery comes after the delay', async () => {
    const before = bench.clock.now();
    const received = await payWith({ fault: 'webhook-late', with: { delayMs: HOUR_MS } });
    assert.ok((received[0]?.atMs ?? 0) - before >= HOUR_MS);
  });

  it('webhook-duplicate burst: the same event at the same instant', async () => {
    const received = await payWith({ fault: 'webhook-duplicate', with: { copies: 4 } });
    assert.equal(received.length, 5);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1);
    assert.equal(new Set(received.map(({ atMs }) => atMs)).size, 1);
    assert.ok(received.every(signatureHolds));
  });

  it('webhook-duplicate burst: all copies are under way before the first is acknowledged', async () => {
    await payWith({ fault: 'webhook-duplicate', with: { copies: 4 } });
    const sent = bench.events('webhook', 'send').map(({ i }) => i);
    const acknowledged = bench.events('webhook-ack').map(({ i }) => i);
    assert.equal(acknowledged.length, 5);
    assert.ok(
      Math.max(...sent) < Math.min(...acknowledged),
      `sent ${sent.join(' ')}, acknowledged ${acknowledged.join(' ')}`,
    );
  });

  it('webhook-duplicate serial: one after the other, each signed for its time', async () => {
    const received = await payWith({
      fault: 'webhook-duplicate',
      with: { copies: 2, mode: 'serial', gapMs: 10 * MINUTE_MS },
    });
    const gaps = received.slice(1).map(({ atMs }, index) => atMs - (received[index]?.atMs ?? 0));
    assert.deepEqual(gaps, [10 * MINUTE_MS, 10 * MINUTE_MS]);
    assert.ok(received.every(signatureHolds));
  });

  it('webhook-duplicate after days: acknowledged long ago, and here it is again', async () => {
    const twoDaysMs = 48 * HOUR_MS;
    const received = await payWith({
      fault: 'webhook-duplicate',
      with: { copies: 1, mode: 'serial', gapMs: twoDaysMs },
    });
    assert.equal(received.length, 2);
    assert.equal((received[1]?.atMs ?? 0) - (received[0]?.atMs ?? 0), twoDaysMs);
    assert.equal(received[1]?.body, received[0]?.body);
    assert.ok(received.every(signatureHolds));
  });

  it('webhook-reorder: later events overtake earlier ones for some payments', async () => {
    await bench.plan({ fault: 'webhook-reorder', with: { spreadMs: HOUR_MS } });
    const acme = acmeClient(bench);
    for (let n = 0; n < 8; n += 1) {
      const { json } = await acme.pay(`order-${n}`, { capture: false });
      await acme.post(`/payments/${String(json['payment_id'])}/capture`, {});
    }
    await bench.rest();
    const orders = new Map<string, string[]>();
    for (const event of bench.merchant.received.map(eventOf))
      orders.set(event.reference, [...(orders.get(event.reference) ?? []), event.status]);
    const overtaken = [...orders.values()].filter((states) => states[0] === 'captured').length;
    assert.ok(overtaken > 0 && overtaken < 8, `${overtaken} of 8 were overtaken`);
  });

  it('webhook-before-response: delivered and acknowledged before the call is answered', async () => {
    await bench.plan({ fault: 'webhook-before-response' });
    const answer = await acmeClient(bench).pay('order-1');
    assert.equal(answer.status, 201);
    assert.equal(bench.merchant.received.length, 1);
    const ack = bench.events('webhook-ack', 'recv')[0];
    const answered = bench.events('exchange', 'send')[0];
    assert.ok((ack?.i ?? Infinity) < (answered?.i ?? -1));
    await bench.rest();
    assert.equal(bench.merchant.received.length, 1);
  });

  it('webhook-before-response with a failing merchant: the retry follows on schedule', async () => {
    bench.merchant.status = 503;
    await bench.plan({ fault: 'webhook-before-response' });
    await acmeClient(bench).pay('order-1');
    bench.merchant.status = 200;
    await bench.rest();
    assert.equal(bench.merchant.received.length, 2);
  });

  it('webhook-forged: an extra event claims success, with a key the merchant never had', async () => {
    await bench.plan({ fault: 'webhook-forged' });
    await acmeClient(bench).pay('order-1', { token: 'tok_declined' });
    await bench.rest();
    const forged = bench.merchant.received.filter((webhook) => !signatureHolds(webhook));
    assert.deepEqual(
      forged.map((webhook) => eventOf(webhook).status),
      ['captured'],
    );
    const honest = bench.merchant.received.filter(signatureHolds);
    assert.deepEqual(
      honest.map((webhook) => eventOf(webhook).status),
      ['declined'],
    );
    assert.notEqual(eventOf(forged[0]).event_id, eventOf(honest[0]).event_id);
  });

  for (const signature of ['missing', 'malformed', 'altered-body'] as const) {
    it(`webhook-forged with signature ${signature} does not verify`, async () => {
      const received = await payWith({ fault: 'webhook-forged', with: { signature } });
      assert.equal(received.length, 2);
      const forged = received.filter((webhook) => !signatureHolds(webhook));
      assert.deepEqual(
        forged.map((webhook) => eventOf(webhook).amount),
        ['500.00'],
      );
      assert.equal(forged[0]?.headers['x-signature'] === undefined, signature === 'missing');
    });
  }

  it('webhook-stale: the same message with a valid signature of an hour ago', async () => {
    const received = await payWith({ fault: 'webhook-stale' });
    assert.equal(received.length, 2);
    assert.ok(received.every(signatureHolds));
    const ages = received
      .map(({ atMs, headers }) => Math.round(atMs / 1000) - Number(headers['x-timestamp']))
      .sort((a, b) => a - b);
    assert.ok((ages[0] ?? 9) <= 1 && Math.abs((ages[1] ?? 0) - 3_600) <= 1, String(ages));
  });

  it('webhook-wrong-amount: validly signed, one event, another amount; the books are right', async () => {
    const received = await payWith({ fault: 'webhook-wrong-amount', with: { factor: 2 } });
    assert.deepEqual(
      received.map((webhook) => [eventOf(webhook).amount, signatureHolds(webhook)]),
      [['100.00', true]],
    );
    const books = (await bench.control('GET', '/psps/acme/books')).json['payments'] as { captured_minor: number }[];
    assert.equal(books[0]?.captured_minor, 5_000);
    assert.equal((bench.events('webhook', 'send')[0]?.value as { tampered: string }).tampered, 'amount');
  });

  it('webhook-wrong-currency to the same currency: nothing is untrue, and nothing is called so', async () => {
    await payWith({ fault: 'webhook-wrong-currency', with: { currency: 'EUR' } });
    const said = bench.events('webhook', 'send').map(({ value }) => (value as { tampered: unknown }).tampered);
    assert.deepEqual(said, [null]);
  });

  it('webhook-wrong-currency: validly signed, another currency', async () => {
    const received = await payWith({ fault: 'webhook-wrong-currency', with: { currency: 'USD' } });
    assert.deepEqual(
      received.map((webhook) => eventOf(webhook).currency),
      ['USD'],
    );
  });

  it('webhook-ack-lost: delivered, and delivered again', async () => {
    const received = await payWith({ fault: 'webhook-ack-lost' });
    assert.equal(received.length, 2);
    assert.equal(eventOf(received[0]).event_id, eventOf(received[1]).event_id);
  });

  it('webhook-contradictory: a validly signed failure follows the success', async () => {
    const received = await payWith({ fault: 'webhook-contradictory', with: { afterMs: HOUR_MS } });
    assert.deepEqual(
      received.map((webhook) => eventOf(webhook).status),
      ['captured', 'declined'],
    );
    assert.ok(received.every(signatureHolds));
    assert.notEqual(eventOf(received[0]).event_id, eventOf(received[1]).event_id);
  });

  it('event filter: strikes only the named state', async () => {
    await bench.plan({ fault: 'webhook-lost', with: { silently: true }, event: 'authorized' });
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1', { capture: false });
    await acme.post(`/payments/${String(json['payment_id'])}/capture`, {});
    await bench.rest();
    assert.deepEqual(
      bench.merchant.received.map((webhook) => eventOf(webhook).status),
      ['captured'],
    );
  });
});
