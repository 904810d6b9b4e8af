/**
 * The service's PSP adapters against the simulator's PSPs: two readings of the same public
 * protocols, written apart, meeting over HTTP. Where they agree here, neither has bent the
 * protocol to suit the other. The books are the judge of what really happened.
 */
import assert from 'node:assert/strict';
import { attempt, finals, MONEY, URLS } from './adapter-world.ts';
import { asked, complete, describeDialects, DIALECTS, paid } from './adapter-dialects.ts';

const OUTCOMES = { approved: 'succeeded', declined: 'failed', canceled: 'canceled' } as const;

describeDialects('paid to', DIALECTS, (traits, inWorld) => {
  for (const token of traits.atOnce)
    it(`approves ${token} at once, and the event says the same`, () =>
      inWorld(async (world) => {
        const result = await paid(world, { token });
        assert.deepEqual(result.money, MONEY);
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [
            event.outcome,
            event.reference,
            event.pspReference,
            event.money,
          ]),
          [['succeeded', 'att_1', result.pspReference, MONEY]],
        );
        assert.equal((await world.books()).payments[0]?.captured_minor, MONEY.amountMinor);
      }));

  for (const [token, code] of traits.declines)
    it(`declines ${token} with ${code}, told by the answer, a query and the event`, () =>
      inWorld(async (world) => {
        const { adapter, clock } = world;
        const result = await complete(world, { token });
        assert.ok(result.kind === 'declined' && result.declineClass === 'issuer', JSON.stringify(result));
        assert.equal(result.code, code);
        await clock.sleep(adapter.capabilities.visibilityLagMs + 60_000);
        const { pspReference } = result;
        if (adapter.capabilities.statusQuery)
          assert.deepEqual(await adapter.queryPayment(attempt({ token, pspReference })), result);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome, reference }) => [outcome, reference]),
          [['failed', 'att_1']],
        );
        assert.deepEqual(
          (await world.books()).payments.map(({ state }) => state),
          ['declined'],
        );
      }));

  for (const { wish, action, kind, code, silent } of traits.pages)
    it(`sends ${wish.token} ${wish.currency ?? ''} to a page; after "${action}" it is ${code ?? kind}`, () =>
      inWorld(async (world) => {
        const opened = await world.adapter.createPayment(asked(world, wish), URLS);
        assert.equal(opened.kind, 'requires_action', JSON.stringify(opened));
        const result = await complete(world, wish, action);
        assert.equal(result.kind, kind, JSON.stringify(result));
        if (result.kind === 'declined' && code !== undefined) assert.equal(result.code, code);
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome, reference }) => [outcome, reference]),
          silent === true ? [] : [[OUTCOMES[kind], 'att_1']],
        );
        const [payment, ...others] = (await world.books()).payments;
        assert.deepEqual(others, []);
        assert.equal(payment?.captured_minor, kind === 'approved' ? MONEY.amountMinor : 0);
      }));

  it('gets the same payment again for the same key', () =>
    inWorld(async (world) => {
      const first = await world.adapter.createPayment(asked(world), URLS);
      assert.deepEqual(await world.adapter.createPayment(asked(world), URLS), first);
      assert.equal((await world.books()).payments.length, 1);
    }));

  for (const wish of traits.impossible)
    it(`refuses ${JSON.stringify(wish)} before a byte is sent`, () =>
      inWorld(async (world) => {
        const result = await world.adapter.createPayment(asked(world, wish), URLS);
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
        assert.equal((await world.books()).payments.length, 0);
      }));

  for (const money of traits.moneys)
    it(`means the same amount of ${money.currency} as the books`, () =>
      inWorld(async (world) => {
        const result = await paid(world, money);
        assert.deepEqual(result.money, money);
        await world.clock.sleep(60_000);
        assert.deepEqual(finals(world.events, 'payment')[0]?.money, money);
        const [payment] = (await world.books()).payments;
        assert.deepEqual({ amountMinor: payment?.captured_minor, currency: payment?.currency }, money);
      }));

  const { keeps } = traits;
  if (keeps !== null)
    it('keeps a card, also after a challenge, and charges it again by its token', () =>
      inWorld(async (world) => {
        const { stored } = await paid(world, { storeMethod: true });
        assert.deepEqual([stored?.brand, stored?.last4], keeps);
        const again = { token: '', storedToken: stored?.token ?? '' };
        await paid(world, { ...again, attemptId: 'att_2' });
        const challenged = await paid(world, { attemptId: 'att_3', token: 'card_3ds', storeMethod: true });
        assert.ok(challenged.stored !== undefined);
      }));

  if (traits.atOnce.length > 0)
    for (const token of ['card_ok', 'card_soft_decline'])
      it(`forces a challenge of ${token}, after which it is approved`, () =>
        inWorld(async (world) => {
          const opened = await world.adapter.createPayment(asked(world, { token, challenge: 'force' }), URLS);
          assert.equal(opened.kind, 'requires_action', JSON.stringify(opened));
          await paid(world, { token, challenge: 'force' });
        }));
});
