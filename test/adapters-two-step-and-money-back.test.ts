/**
 * What the adapters of acme, Stripe and Adyen can do beyond a plain payment, against the
 * simulated ones: two steps, kept cards, forced challenges, other methods, parts of refunds,
 * disputes, payouts that come back. The books are the judge of what really happened.
 */
import assert from 'node:assert/strict';
import type { PspEvent } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, MONEY, payout, RETURN_URL } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';

const DIALECTS = ['acme', 'stripe', 'adyen'] as const;

const pay = ({ adapter }: AdapterWorld, more: Parameters<typeof attempt>[0] = {}) =>
  adapter.createPayment(attempt(more), { returnUrl: RETURN_URL });

async function paid(world: AdapterWorld, more: Parameters<typeof attempt>[0] = {}) {
  const result = await pay(world, more);
  assert.ok(result.kind === 'approved', JSON.stringify(result));
  return result;
}

async function authorized(world: AdapterWorld, more: Parameters<typeof attempt>[0] = {}): Promise<string> {
  const result = await pay(world, { capture: 'manual', ...more });
  assert.ok(result.kind === 'authorized', JSON.stringify(result));
  assert.deepEqual(result.money, MONEY);
  return result.pspReference;
}

/** Through the page at the PSP and back, as the service goes. */
async function afterPage(world: AdapterWorld, more: Parameters<typeof attempt>[0], action: 'approve' | 'fail') {
  const { adapter, payer } = world;
  const opened = await pay(world, more);
  assert.ok(opened.kind === 'requires_action', JSON.stringify(opened));
  const query = await payer(opened.redirectUrl, action);
  const known = attempt({ ...more, pspReference: opened.pspReference });
  return adapter.submitReturn === undefined ? adapter.queryPayment(known) : adapter.submitReturn(known, query);
}

const captureOf = (pspReference: string, amountMinor: number, idempotencyKey = 'key-cap_1') => ({
  attemptId: 'att_1',
  paymentId: 'pay_1',
  pspReference,
  idempotencyKey,
  amountMinor,
  currency: 'EUR',
});

const refundOf = (pspReference: string, refundId: string, amountMinor: number) => ({
  refundId,
  attemptId: 'att_1',
  pspReference,
  idempotencyKey: `key-${refundId}`,
  amountMinor,
  currency: 'EUR',
});

const told = (events: readonly PspEvent[], subject: PspEvent['subject']) =>
  finals(events, subject).map(({ outcome, reference, money }) => [outcome, reference, money?.amountMinor]);

