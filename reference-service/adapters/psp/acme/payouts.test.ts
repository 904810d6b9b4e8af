import assert from 'node:assert/strict';
import { answer, inWorld, payoutAttempt } from '../test/scripted-psp.ts';

describe('acme adapter that pays out and lists settlements', () => {
  it('pays out, and reads what became of it', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      const payout = { payout_id: 'apo_1', reference: 'pot_1', amount: '20.00', currency: 'EUR' };
      script(
        answer(201, { ...payout, status: 'pending' }),
        answer(200, { data: [{ ...payout, status: 'paid' }] }),
        answer(200, { ...payout, status: 'failed', failure_code: 'account_closed' }),
        answer(200, { ...payout, status: 'returned' }),
      );
      assert.deepEqual(await adapter.createPayout(payoutAttempt({ destinationToken: 'card_payout_fail' })), {
        kind: 'pending',
        pspReference: 'apo_1',
      });
      assert.equal(JSON.parse(seen[0]?.body ?? '').destination, 'tok_payout_fail');
      const money = { amountMinor: 2_000, currency: 'EUR' };
      assert.deepEqual(await adapter.queryPayout(payoutAttempt()), { kind: 'paid', pspReference: 'apo_1', money });
      assert.deepEqual(await adapter.queryPayout(payoutAttempt({ pspReference: 'apo_1' })), {
        kind: 'failed',
        pspReference: 'apo_1',
        code: 'account_closed',
      });
      assert.deepEqual(await adapter.queryPayout(payoutAttempt({ pspReference: 'apo_1' })), {
        kind: 'returned',
        pspReference: 'apo_1',
        money,
      });
    }));

  it('pays out by every method that it has to the same destinations, and to no other', () =>
    inWorld('acme', async ({ adapter, script, seen }) => {
      const payout = { payout_id: 'apo_1', reference: 'pot_1', amount: '20.00', currency: 'EUR', status: 'pending' };
      script(answer(201, payout), answer(201, payout));
      await adapter.createPayout(payoutAttempt({ method: 'bank', destinationToken: 'bank_payout_returned' }));
      await adapter.createPayout(payoutAttempt({ destinationToken: 'tok_payout_ok' }));
      assert.deepEqual(
        seen.map(({ body }) => (JSON.parse(body) as { destination: string }).destination),
        ['tok_payout_returned', 'tok_payout_ok'],
      );
      for (const more of [{ destinationToken: 'card_payout_maybe' }, { method: 'voucher' as const }])
        assert.equal((await adapter.createPayout(payoutAttempt(more))).kind, 'refused');
    }));
  it('gives no list of settlements rather than one with gaps', () =>
    inWorld('acme', async ({ adapter, script }) => {
      const page = (more: object) => answer(200, { data: [{ settlement_id: 's_1', to: '2026-01-05', ...more }] });
      script(page({}), page({ to: 'someday' }), page({ settlement_id: 7 }));
      assert.equal((await adapter.fetchSettlements?.(0))?.length, 1);
      for (let i = 0; i < 2; i += 1) await assert.rejects(adapter.fetchSettlements?.(0) ?? Promise.resolve(), /acme/);
    }));
});
