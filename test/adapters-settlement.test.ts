/**
 * The settlement files of acme, Stripe and Adyen as the simulator writes them, read by the
 * service's parsers: every line of the PSP's own account comes out once, to the minor unit.
 */
import assert from 'node:assert/strict';
import { attempt, captureOf, DAY_MS, inAdapterWorld, payout, refundOf, URLS } from './adapter-world.ts';
import type { AdapterWorld, Batch } from './adapter-world.ts';
import { linesOf, recordsOf, transferredIn } from './settlement-files.ts';

const DIALECTS = ['acme', 'stripe', 'adyen'] as const;

/** One of each thing that moves money, in three currencies, over two months. */
async function twoMonths({ adapter, clock }: AdapterWorld): Promise<void> {
  const pay = async (n: number, more: Parameters<typeof attempt>[0] = {}): Promise<string> => {
    const result = await adapter.createPayment(attempt({ attemptId: `att_${n}`, ...more }), URLS);
    assert.ok(result.kind === 'approved' || result.kind === 'authorized', JSON.stringify(result));
    return result.pspReference;
  };
  const refund = async (n: number, pspReference: string, amountMinor: number): Promise<void> => {
    await adapter.refundPayment(refundOf(pspReference, { refundId: `ref_${n}`, attemptId: `att_${n}`, amountMinor }));
  };
  await pay(1);
  await pay(2, { amountMinor: 700, currency: 'JPY' });
  await pay(3, { amountMinor: 12_340, currency: 'KWD' });
  await pay(4, { token: 'card_disputed' });
  await refund(5, await pay(5), 1_500);
  await refund(6, await pay(6, { token: 'card_refund_fails' }), 5_000);
  const manual = await pay(7, { capture: 'manual' });
  await adapter.capturePayment(captureOf(manual, { attemptId: 'att_7', amountMinor: 4_000 }));
  await adapter.createPayout(payout({ amountMinor: 1_000 }));
  const returned = payout({ attemptId: 'pot_2', amountMinor: 1_100 });
  await adapter.createPayout({ ...returned, destinationToken: 'card_payout_returned' });
  await clock.sleep(60 * DAY_MS);
  // A settlement below zero waits for one that pays for both.
  await pay(8, { amountMinor: 20_000 });
  await clock.sleep(10 * DAY_MS);
}

const said = (kind: string, gross: number, net: number, reference: string | null): string =>
  `${kind.replaceAll('-', '_')} ${gross} ${net} ${reference ?? ''}`;

/** Rows without a payment in which Stripe and Adyen repeat no reference of ours. */
const NAMELESS: ReadonlySet<string> = new Set(['fee', 'reserve_held', 'reserve_released']);

for (const dialect of DIALECTS) {
  describe(`${dialect} settlement files`, () => {
    it('come out line by line as the PSP accounts for them', () =>
      inAdapterWorld(dialect, async (world) => {
        await twoMonths(world);
        const { batches, files } = await world.settle();
        assert.ok(batches.length > 3);
        const records = await recordsOf(dialect, ...files);
        const name = (kind: string, reference: string | null) => (NAMELESS.has(kind) ? null : reference);
        const lines = linesOf(records);
        const items = batches.flatMap((batch: Batch) => batch.items);
        assert.deepEqual(
          lines.map((one) => said(one.kind, one.grossMinor, one.netMinor, name(one.kind, one.reference))).sort(),
          items
            .map((one) => ({ ...one, kind: one.type.replaceAll('-', '_') }))
            .map((one) => said(one.kind, one.gross_minor, one.net_minor, name(one.kind, one.reference)))
            .sort(),
        );
        const kinds = new Set(lines.map(({ kind }) => kind));
        for (const kind of ['payment', 'refund', 'chargeback', 'payout', 'payout_returned'] as const)
          assert.ok(kinds.has(kind), kind);
        assert.ok(!kinds.has('unknown'));
        for (const { pspReference, kind } of lines) assert.ok(pspReference !== null || NAMELESS.has(kind), kind);
        assert.ok(new Set(lines.map(({ settlementCurrency }) => settlementCurrency)).has('KWD'));
        const fees = (one: Batch['items'][number]) => Object.values(one.fees).reduce((sum, fee) => sum + fee, 0);
        assert.equal(
          lines.reduce((sum, { feeMinor }) => sum + feeMinor, 0),
          items.reduce((sum, one) => sum + fees(one), 0),
        );
      }));

    it('sum up to what is transferred to our bank', () =>
      inAdapterWorld(dialect, async (world) => {
        await twoMonths(world);
        const { batches, files } = await world.settle();
        const transferred = batches.reduce((sum, { transfer_minor }) => sum + transfer_minor, 0);
        const records = await recordsOf(dialect, ...files);
        // Stripe's report has no row of the payout itself.
        const whole = records.reduce((sum, { netMinor }) => sum + netMinor, 0);
        assert.equal(dialect === 'stripe' ? whole : transferredIn(records), transferred);
      }));
  });
}

for (const dialect of ['acme', 'stripe'] as const) {
  describe(`${dialect} settlement files by its API`, () => {
    it('are the same that the PSP wrote, and only those since the time asked for', () =>
      inAdapterWorld(dialect, async (world) => {
        await twoMonths(world);
        const { files } = await world.settle();
        const fetched = (await world.adapter.fetchSettlements?.(0)) ?? [];
        const bodies = await Promise.all(fetched.map((file) => file.read()));
        assert.deepEqual(bodies.map((body) => body.toString()).sort(), files.map(({ body }) => body.toString()).sort());
        assert.deepEqual(await world.adapter.fetchSettlements?.(world.clock.now() + DAY_MS), []);
      }));
  });
}
