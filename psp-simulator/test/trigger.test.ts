/**
 * Goal: every event that a dialect says it can send happens on command, with true books behind it.
 * Method: each declared type is triggered at a PSP of its own kind; the delivery log says what
 * reached the merchant, and the books are added up.
 */
import assert from 'node:assert/strict';
import { DIALECTS } from '../dialects/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import { acmeClient, openBench } from './bench.ts';
import type { Answer, Bench } from './bench.ts';

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** What must hold of any books, added up from the outside. */
function assertConsistent(books: Api.Books): void {
  for (const payment of books.payments) {
    const refunds = books.refunds.filter((refund) => refund.payment_psp_reference === payment.psp_reference);
    const disputes = books.disputes.filter((dispute) => dispute.payment_psp_reference === payment.psp_reference);
    const succeeded = refunds.filter(({ state }) => state === 'succeeded').map((refund) => refund.amount_minor);
    const taken = disputes.filter(({ state }) => state !== 'won' && state !== 'reversed');
    assert.equal(payment.refunded_minor, sum(succeeded), payment.psp_reference);
    assert.equal(payment.disputed_minor, sum(taken.map((dispute) => dispute.amount_minor)), payment.psp_reference);
    assert.equal(payment.captured_minor, sum(payment.captures.map((capture) => capture.amount_minor)));
    assert.ok(payment.captured_minor <= payment.amount_minor);
  }
  for (const refund of books.refunds)
    assert.ok(books.payments.some((payment) => payment.psp_reference === refund.payment_psp_reference));
}

for (const dialect of Object.values(DIALECTS)) {
  describe(`every event of ${dialect.name}`, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench({ psps: [{ name: 'psp', dialect: dialect.name }] });
    });
    after(() => bench.close());

    it('has a list of them', () => {
      assert.ok(Object.keys(dialect.eventTypes).length > 0);
    });

    for (const event of Object.keys(dialect.eventTypes)) {
      it(`happens on command: ${event}`, async () => {
        const { status, json } = await bench.control('POST', '/psps/psp/trigger', { event });
        assert.equal(status, 202, JSON.stringify(json));
        await bench.pass(60_000);
        const deliveries = await listed(bench, `/deliveries?event=${encodeURIComponent(event)}`);
        const ids = json['event_ids'] as string[];
        for (const id of ids) {
          const delivery = deliveries.find((entry) => entry['event_id'] === id);
          assert.equal(delivery?.['outcome'], 'acknowledged', `${id} among ${deliveries.length}`);
        }
        const books = await bench.control('GET', '/psps/psp/books');
        assertConsistent(books.json as unknown as Api.Books);
      });
    }
  });
}

async function listed(bench: Bench, path: string): Promise<Record<string, unknown>[]> {
  return (await bench.control('GET', path)).json as unknown as Record<string, unknown>[];
}

describe('a triggered event', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const trigger = (body: object): Promise<Answer> => bench.control('POST', '/psps/acme/trigger', body);
  const eventOf = (change: string): string => {
    const found = Object.entries(DIALECTS['acme']?.eventTypes ?? {}).find(([, made]) => made === change);
    assert.ok(found, change);
    return found[0];
  };

  it('goes on from the payment that has the reference, and makes none', async () => {
    await acmeClient(bench).pay('order-1', { capture: false });
    const { status, json } = await trigger({ event: eventOf('refund-succeeded'), reference: 'order-1' });
    assert.equal(status, 202, JSON.stringify(json));
    const books = (await bench.control('GET', '/psps/acme/books')).json as unknown as Api.Books;
    assert.deepEqual(
      books.payments.map(({ reference, state, refunded_minor: refunded }) => [reference, state, refunded]),
      [['order-1', 'refunded', 5_000]],
    );
  });

  it('uses reference, amount and currency for what is new', async () => {
    const wish = { reference: 'gift', amount_minor: 70_00, currency: 'USD' };
    const { json } = await trigger({ event: eventOf('payment-captured'), ...wish });
    assert.equal(json['reference'], 'gift');
    const books = (await bench.control('GET', '/psps/acme/books?reference=gift')).json as unknown as Api.Books;
    assert.deepEqual(
      books.payments.map(({ psp_reference: id, amount_minor: minor, currency }) => [id, minor, currency]),
      [[json['psp_reference'], 70_00, 'USD']],
    );
  });

  it('is sent although the endpoint is not subscribed to it', async () => {
    await bench.control('PATCH', '/psps/acme', { profile: { webhookEvents: [] } });
    const { status, json } = await trigger({ event: eventOf('payment-declined') });
    assert.equal(status, 202, JSON.stringify(json));
    await bench.pass(60_000);
    assert.ok(bench.merchant.received.length > 0);
    await acmeClient(bench).pay('silent');
    const before = bench.merchant.received.length;
    await bench.pass(60_000);
    assert.equal(bench.merchant.received.length, before);
  });

  it('says what cannot follow, and what is near to an unknown word', async () => {
    await acmeClient(bench).pay('order-1', { token: 'tok_declined' });
    const refund = await trigger({ event: eventOf('refund-succeeded'), reference: 'order-1' });
    assert.equal(refund.status, 409, JSON.stringify(refund.json));
    const event = eventOf('payment-captured');
    const unknown = await trigger({ event: `${event}x` });
    assert.equal(unknown.status, 422);
    assert.match(String(unknown.json['message']), new RegExp(`did you mean ${event.replaceAll('.', '\\.')}\\?`));
  });

  it('leaves its trace in the history as the cause of what it changed', async () => {
    await trigger({ event: eventOf('payment-captured') });
    const [note] = bench.events('trigger');
    assert.ok(bench.events('books').every(({ cause }) => cause === note?.i));
  });
});
