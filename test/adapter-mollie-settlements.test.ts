/**
 * Mollie's settlements fetched by its API: the same movements in the same settlements as in the
 * files that the simulator writes of them, although Mollie's list of movements names none.
 */
import assert from 'node:assert/strict';
import type { SettlementRecord } from '../reference-service/index.ts';
import { attempt, captureOf, DAY_MS, inAdapterWorld, refundOf, URLS } from './adapter-world.ts';
import type { AdapterWorld, SettlementFile } from './adapter-world.ts';
import { recordsOf } from './settlement-files.ts';

/** Payments of several days side by side, so that the one of Monday comes with another settlement than a refund of Monday. */
async function weeks({ adapter, clock }: AdapterWorld): Promise<void> {
  const pay = async (n: number, more: Parameters<typeof attempt>[0] = {}): Promise<string> => {
    const result = await adapter.createPayment(attempt({ attemptId: `att_${n}`, ...more }), URLS);
    assert.ok('pspReference' in result && result.pspReference !== null, JSON.stringify(result));
    return result.pspReference;
  };
  for (let day = 0; day < 5; day += 1) {
    const paid = await pay(10 + day, { amountMinor: 2_000 + day });
    await clock.sleep(3_600_000);
    await adapter.refundPayment(
      refundOf(paid, { refundId: `ref_${day}`, attemptId: `att_${10 + day}`, amountMinor: 100 + day }),
    );
    await clock.sleep(DAY_MS);
  }
  const manual = await pay(30, { capture: 'manual' });
  await clock.sleep(60_000);
  await adapter.capturePayment(captureOf(manual, { attemptId: 'att_30', amountMinor: 4_000 }));
  await clock.sleep(20 * DAY_MS);
}

const told = (records: readonly SettlementRecord[]): string[] =>
  records
    .map(({ kind, batch, pspReference, partReference, netMinor, feeMinor, occurredAt }) =>
      [kind, batch, pspReference, partReference, netMinor, feeMinor, occurredAt].join(' '),
    )
    .sort();

describe('mollie settlements by its API', () => {
  it('are the movements of the files, settlement by settlement, and only those since the time asked for', () =>
    inAdapterWorld('mollie', async (world) => {
      await weeks(world);
      const { files } = await world.settle();
      const fetched = (await world.adapter.fetchSettlements?.(0)) ?? [];
      const read: SettlementFile[] = [];
      for (const { fileName, read: body } of fetched)
        read.push({ ...files[0], name: fileName, body: await body() } as SettlementFile);
      assert.deepEqual(read.map(({ name }) => name).sort(), files.map(({ name }) => name).sort());
      const [records, own] = [await recordsOf('mollie', ...read), await recordsOf('mollie', ...files)];
      assert.deepEqual(told(records), told(own));
      const kinds = new Set(records.map(({ kind }) => kind));
      for (const kind of ['payment', 'refund', 'transfer'] as const) assert.ok(kinds.has(kind), kind);
      assert.ok(new Set(records.map(({ batch }) => batch)).size >= 5);
      assert.deepEqual(await world.adapter.fetchSettlements?.(world.clock.now() + DAY_MS), []);
    }));

  it('are not taken for none when Mollie does not answer', () =>
    inAdapterWorld('mollie', async (world) => {
      await world.fault({ fault: 'outage' });
      await assert.rejects(async () => world.adapter.fetchSettlements?.(0), /mollie answered 503/);
    }));
});
