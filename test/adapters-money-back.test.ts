/** Money that goes back: refunds in parts, failed ones, disputes. Every adapter against its simulated PSP, with the books as the judge. */
import assert from 'node:assert/strict';
import { DAY_MS, finals, MONEY, refundOf } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { asked, describeDialects, DIALECTS, paid } from './adapter-dialects.ts';

const refundedAt = async ({ books }: AdapterWorld) => (await books()).payments[0]?.refunded_minor;

describeDialects('given back', DIALECTS, (traits, inWorld) => {
  it('refunds in parts, each once and told by its own amount and id, and never more than there is', () =>
    inWorld(async (world) => {
      const { adapter, clock, events } = world;
      const { pspReference } = await paid(world);
      const refund = (refundId: string, amountMinor: number) =>
        adapter.refundPayment(refundOf(pspReference, { refundId, amountMinor }));
      const first = await refund('ref_1', 2_000);
      assert.ok(first.kind === traits.refunds, JSON.stringify(first));
      assert.deepEqual(await refund('ref_1', 2_000), first);
      assert.equal((await refund('ref_2', 2_500)).kind, traits.refunds);
      // Adyen takes a modification first and refuses it by webhook; the books below say that it did.
      assert.equal((await refund('ref_3', 501)).kind, adapter.dialect === 'adyen' ? 'received' : 'rejected');
      await clock.sleep(3 * DAY_MS);
      const told = finals(events, 'refund').filter(({ outcome }) => outcome === 'succeeded');
      const parts = new Map(told.map((event) => [event.partReference, event]));
      const isNamed = adapter.dialect !== 'paypal';
      assert.deepEqual(
        [...parts.values()].map((event) => [event.reference, event.pspReference, event.money?.amountMinor]).sort(),
        [
          ['ref_1', isNamed ? pspReference : null, 2_000],
          ['ref_2', isNamed ? pspReference : null, 2_500],
        ],
      );
      assert.ok(parts.has(first.refundReference ?? ''));
      assert.equal(await refundedAt(world), 4_500);
      assert.equal((await refund('ref_4', 500)).kind, traits.refunds);
      await clock.sleep(3 * DAY_MS);
      assert.equal(await refundedAt(world), MONEY.amountMinor);
      if (!adapter.capabilities.statusQuery) return;
      // A payment by bank stays settled: what goes back is another transfer.
      const kind = adapter.dialect === 'open-banking' ? 'approved' : 'refunded';
      assert.equal((await adapter.queryPayment(asked(world, { pspReference }))).kind, kind);
    }));

  it('makes no second refund when it repeats a call whose answer was lost', () =>
    inWorld(async (world) => {
      const { adapter, clock, fault } = world;
      const { pspReference } = await paid(world);
      const refund = refundOf(pspReference, { amountMinor: 2_000 });
      await fault({ fault: 'answer-lost', operation: 'refund', count: 1 });
      assert.equal((await adapter.refundPayment(refund)).kind, 'in_doubt');
      await clock.sleep(Math.min(adapter.capabilities.keyLifeMs, DAY_MS) - 60_000);
      const again = await adapter.refundPayment(refund);
      assert.ok(again.kind === 'refunded' || again.kind === 'received', JSON.stringify(again));
      await clock.sleep(3 * DAY_MS);
      assert.equal(await refundedAt(world), 2_000);
    }));

  it('tells that a refund failed', () =>
    inWorld(async (world) => {
      const { pspReference } = await paid(world, traits.refundFails);
      await world.adapter.refundPayment(refundOf(pspReference));
      await world.clock.sleep(14 * DAY_MS);
      const last = finals(world.events, 'refund').at(-1);
      assert.deepEqual([last?.outcome, last?.reference, last?.money], ['failed', 'ref_1', MONEY]);
      assert.equal(await refundedAt(world), 0);
    }));

  for (const [token, ...outcomes] of traits.disputes)
    it(`tells a dispute of ${token} always by the same id: ${outcomes.join(', then ')}`, () =>
      inWorld(async (world) => {
        const { pspReference } = await paid(world, { token });
        await world.clock.sleep(90 * DAY_MS);
        const disputes = finals(world.events, 'dispute');
        assert.deepEqual(
          disputes.map(({ outcome, money }) => [outcome, money]),
          outcomes.map((outcome) => [outcome, MONEY]),
        );
        for (const event of disputes)
          assert.ok(event.pspReference === pspReference || event.reference === 'att_1', JSON.stringify(event));
        assert.equal(new Set(disputes.map(({ partReference }) => partReference)).size, 1);
        assert.ok(disputes[0]?.partReference);
      }));

  it('takes no notice of settlements', () =>
    inWorld(async (world) => {
      await paid(world);
      await world.clock.sleep(10 * DAY_MS);
      await world.settle();
      await world.clock.sleep(DAY_MS);
      assert.deepEqual(
        finals(world.events, 'payment').map(({ outcome }) => outcome),
        ['succeeded'],
      );
      assert.deepEqual(finals(world.events, 'payout'), []);
    }));
});
