/** The PayPal adapter against the simulated PayPal; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import type { PspPaymentAttempt } from '../reference-service/index.ts';
import {
  attempt,
  captureOf,
  DAY_MS,
  finals,
  inAdapterWorld,
  MONEY,
  payout,
  refundOf,
  RETURN_URL,
} from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { paid } from './adapter-dialects.ts';
import { linesOf, recordsOf } from './settlement-files.ts';

const inWorld = (work: (world: AdapterWorld) => Promise<void>) => inAdapterWorld('paypal', work);
const pay = ({ adapter }: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) =>
  adapter.createPayment(attempt(more), { returnUrl: RETURN_URL });
const WALLET = { method: 'ewallet', token: 'ewallet_ok' } as const;

/** A PayPal account: sent to the page, approved there; gives the order's id and the query of the return. */
async function approvedByPayer(world: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) {
  const result = await pay(world, { ...WALLET, ...more });
  assert.ok(result.kind === 'requires_action' && result.pspReference !== null, JSON.stringify(result));
  const query = await world.payer(result.redirectUrl, 'approve');
  return { query, known: attempt({ ...WALLET, ...more, pspReference: result.pspReference }) };
}

const states = async ({ books }: AdapterWorld) => (await books()).payments.map(({ state }) => state);

describe('paypal adapter against the simulated paypal', () => {
  it('takes the money of an approved challenge when the payer is back, once', () =>
    inWorld(async (world) => {
      const result = await pay(world, { token: 'card_3ds' });
      assert.ok(result.kind === 'requires_action', JSON.stringify(result));
      const query = await world.payer(result.redirectUrl, 'approve');
      const known = attempt({ token: 'card_3ds', pspReference: result.pspReference });
      const after = await world.adapter.submitReturn?.(known, query);
      assert.equal(after?.kind, 'approved', JSON.stringify(after));
      assert.deepEqual(await world.adapter.submitReturn?.(known, query), after);
      assert.deepEqual(await world.adapter.queryPayment(known), after);
      assert.deepEqual(await states(world), ['captured']);
    }));

  describe('with a PayPal account', () => {
    it('takes the money by the event of the approval alone, when the browser never came back', () =>
      inWorld(async (world) => {
        const { known } = await approvedByPayer(world);
        await world.clock.sleep(60_000);
        const event = world.events.find(({ type }) => type === 'CHECKOUT.ORDER.APPROVED');
        assert.deepEqual(
          [event?.askPsp, event?.outcome, event?.reference, event?.pspReference],
          [true, 'pending', 'att_1', known.pspReference],
        );
        assert.equal((await world.adapter.queryPayment(known)).kind, 'approved');
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome }) => outcome),
          ['succeeded'],
        );
      }));

    it('takes the money once when the answer to the capture is lost', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world);
        await world.fault({ fault: 'answer-lost', operation: 'submit-challenge', count: 1 });
        assert.equal((await world.adapter.submitReturn?.(known, query))?.kind, 'in_doubt');
        assert.equal((await world.adapter.queryPayment(known)).kind, 'approved');
        assert.equal((await world.books()).payments[0]?.captured_minor, MONEY.amountMinor);
      }));

    it('still wants the payer when he turned back, and cancels without a call', () =>
      inWorld(async (world) => {
        const result = await pay(world, WALLET);
        assert.ok(result.kind === 'requires_action');
        const query = await world.payer(result.redirectUrl, 'cancel');
        const known = attempt({ ...WALLET, pspReference: result.pspReference });
        assert.equal((await world.adapter.submitReturn?.(known, query))?.kind, 'requires_action');
        assert.deepEqual(await world.adapter.cancelPayment(known), { kind: 'canceled' });
        await world.clock.sleep(DAY_MS);
        assert.equal((await world.adapter.queryPayment(known)).kind, 'canceled');
      }));

    it('authorizes, captures a part, and the rest is released', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world, { capture: 'manual' });
        const authorized = await world.adapter.submitReturn?.(known, query);
        assert.ok(authorized?.kind === 'authorized', JSON.stringify(authorized));
        assert.deepEqual(authorized.money, MONEY);
        const part = { amountMinor: 3_000, currency: 'EUR' };
        const capture = captureOf(authorized.pspReference, part);
        assert.deepEqual(await world.adapter.capturePayment(capture), { kind: 'captured', money: part });
        assert.deepEqual(await world.adapter.capturePayment({ ...capture, idempotencyKey: 'key-cap_2' }), {
          kind: 'captured',
          money: part,
        });
        assert.deepEqual(await world.adapter.queryPayment(known), {
          kind: 'approved',
          pspReference: authorized.pspReference,
          money: part,
        });
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [event.outcome, event.money?.amountMinor]),
          [
            ['authorized', 5_000],
            ['succeeded', 3_000],
          ],
        );
      }));

    it('keeps an account and charges it again without the payer', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world, { storeMethod: true });
        const first = await world.adapter.submitReturn?.(known, query);
        assert.ok(first?.kind === 'approved' && first.stored !== undefined, JSON.stringify(first));
        const again = { attemptId: 'att_2', token: '', storedToken: first.stored.token };
        assert.equal((await pay(world, { ...WALLET, ...again })).kind, 'approved');
      }));
  });

  it('tells that a refund failed after it had been told as done', () =>
    inWorld(async (world) => {
      const { pspReference } = await paid(world, { token: 'card_refund_fails_late' });
      await world.adapter.refundPayment(refundOf(pspReference));
      await world.clock.sleep(7 * DAY_MS);
      assert.deepEqual(
        finals(world.events, 'refund').map(({ outcome, reference }) => [outcome, reference]),
        [
          ['succeeded', 'ref_1'],
          ['failed', 'ref_1'],
        ],
      );
    }));

  it('pays out once under one name, whatever the key', () =>
    inWorld(async ({ adapter, books }) => {
      const asked = payout({ method: 'ewallet', destinationToken: 'ewallet_payout_ok' });
      const started = await adapter.createPayout(asked);
      assert.deepEqual(await adapter.createPayout({ ...asked, idempotencyKey: 'key-forgotten' }), started);
      assert.equal((await books()).payouts.length, 1);
    }));

  it('refuses forints with decimals before a byte is sent', () =>
    inWorld(async (world) => {
      const huf = await pay(world, { amountMinor: 50_050, currency: 'HUF' });
      assert.ok(huf.kind === 'refused' && huf.code === 'invalid_request', JSON.stringify(huf));
      assert.equal((await world.books()).payments.length, 0);
    }));

  it('reads every settlement report to the last minor unit', () =>
    inWorld(async (world) => {
      const { adapter, clock } = world;
      const { pspReference: disputed } = await paid(world, { token: 'card_disputed' });
      await paid(world, { attemptId: 'att_2', amountMinor: 700, currency: 'JPY' });
      const { pspReference } = await paid(world, { attemptId: 'att_3' });
      await adapter.refundPayment(refundOf(pspReference, { attemptId: 'att_3', amountMinor: 1_500 }));
      await adapter.createPayout(
        payout({ method: 'ewallet', destinationToken: 'ewallet_payout_returned', amountMinor: 1_000 }),
      );
      await clock.sleep(60 * DAY_MS);
      const { batches, files } = await world.settle();
      assert.ok(batches.length > 1);
      const records = await recordsOf('paypal', ...files);
      const items = batches.flatMap((batch) => batch.items);
      const lines = linesOf(records).filter(({ kind }) => kind !== 'conversion');
      const key = (kind: string, gross: number, reference: string | null) =>
        `${kind.replaceAll('-', '_')} ${gross} ${reference ?? ''}`;
      assert.deepEqual(
        lines.map((one) => key(one.kind, one.grossMinor, one.reference)).sort(),
        items.map((one) => key(one.type, one.gross_minor, one.reference)).sort(),
      );
      assert.ok(lines.some(({ kind, pspReference }) => kind === 'payment' && pspReference === disputed));
      for (const batch of batches) {
        const total = records
          .filter(({ settlementCurrency, batch: name }) => settlementCurrency === batch.currency && name !== '')
          .reduce((sum, { netMinor, kind }) => sum + (kind === 'carried_over' ? 0 : netMinor), 0);
        const all = batches.filter(({ currency }) => currency === batch.currency);
        assert.equal(
          total,
          all.reduce((sum, { net_minor, transfer_minor }) => sum + net_minor - transfer_minor, 0),
        );
      }
      const [file] = files;
      assert.ok(file);
      const body = file.body.subarray(0, file.body.lastIndexOf('"SC"'));
      await assert.rejects(recordsOf('paypal', { ...file, body }), /ends before its last row/);
    }));
});
