/** Authorize first, capture or void later: every adapter that can against its simulated PSP, with the books as the judge. */
import assert from 'node:assert/strict';
import { captureOf, DAY_MS, finals, MONEY } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { asked, authorized, complete, describeDialects, DIALECTS, TWO_STEP_DIALECTS } from './adapter-dialects.ts';

const PART = { amountMinor: 3_000, currency: 'EUR' };
const RECEIVED = { kind: 'received' };

const outcomes = ({ events }: AdapterWorld): string[] => finals(events, 'payment').map(({ outcome }) => outcome);
const capturedAt = async ({ books }: AdapterWorld) => (await books()).payments.map((one) => one.captured_minor);

describeDialects('in two steps', TWO_STEP_DIALECTS, ({ changesLater }, inWorld) => {
  it('authorizes, and captures a part once, which releases the rest and cancels nothing', () =>
    inWorld(async (world) => {
      const { adapter, clock, events } = world;
      const pspReference = await authorized(world);
      await clock.sleep(60_000);
      const [first] = finals(events, 'payment');
      assert.ok(first?.outcome === 'authorized' || first?.onlyIfAutomatic === true, JSON.stringify(first));
      assert.deepEqual(await capturedAt(world), [0]);
      for (let tries = 0; tries < 2; tries += 1) {
        const result = await adapter.capturePayment(captureOf(pspReference, PART));
        assert.deepEqual(result, changesLater ? RECEIVED : { kind: 'captured', money: PART });
      }
      await clock.sleep(60_000);
      assert.deepEqual(await capturedAt(world), [PART.amountMinor]);
      const captures = finals(events, 'payment').slice(1);
      assert.ok(captures.length > 0);
      for (const event of captures)
        assert.deepEqual(
          [event.outcome, event.onlyIfAutomatic, event.pspReference, event.money],
          ['succeeded', undefined, pspReference, PART],
        );
      const known = asked(world, { capture: 'manual', pspReference });
      if (!adapter.capabilities.statusQuery) return;
      assert.deepEqual(await adapter.queryPayment(known), { kind: 'approved', pspReference, money: PART });
      assert.equal((await adapter.cancelPayment(known)).kind, 'too_late');
    }));

  it('learns that a capture whose answer was lost was made', () =>
    inWorld(async (world) => {
      const { adapter, clock, fault } = world;
      const pspReference = await authorized(world);
      await fault({ fault: 'answer-lost', operation: 'capture', count: 1 });
      assert.equal((await adapter.capturePayment(captureOf(pspReference))).kind, 'in_doubt');
      // Long after Mollie has forgotten the key.
      await clock.sleep(5 * 3_600_000);
      const other = await adapter.capturePayment(captureOf(pspReference, { idempotencyKey: 'key-cap_2' }));
      assert.deepEqual(other, adapter.dialect === 'adyen' ? RECEIVED : { kind: 'captured', money: MONEY });
      await clock.sleep(60_000);
      assert.ok(outcomes(world).includes('succeeded'));
      assert.deepEqual(await capturedAt(world), [MONEY.amountMinor]);
    }));

  it('voids an authorization, by our reference where it can, however often, and captures no more', () =>
    inWorld(async (world) => {
      const { adapter, clock } = world;
      const pspReference = await authorized(world);
      await clock.sleep(adapter.capabilities.visibilityLagMs + 1_000);
      const known = asked(world, {
        capture: 'manual',
        pspReference: adapter.capabilities.cancelByReference ? null : pspReference,
      });
      assert.deepEqual(await adapter.cancelPayment(known), changesLater ? RECEIVED : { kind: 'canceled' });
      await clock.sleep(2 * DAY_MS);
      assert.equal(outcomes(world).at(-1), 'canceled');
      const isDeaf = adapter.dialect === 'adyen';
      assert.deepEqual(await adapter.cancelPayment(known), isDeaf ? RECEIVED : { kind: 'canceled' });
      assert.equal((await adapter.capturePayment(captureOf(pspReference))).kind, isDeaf ? 'received' : 'rejected');
      await clock.sleep(60_000);
      assert.deepEqual(await capturedAt(world), [0]);
    }));

  it('tells that an authorization which nobody captured is over', () =>
    inWorld(async (world) => {
      await authorized(world);
      await world.clock.sleep(40 * DAY_MS);
      const last = outcomes(world).at(-1);
      assert.ok(last === 'canceled' || last === 'failed', last);
    }));

  it('authorizes after a challenge, and with a kept card, too', () =>
    inWorld(async (world) => {
      await authorized(world, { token: 'card_3ds' });
      const first = await complete(world, { attemptId: 'att_2', storeMethod: true });
      assert.ok(first.kind === 'approved' && first.stored !== undefined, JSON.stringify(first));
      await authorized(world, { attemptId: 'att_3', token: '', storedToken: first.stored.token });
    }));
});

describeDialects('canceled while it is open', DIALECTS, ({ cancelsOpen, pays }, inWorld) => {
  if (!cancelsOpen) return;
  it('cancels what waits for the payer, and is told of it', () =>
    inWorld(async (world) => {
      const { adapter, clock } = world;
      const wish = pays.method === 'bank' ? {} : { token: 'card_3ds' };
      const opened = await adapter.createPayment(asked(world, wish), { returnUrl: 'http://merchant/return' });
      assert.ok(opened.kind === 'requires_action', JSON.stringify(opened));
      await clock.sleep(adapter.capabilities.visibilityLagMs + 1_000);
      const { cancelByReference } = adapter.capabilities;
      const known = asked(world, { ...wish, pspReference: cancelByReference ? null : opened.pspReference });
      const expected = adapter.dialect === 'adyen' ? RECEIVED : { kind: 'canceled' };
      for (let tries = 0; tries < 2; tries += 1) assert.deepEqual(await adapter.cancelPayment(known), expected);
      await clock.sleep(60_000);
      assert.deepEqual(
        (await world.books()).payments.map(({ state }) => state),
        ['canceled'],
      );
    }));
});