for (const dialect of DIALECTS) {
  const isAdyen = dialect === 'adyen';
  const inWorld = (work: (world: AdapterWorld) => Promise<void>): Promise<void> => inAdapterWorld(dialect, work);

  describe(`${dialect} adapter beyond a plain payment`, () => {
    it('authorizes, and captures a part once', () =>
      inWorld(async (world) => {
        const { adapter, clock, events, books } = world;
        const pspReference = await authorized(world);
        await clock.sleep(60_000);
        assert.equal((await books()).payments[0]?.captured_minor, 0);
        const [first] = finals(events, 'payment');
        const saysAuthorized = first?.outcome === 'authorized' || first?.onlyIfAutomatic === true;
        assert.ok(saysAuthorized, JSON.stringify(first));
        for (let tries = 0; tries < 2; tries += 1) {
          const result = await adapter.capturePayment(captureOf(pspReference, 3_000));
          const expected = { kind: 'captured', money: { amountMinor: 3_000, currency: 'EUR' } };
          assert.deepEqual(result, isAdyen ? { kind: 'received' } : expected);
        }
        await clock.sleep(60_000);
        assert.equal((await books()).payments[0]?.captured_minor, 3_000);
        // Where the release of the rest is told too, it says the same of the money.
        const captures = finals(events, 'payment').slice(1);
        assert.ok(captures.length > 0);
        for (const event of captures)
          assert.deepEqual(
            [event.outcome, event.onlyIfAutomatic, event.pspReference, event.money?.amountMinor],
            ['succeeded', undefined, pspReference, 3_000],
          );
        if (adapter.capabilities.statusQuery)
          assert.deepEqual(await adapter.queryPayment(attempt({ pspReference })), {
            kind: 'approved',
            pspReference,
            money: { amountMinor: 3_000, currency: 'EUR' },
          });
      }));

    it('learns that a capture whose answer was lost was made', () =>
      inWorld(async (world) => {
        const { adapter, clock, events, fault } = world;
        const pspReference = await authorized(world);
        await fault({ fault: 'answer-lost', operation: 'capture', count: 1 });
        assert.equal((await adapter.capturePayment(captureOf(pspReference, 5_000))).kind, 'in_doubt');
        const other = await adapter.capturePayment(captureOf(pspReference, 5_000, 'key-cap_2'));
        assert.equal(other.kind, isAdyen ? 'received' : 'captured', JSON.stringify(other));
        await clock.sleep(60_000);
        assert.ok(told(events, 'payment').some(([outcome, , minor]) => outcome === 'succeeded' && minor === 5_000));
        assert.equal((await world.books()).payments[0]?.captured_minor, 5_000);
      }));

    it('voids an authorization, and captures no more', () =>
      inWorld(async (world) => {
        const { adapter, clock, events, books } = world;
        const pspReference = await authorized(world);
        const result = await adapter.cancelPayment(attempt({ capture: 'manual', pspReference }));
        assert.equal(result.kind, isAdyen ? 'received' : 'canceled', JSON.stringify(result));
        await clock.sleep(60_000);
        assert.equal(told(events, 'payment').at(-1)?.[0], 'canceled');
        const late = await adapter.capturePayment(captureOf(pspReference, 5_000));
        assert.equal(late.kind, isAdyen ? 'received' : 'rejected', JSON.stringify(late));
        await clock.sleep(60_000);
        assert.equal((await books()).payments[0]?.captured_minor, 0);
      }));

    it('tells that an authorization which nobody captured is over', () =>
      inWorld(async (world) => {
        await authorized(world);
        await world.clock.sleep(40 * DAY_MS);
        const last = told(world.events, 'payment').at(-1);
        assert.ok(last?.[0] === 'canceled' || last?.[0] === 'failed', JSON.stringify(last));
      }));

    it('keeps a card and charges it again by its token, also in two steps', () =>
      inWorld(async (world) => {
        const { stored } = await paid(world, { storeMethod: true });
        assert.ok(stored !== undefined);
        assert.match(stored.last4 ?? '', /^[0-9]{4}$/);
        const again = { token: '', storedToken: stored.token } as const;
        await paid(world, { ...again, attemptId: 'att_2', idempotencyKey: 'key-att_2' });
        await authorized(world, { ...again, attemptId: 'att_3', idempotencyKey: 'key-att_3' });
        assert.equal((await world.books()).payments.filter(({ captured_minor }) => captured_minor > 0).length, 2);
      }));

    it('keeps the card of a payment that was challenged first', () =>
      inWorld(async (world) => {
        const result = await afterPage(world, { token: 'card_3ds', storeMethod: true }, 'approve');
        assert.ok(result.kind === 'approved' && result.stored !== undefined, JSON.stringify(result));
      }));

    for (const token of ['card_ok', 'card_soft_decline'])
      it(`forces a challenge of ${token}, after which it is approved`, () =>
        inWorld(async (world) => {
          const result = await afterPage(world, { token, challenge: 'force' }, 'approve');
          assert.equal(result.kind, 'approved', JSON.stringify(result));
        }));

    it('declines a card softly when it would need a challenge', () =>
      inWorld(async (world) => {
        const result = await pay(world, { token: 'card_soft_decline' });
        assert.ok(result.kind === 'declined' && result.code === 'authentication_required', JSON.stringify(result));
      }));

    it('authorizes after a challenge, too', () =>
      inWorld(async (world) => {
        const result = await afterPage(world, { token: 'card_3ds', capture: 'manual' }, 'approve');
        assert.equal(result.kind, 'authorized', JSON.stringify(result));
      }));

    it('refunds in parts, each told by its own amount and id', () =>
      inWorld(async (world) => {
        const { adapter, clock, events, books } = world;
        const { pspReference } = await paid(world);
        const first = await adapter.refundPayment(refundOf(pspReference, 'ref_1', 2_000));
        assert.ok(first.kind === 'refunded' || first.kind === 'received', JSON.stringify(first));
        await adapter.refundPayment(refundOf(pspReference, 'ref_2', 2_500));
        const tooMuch = await adapter.refundPayment(refundOf(pspReference, 'ref_3', 501));
        assert.equal(tooMuch.kind, isAdyen ? 'received' : 'rejected', JSON.stringify(tooMuch));
        await clock.sleep(DAY_MS);
        const succeeded = finals(events, 'refund').filter(({ outcome }) => outcome === 'succeeded');
        const parts = new Map(succeeded.map((event) => [event.partReference, event]));
        assert.deepEqual(
          [...parts.values()].map((event) => [event.reference, event.pspReference, event.money?.amountMinor]).sort(),
          [
            ['ref_1', pspReference, 2_000],
            ['ref_2', pspReference, 2_500],
          ],
        );
        assert.ok(parts.has(first.refundReference ?? ''));
        assert.ok(finals(events, 'payment').every(({ outcome }) => outcome !== 'refunded'));
        assert.equal((await books()).payments[0]?.refunded_minor, 4_500);
      }));

    it('tells that a refund failed', () =>
      inWorld(async (world) => {
        const { pspReference } = await paid(world, { token: 'card_refund_fails' });
        await world.adapter.refundPayment(refundOf(pspReference, 'ref_1', 5_000));
        await world.clock.sleep(14 * DAY_MS);
        assert.deepEqual(told(world.events, 'refund').at(-1), ['failed', 'ref_1', 5_000]);
        assert.equal((await world.books()).payments[0]?.refunded_minor, 0);
      }));

    it('tells a dispute from its opening to its end, always by the same id', () =>
      inWorld(async (world) => {
        const { pspReference } = await paid(world, { token: 'card_disputed' });
        await world.clock.sleep(90 * DAY_MS);
        const disputes = finals(world.events, 'dispute');
        assert.deepEqual(
          disputes.map((event) => [event.outcome, event.pspReference, event.money]),
          [
            ['dispute_opened', pspReference, MONEY],
            ['dispute_lost', pspReference, MONEY],
          ],
        );
        assert.ok(disputes[0]?.partReference);
        assert.equal(disputes[0].partReference, disputes[1]?.partReference);
      }));

    it('is paid back by the bank after a payout was paid', () =>
      inWorld(async ({ adapter, clock, events }) => {
        const asked = payout({ destinationToken: 'card_payout_returned' });
        const started = await adapter.createPayout(asked);
        assert.ok(started.kind === 'pending', JSON.stringify(started));
        await clock.sleep(14 * DAY_MS);
        assert.deepEqual(told(events, 'payout'), [
          ['succeeded', 'pot_1', 5_000],
          ['returned', 'pot_1', 5_000],
        ]);
      }));

    it('takes no notice of settlements', () =>
      inWorld(async (world) => {
        await paid(world);
        await world.clock.sleep(10 * DAY_MS);
        const { batches } = await world.settle();
        assert.ok(batches.length > 0);
        await world.clock.sleep(DAY_MS);
        assert.deepEqual(told(world.events, 'payment'), [['succeeded', 'att_1', 5_000]]);
        assert.deepEqual(told(world.events, 'payout'), []);
      }));
  });
}

