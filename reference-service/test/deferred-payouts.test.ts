/**
 * Payouts while no PSP takes them, and what happens when one is back; in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { NOT_REACHED } from './no-answer.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

describe('the queue of deferred payouts', () => {
  const OUTAGE_MS = 15 * 60_000;
  const COUNT = 30;
  let service: VirtualService;
  let alpha: FakePsp;
  let isOut: boolean;
  let taken: { reference: string; at: number }[];

  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    isOut = true;
    taken = [];
    const honest = alpha.createPayout.bind(alpha);
    alpha.createPayout = async (attempt) => {
      if (isOut) return NOT_REACHED;
      taken.push({ reference: attempt.attemptId, at: service.clock.now() });
      return honest(attempt);
    };
    service = await startVirtualService({ psps: [alpha] });
    await service.request('POST', '/v1/wallet/credit', {
      player_id: 'player-1',
      payment_id: 'fund',
      txn_id: 'fund',
      amount: '900.00',
      currency: 'EUR',
      idempotency_key: 'fund',
    });
  });
  afterEach(() => service.stop());

  it('is told of once each, listed in pages, and empties itself: oldest first, at a bounded rate', async function () {
    const ids: unknown[] = [];
    for (let index = 0; index < COUNT; index += 1) {
      ids.push((await service.payout({ amount: '10.00' })).body['payout_id']);
      await service.pass(10_000);
    }
    await service.pass(OUTAGE_MS);
    const pages: unknown[] = [];
    for (let after: string | null = ''; after !== null;) {
      const query = after === '' ? '' : `&after=${after}`;
      const { body } = await service.request('GET', `/v1/payouts?status=deferred&limit=25${query}`);
      pages.push(...(body['payouts'] as { payout_id: string }[]).map(({ payout_id: id }) => id));
      after = body['next'] as string | null;
    }
    assert.deepEqual(pages, ids);
    const rows = await service.knex<{ type: string; subject_id: string }>('outbox').where({ type: 'payout.deferred' });
    assert.deepEqual(new Set(rows.map((row) => row.subject_id)), new Set(ids));
    assert.equal(rows.length, COUNT, 'each is told of once, however often it was tried');

    isOut = false;
    const healedAt = service.clock.now();
    await service.pass(4 * 60_000);
    const { body } = await service.request('GET', '/v1/payouts?status=deferred');
    assert.deepEqual(body['payouts'], []);
    assert.equal(taken.length, COUNT, 'each is sent once');
    const perSecond = new Map<number, number>();
    for (const { at } of taken) {
      const second = Math.floor((at - healedAt) / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    // Four a second are pulled; a payout whose own pause ends meanwhile comes on top.
    assert.ok(Math.max(...perSecond.values()) <= COUNT / 4, `no herd: ${[...perSecond.values()].join()} per second`);
    const attempts = await service.knex<{ id: string; subject_id: string }>('attempt');
    const order = taken.map(({ reference }) => ids.indexOf(attempts.find(({ id }) => id === reference)?.subject_id));
    const early = order.slice(0, COUNT / 2).filter((index) => index < COUNT / 2).length;
    assert.ok(early >= COUNT * 0.4, `the older half goes first: ${order.join()}`);
  });
});
