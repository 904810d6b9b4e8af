/**
 * The same inputs in virtual time give the same answers, ids, ledger and log, to the byte.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

async function run(): Promise<string> {
  const alpha = new FakePsp('alpha');
  const beta = new FakePsp('beta');
  const service = await startVirtualService({ psps: [alpha, beta] });
  const seen: unknown[] = [];
  try {
    alpha.script.push(
      { commit: true, result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' } },
      { commit: false, result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' } },
      { commit: false, result: { kind: 'not_reached', requestMayHaveArrived: false, reason: 'refused' } },
    );
    seen.push(
      await service.drive('crowd', () =>
        Promise.all(
          [1, 2, 3, 4, 5, 6].map((index) =>
            service.raw(
              'POST',
              '/v1/payments/init',
              {
                amount: `${index}0.00`,
                currency: 'EUR',
                method: 'card',
                return_url: 'https://casino.example/',
                player_id: `player-${index % 3}`,
              },
              { 'idempotency-key': `crowd-${index}` },
            ),
          ),
        ),
      ),
    );
    await service.pass(10 * 60_000);
    seen.push(await service.payout({ player_id: 'player-1' }));
    await service.pass(3 * 3_600_000);
    for (const player of ['player-0', 'player-1', 'player-2']) {
      seen.push((await service.request('GET', `/v1/wallets/${player}/entries`)).body, await service.wallet(player));
    }
    seen.push(await service.cases(), alpha.calls, beta.calls, service.log, service.clock.now());
  } finally {
    await service.stop();
  }
  return JSON.stringify(seen);
}

describe('a service with a PSP whose adapter loads something', () => {
  it('listens no earlier than the adapter is ready, so that a first call is like a second', async () => {
    const alpha = new FakePsp('alpha');
    const order: string[] = [];
    const slow = Object.assign(alpha, {
      ready: async () => {
        order.push('asked');
        await readFile(new URL(import.meta.url));
        order.push('ready');
      },
    });
    const service = await startVirtualService({ psps: [slow] });
    order.push('listens');
    await service.stop();
    assert.deepEqual(order, ['asked', 'ready', 'listens']);
  });
});

describe('a run in virtual time', () => {
  it('is the same every time', async () => {
    const first = await run();
    for (let round = 0; round < 1; round += 1) assert.equal(await run(), first);
  });
});
