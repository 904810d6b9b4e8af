/** The Checkout.com adapter against the simulated Checkout.com; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import type { SettlementRecord } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, payout, refundOf, URLS } from './adapter-world.ts';
import { paid } from './adapter-dialects.ts';
import { linesOf, recordsOf, transferredIn } from './settlement-files.ts';

describe('checkout adapter against the simulated checkout', () => {
  it('waits for an abandoned challenge, which the PSP ends by itself', () =>
    inAdapterWorld('checkout', async (world) => {
      const opened = await world.adapter.createPayment(attempt({ token: 'card_3ds' }), URLS);
      assert.ok(opened.kind === 'requires_action');
      assert.deepEqual(await world.adapter.cancelPayment(attempt()), { kind: 'received' });
      await world.clock.sleep(20 * 60_000);
      assert.equal((await world.adapter.queryPayment(attempt())).kind, 'declined');
      assert.deepEqual(
        finals(world.events, 'payment').map(({ outcome }) => outcome),
        ['failed'],
      );
    }));

  it('reads every settlement file to the last minor unit, by control API and by its own download', () =>
    inAdapterWorld('checkout', async (world) => {
      const { adapter, clock, settle } = world;
      const { pspReference: id } = await paid(world, { token: 'card_disputed' });
      await paid(world, { attemptId: 'att_2', amountMinor: 700, currency: 'JPY' });
      const { pspReference } = await paid(world, { attemptId: 'att_3' });
      await adapter.refundPayment(refundOf(pspReference, { attemptId: 'att_3', amountMinor: 1_500 }));
      await adapter.createPayout(payout({ amountMinor: 1_000 }));
      await clock.sleep(60 * DAY_MS);
      const { batches, files } = await settle();
      assert.ok(batches.length > 1);
      const byFile = new Map<string, SettlementRecord[]>();
      for (const file of files) byFile.set(file.name, await recordsOf('checkout', file));
      for (const name of byFile.keys())
        if (name.endsWith('.json'))
          assert.deepEqual(
            byFile.get(name)?.map(withoutPlace),
            byFile.get(name.replace('.json', '.csv'))?.map(withoutPlace),
          );
      const records = [...byFile].flatMap(([name, found]) => (name.endsWith('.csv') ? found : []));
      const items = batches.flatMap((batch) => batch.items);
      const lines = linesOf(records);
      const key = (kind: string, gross: number, net: number, reference: string | null) =>
        `${kind.replaceAll('-', '_')} ${gross} ${net} ${reference ?? ''}`;
      assert.deepEqual(
        lines.map((one) => key(one.kind, one.grossMinor, one.netMinor, one.reference)).sort(),
        items.map((one) => key(one.type, one.gross_minor, one.net_minor, one.reference)).sort(),
      );
      assert.ok(lines.some(({ kind, pspReference }) => kind === 'chargeback' && pspReference === id));
      assert.equal(
        transferredIn(records),
        batches.reduce((sum, batch) => sum + batch.transfer_minor, 0),
      );
      const fetched = await adapter.fetchSettlements?.(0);
      assert.deepEqual(
        fetched?.map(({ fileName }) => fileName).sort(),
        files
          .map(({ name }) => name)
          .filter((name) => name.endsWith('.csv'))
          .sort(),
      );
      assert.ok((await fetched?.[0]?.read())?.length);
    }));
});

function withoutPlace(record: SettlementRecord): object {
  return { ...record, line: 0 };
}
