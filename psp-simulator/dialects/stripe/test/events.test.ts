/**
 * Goal: an endpoint that is subscribed to everything receives each declared event type when the
 * change that makes it happens, and no type that nobody declared.
 */
import assert from 'node:assert/strict';
import { openBench, type Bench } from '../../../test/bench.ts';
import { stripeEventTypes } from '../webhooks.ts';

describe('the events of stripe', () => {
  let bench: Bench;
  beforeEach(async () => {
    const fast = { kind: 'fixed', ms: 0 } as const;
    const profile = { webhookEvents: ['*'], firstDelivery: fast };
    bench = await openBench({ psps: [{ name: 'stripe', dialect: 'stripe', profile }] });
  });
  afterEach(() => bench.close());

  const received = (): string[] =>
    bench.merchant.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

  for (const event of Object.keys(stripeEventTypes)) {
    it(`brings ${event} to who is subscribed to it`, async () => {
      const { status, json } = await bench.control('POST', '/psps/stripe/trigger', { event });
      assert.equal(status, 202, JSON.stringify(json));
      await bench.pass(1_000);
      assert.ok(received().includes(event), `received ${received().join(', ')}`);
      for (const type of received()) assert.ok(type in stripeEventTypes, `${type} is not declared`);
    });
  }

  it('states what moved in each of several captures, and closes the intent with the last', async () => {
    await bench.control('POST', '/psps/stripe/trigger', { event: 'charge.captured' });
    await bench.pass(1_000);
    const intents = bench.merchant.received
      .map(({ body }) => JSON.parse(body) as { type: string; data: { object: Record<string, unknown> } })
      .filter(({ type }) => type.startsWith('payment_intent.'))
      .map(({ type, data: { object } }) => [type, object['status'], object['amount_received'] !== 0]);
    assert.deepEqual(intents.at(-1), ['payment_intent.succeeded', 'succeeded', true]);
    assert.ok(intents.some(([, status, moved]) => status === 'requires_capture' && moved === true));
  });
});