describe("acme adapter's other methods", () => {
  for (const { method, token, action, kind } of [
    { method: 'ewallet', token: 'ewallet_ok', action: 'approve', kind: 'approved' },
    { method: 'ewallet', token: 'ewallet_ok', action: 'fail', kind: 'declined' },
    { method: 'ewallet', token: 'ewallet_declined', action: 'approve', kind: 'declined' },
    { method: 'p2p', token: 'p2p_ok', action: 'approve', kind: 'approved' },
    { method: 'voucher', token: 'voucher_ok', action: 'approve', kind: 'approved' },
  ] as const)
    it(`ends ${token} as ${kind} when the payer chooses ${action}`, () =>
      inAdapterWorld('acme', async (world) => {
        const result = await afterPage(world, { method, token }, action);
        assert.equal(result.kind, kind, JSON.stringify(result));
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome }) => outcome),
          [kind === 'approved' ? 'succeeded' : 'failed'],
        );
      }));

  it('authorizes an e-wallet and captures it', () =>
    inAdapterWorld('acme', async (world) => {
      const more = { method: 'ewallet', token: 'ewallet_ok', capture: 'manual' } as const;
      const result = await afterPage(world, more, 'approve');
      assert.ok(result.kind === 'authorized', JSON.stringify(result));
      const captured = await world.adapter.capturePayment(captureOf(result.pspReference, 5_000));
      assert.equal(captured.kind, 'captured');
    }));

  for (const method of ['ewallet', 'bank'] as const)
    it(`pays out to ${method}`, () =>
      inAdapterWorld('acme', async ({ adapter, clock, events }) => {
        await adapter.createPayout(payout({ method, destinationToken: `${method}_payout_ok` }));
        await clock.sleep(3 * DAY_MS);
        assert.deepEqual(told(events, 'payout'), [['succeeded', 'pot_1', 5_000]]);
      }));
});
