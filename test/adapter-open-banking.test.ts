/** The adapter of pay by bank against the simulated provider; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import type { PspPaymentAttempt } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, MONEY, payout, refundOf, RETURN_URL } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { paid as complete } from './adapter-dialects.ts';
import { linesOf, recordsOf, transferredIn } from './settlement-files.ts';

const inWorld = (work: (world: AdapterWorld) => Promise<void>) => inAdapterWorld('open-banking', work);

const byBank = (more: Partial<PspPaymentAttempt> = {}) => attempt({ method: 'bank', token: 'bank_ok', ...more });
const pay = ({ adapter }: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) =>
  adapter.createPayment(byBank(more), { returnUrl: RETURN_URL });

/** Started, with the payer at the page of his bank. */
async function opened(world: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) {
  const result = await pay(world, more);
  assert.ok(result.kind === 'requires_action' && result.pspReference !== null, JSON.stringify(result));
  return { pspReference: result.pspReference, page: result.redirectUrl };
}

const paid = async (world: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) =>
  (await complete(world, more)).pspReference;

describe('open-banking adapter against the simulated provider', () => {
  it('takes a bank by the name that the provider gives it', () =>
    inWorld(async (world) => {
      await opened(world, { token: 'mock-payments-gb-redirect' });
      await opened(world, {
        attemptId: 'att_2',
        token: '',
        bank: 'mock-payments-gb-redirect',
      });
      const unknown = await pay(world, { attemptId: 'att_3', token: 'ob-of-nowhere' });
      assert.ok(unknown.kind === 'refused' && unknown.code === 'invalid_request', JSON.stringify(unknown));
    }));

  for (const { fault, operation } of [
    { fault: 'answer-lost', operation: 'confirm-payment' },
    { fault: 'rate-limited', operation: 'confirm-payment' },
  ])
    it(`is in doubt after ${fault} of ${operation}, and repeating the call leads the payer to his bank`, () =>
      inWorld(async (world) => {
        await world.fault({ fault, operation, count: 1 });
        assert.equal((await pay(world)).kind, 'in_doubt');
        assert.equal((await world.adapter.queryPayment(byBank())).kind, 'in_doubt');
        const pspReference = await paid(world);
        assert.equal((await world.adapter.queryPayment(byBank({ pspReference }))).kind, 'approved');
        assert.equal((await world.books()).payments.length, 1);
      }));

  it('is not reached while it gets no access token: nothing of the payment was sent', () =>
    inWorld(async (world) => {
      await world.fault({ fault: 'outage' });
      const result = await pay(world);
      assert.equal(result.kind, 'not_reached', JSON.stringify(result));
      assert.equal((await world.books()).payments.length, 0);
    }));

  it('asks for a new token when the old one runs out', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world);
      await world.clock.sleep(DAY_MS);
      assert.equal((await world.adapter.queryPayment(byBank({ pspReference }))).kind, 'approved');
    }));

  it('cancels what the payer has not authorized, and nothing else', () =>
    inWorld(async (world) => {
      const { pspReference } = await opened(world);
      const asked = byBank({ pspReference });
      assert.deepEqual(await world.adapter.cancelPayment(asked), { kind: 'canceled' });
      assert.deepEqual(await world.adapter.cancelPayment(asked), { kind: 'canceled' });
      const settled = await paid(world, { attemptId: 'att_2' });
      const late = await world.adapter.cancelPayment(byBank({ attemptId: 'att_2', pspReference: settled }));
      assert.equal(late.kind, 'too_late');
      await world.clock.sleep(60_000);
      assert.deepEqual(
        finals(world.events, 'payment')
          .map(({ outcome, reference }) => `${outcome} ${reference ?? ''}`)
          .sort(),
        ['canceled att_1', 'succeeded att_2'],
      );
    }));

  it('tells a payment that nobody authorized as expired', () =>
    inWorld(async (world) => {
      const { pspReference } = await opened(world);
      await world.clock.sleep(3_600_000);
      const report = await world.adapter.queryPayment(byBank({ pspReference }));
      assert.ok(report.kind === 'declined' && report.code === 'expired', JSON.stringify(report));
      assert.equal(finals(world.events, 'payment')[0]?.outcome, 'failed');
    }));

  it('finds a refund that was made, even long after the key is forgotten', () =>
    inWorld(async (world) => {
      const { adapter, books, clock, fault } = world;
      const refund = refundOf(await paid(world), { amountMinor: 2_000 });
      await fault({ fault: 'answer-lost', operation: 'refund', count: 1 });
      assert.equal((await adapter.refundPayment(refund)).kind, 'in_doubt');
      await clock.sleep(DAY_MS);
      assert.equal((await adapter.refundPayment(refund)).kind, 'refunded');
      assert.equal((await books()).payments[0]?.refunded_minor, 2_000);
    }));

  it('reads at the provider what an event without an amount is about', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world);
      const common = { outcome: 'pending', reference: null, money: null, code: null, occurredAt: 0 } as const;
      const hint = { ...common, eventId: 'evt_1', type: 'payment_settled', pspReference, askFirst: true } as const;
      const read = await world.adapter.readEvents?.({ ...hint, subject: 'payment' });
      assert.ok(read?.kind === 'events', JSON.stringify(read));
      assert.deepEqual(
        read.events.map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
        [['succeeded', 'att_1', pspReference, MONEY]],
      );
      await world.adapter.refundPayment(refundOf(pspReference, { amountMinor: 700 }));
      await world.clock.sleep(DAY_MS);
      const refund = await world.adapter.readEvents?.({ ...hint, subject: 'refund' });
      assert.ok(refund?.kind === 'events');
      assert.deepEqual(
        refund.events.map((event) => [event.subject, event.outcome, event.reference, event.money?.amountMinor]),
        [
          ['payment', 'succeeded', 'att_1', 5_000],
          ['refund', 'succeeded', 'ref_1', 700],
        ],
      );
      const nobody = { ...hint, subject: 'payout', pspReference: '6b6b1a3c-0000-4000-a000-000000000000' } as const;
      assert.deepEqual(await world.adapter.readEvents?.(nobody), { kind: 'not_found' });
    }));

  it('reads every statement to the last minor unit', () =>
    inWorld(async (world) => {
      const { adapter, clock, settle } = world;
      const refunded = await paid(world);
      await paid(world, { attemptId: 'att_2', amountMinor: 900, currency: 'GBP' });
      const failing = await paid(world, {
        attemptId: 'att_3',
        token: 'mock-payments-gb-redirect-refund-fails-late',
      });
      for (const [refundId, attemptId, pspReference] of [
        ['ref_1', 'att_1', refunded],
        ['ref_2', 'att_3', failing],
      ] as const)
        await adapter.refundPayment(refundOf(pspReference, { refundId, attemptId, amountMinor: 1_500 }));
      for (const [index, token] of ['bank_payout_ok', 'bank_payout_returned', 'bank_payout_fail'].entries()) {
        const ids = { attemptId: `pot_${index}`, payoutId: `out_${index}` };
        await adapter.createPayout(payout({ method: 'bank', destinationToken: token, ...ids, amountMinor: 4_000 }));
      }
      for (let day = 0; day < 8; day += 1) {
        await clock.sleep(DAY_MS);
        await settle();
      }
      const { batches, files } = await settle();
      assert.ok(batches.length > 2);
      const records = await recordsOf('open-banking', ...files);
      const lines = linesOf(records);
      const key = (kind: string, ids: (string | null)[], amounts: number[]) =>
        [kind.replaceAll('-', '_'), ...ids, ...amounts].join(' ');
      assert.deepEqual(
        lines.map((one) => key(one.kind, [one.pspReference, one.reference], [one.grossMinor, one.netMinor])).sort(),
        batches
          .flatMap((batch) => batch.items)
          .map((one) => key(one.type, [one.psp_reference, one.reference], [one.gross_minor, one.net_minor]))
          .sort(),
      );
      assert.ok(lines.some(({ kind }) => kind === 'refund_failed'));
      assert.ok(lines.some(({ kind }) => kind === 'payout_returned'));
      const refund = lines.find(({ kind, reference }) => kind === 'refund' && reference === 'att_1');
      assert.match(refund?.partReference ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-/);
      assert.equal(
        transferredIn(records),
        batches.reduce((sum, batch) => sum + batch.transfer_minor, 0),
      );
      const byBatch = new Map<string, number>();
      for (const { batch, netMinor } of records) byBatch.set(batch, (byBatch.get(batch) ?? 0) + netMinor);
      assert.deepEqual([...byBatch.values()], new Array(byBatch.size).fill(0));
      // The provider's own interface gives the same bytes, and only those that are asked for.
      const fetched = (await adapter.fetchSettlements?.(0)) ?? [];
      assert.equal(fetched.length, files.length);
      const texts = await Promise.all(fetched.map(async (one) => (await one.read()).toString()));
      assert.deepEqual(texts.sort(), files.map(({ body }) => body.toString()).sort());
      assert.deepEqual(await adapter.fetchSettlements?.(clock.now() + DAY_MS), []);
    }));
});
