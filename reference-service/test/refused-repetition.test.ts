/**
 * A PSP without a status query is asked by repeating the call. When it refuses the repetition for
 * good, that is an answer, though no proof: it is not silent any more, and is asked ever more
 * rarely, until a person looks.
 */
import assert from 'node:assert/strict';
import type { CreatePaymentResult, CreatePayoutResult } from '../ports/psp-adapter.ts';
import { alpha, closeSharedDatabase, service, withOnePsp } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';

const HOUR = 3_600_000;
const NEVER = {
  kind: 'refused',
  requestMayHaveArrived: true,
  code: 'invalid_request',
  reason: 'no such currency',
} as const;

/** Ten in the first hours while the pauses grow to ten minutes, six an hour until the case, then one an hour. */
const MOST_IN_TWELVE_HOURS = 45;

after(closeSharedDatabase);

describe('a repetition that is refused', () => {
  withOnePsp({ statusQuery: false });

  it('does not make the PSP silent: few calls, a case, and nothing is given up', async () => {
    const never: { commit: boolean; result: CreatePaymentResult }[] = Array.from({ length: 2_000 }, () => ({
      commit: false,
      result: NEVER,
    }));
    alpha.script.push({ commit: false, result: TIMED_OUT }, ...never);
    const { body } = await service.deposit();
    await service.pass(12 * HOUR);
    const calls = alpha.calls.filter((call) => call.startsWith('create')).length;
    assert.ok(calls > 5 && calls <= MOST_IN_TWELVE_HOURS, `${calls} calls`);
    assert.equal((await service.attempts(body['payment_id']))[0]?.status, 'in_doubt');
    assert.deepEqual(
      (await service.cases()).map(({ kind, status }) => `${kind} ${status}`),
      ['stuck_in_doubt open'],
    );
  });

  it('does not make the PSP silent for payouts either', async () => {
    const never: { commit: boolean; result: CreatePayoutResult }[] = Array.from({ length: 2_000 }, () => ({
      commit: false,
      result: NEVER,
    }));
    alpha.payoutScript.push({ commit: false, result: TIMED_OUT }, ...never);
    const fund = { player_id: 'player-1', payment_id: 'gift', txn_id: 'fund', idempotency_key: 'fund' };
    await service.request('POST', '/v1/wallet/credit', { ...fund, amount: '90.00', currency: 'EUR' });
    const payout = { amount: '10.00', currency: 'EUR', method: 'card', player_id: 'player-1' };
    const { status } = await service.request('POST', '/v1/payouts/init', payout, { 'idempotency-key': 'out' });
    assert.equal(status, 201);
    await service.pass(12 * HOUR);
    const calls = alpha.calls.filter((call) => call.startsWith('payout')).length;
    assert.ok(calls > 5 && calls <= MOST_IN_TWELVE_HOURS, `${calls} calls: ${alpha.calls[0] ?? ''}`);
  });
});
