/**
 * What every adapter says when the simulated PSP's answer is lost, late or a refusal, and how the
 * truth is learned later: by a question, by the same call under the same key, never by a second payment.
 */
import assert from 'node:assert/strict';
import { finals, payout, URLS } from './adapter-world.ts';
import { asked, complete, describeDialects, DIALECTS } from './adapter-dialects.ts';

const LOST = [
  { fault: 'answer-lost', booked: 1 },
  { fault: 'hang', booked: 1 },
  { fault: 'truncated', booked: 1 },
  { fault: 'error-after-commit', booked: 1 },
  { fault: 'reset-before-commit', booked: 0 },
  { fault: 'outage', booked: 0 },
] as const;

describeDialects('in doubt', DIALECTS, (traits, inWorld) => {
  for (const { fault, booked } of LOST)
    it(`does not know after ${fault}, and learns that ${booked === 1 ? 'the payment was' : 'nothing was'} made`, () =>
      inWorld(async (world) => {
        const { adapter, books, clock } = world;
        await world.fault({ fault, operation: 'create-payment', count: 1 });
        const result = await adapter.createPayment(asked(world), URLS);
        assert.equal(result.kind, 'in_doubt', JSON.stringify(result));
        assert.equal((await books()).payments.length, booked);
        await clock.sleep(adapter.capabilities.visibilityLagMs + 60_000);
        const { statusQuery, queryByReference } = adapter.capabilities;
        if (statusQuery && queryByReference !== false)
          assert.equal((await adapter.queryPayment(asked(world))).kind, booked === 1 ? 'approved' : 'not_found');
        const again = await complete(world);
        // A PSP that keeps its failures under the key says them again; then the question is the answer.
        if (fault !== 'error-after-commit' || again.kind !== 'in_doubt') assert.equal(again.kind, 'approved');
        assert.equal((await books()).payments.length, 1);
      }));

  it('is not reached, rate limited and not found as the PSP means it', () =>
    inWorld(async (world) => {
      const { adapter, books, clock, fault } = world;
      const { statusQuery, queryByReference } = adapter.capabilities;
      const unknown = asked(world, { pspReference: traits.unknownId });
      if (statusQuery) assert.deepEqual(await adapter.queryPayment(unknown), { kind: 'not_found' });
      if (statusQuery && queryByReference !== false)
        assert.deepEqual(await adapter.queryPayment(asked(world)), { kind: 'not_found' });
      await fault({ fault: 'rate-limited', operation: 'create-payment', count: 1 });
      const limited = await adapter.createPayment(asked(world), URLS);
      assert.ok(limited.kind === 'refused' && limited.code === 'rate_limited', JSON.stringify(limited));
      await fault({ fault: 'outage', with: { as: 'refused' } });
      await clock.sleep(1_000);
      assert.equal((await adapter.createPayment(asked(world), URLS)).kind, 'not_reached');
      assert.equal((await books()).payments.length, 0);
    }));
});

const PAYOUT_OUTCOMES = [
  ['ok', 'succeeded'],
  ['fail', 'failed'],
  ['returned', 'succeeded', 'returned'],
] as const;

describeDialects('paid out by', DIALECTS, ({ payouts }, inWorld) => {
  for (const method of payouts as ('card' | 'ewallet' | 'bank')[])
    for (const [word, ...outcomes] of PAYOUT_OUTCOMES)
      it(`pays out to ${method}_payout_${word}: ${outcomes.join(', then ')}`, () =>
        inWorld(async ({ adapter, books, clock, events }) => {
          const wanted = payout({ method, destinationToken: `${method}_payout_${word}` });
          const started = await adapter.createPayout(wanted);
          assert.ok(started.kind === 'pending' && started.pspReference !== null, JSON.stringify(started));
          assert.deepEqual(await adapter.createPayout(wanted), started);
          const { pspReference } = started;
          const money = { amountMinor: wanted.amountMinor, currency: wanted.currency };
          await clock.sleep(14 * 86_400_000);
          assert.deepEqual(
            finals(events, 'payout').map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
            outcomes.map((outcome) => [outcome, 'pot_1', pspReference, money]),
          );
          assert.equal((await books()).payouts.length, 1);
          const { statusQuery, queryByReference } = adapter.capabilities;
          if (!statusQuery) return;
          const last = outcomes.at(-1);
          const said = (await adapter.queryPayout({ ...wanted, pspReference })).kind;
          // Stripe calls a payout that came back failed; only its event tells that it was paid before.
          if (adapter.dialect !== 'stripe' || last !== 'returned')
            assert.equal(said, last === 'succeeded' ? 'paid' : last);
          if (queryByReference !== false) assert.equal((await adapter.queryPayout(wanted)).kind, said);
        }));

  const [first] = payouts;
  if (first !== undefined)
    it('makes no second payout when it repeats a call whose answer was lost', () =>
      inWorld(async ({ adapter, books, fault }) => {
        const wanted = payout({ method: first as 'card', destinationToken: `${first}_payout_ok` });
        // A payout of Checkout.com is a payment to somebody, by the same call.
        const operation = adapter.dialect === 'checkout' ? 'create-payment' : 'create-payout';
        await fault({ fault: 'answer-lost', operation, count: 1 });
        assert.equal((await adapter.createPayout(wanted)).kind, 'in_doubt');
        assert.equal((await adapter.createPayout(wanted)).kind, 'pending');
        assert.equal((await books()).payouts.length, 1);
      }));
  else
    it('pays nothing out', () =>
      inWorld(async ({ adapter }) => {
        const result = await adapter.createPayout(payout());
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }));
});
