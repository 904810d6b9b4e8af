/**
 * Flows of a payout at a PSP that cannot be asked about payouts, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { alpha, closeSharedDatabase, service, withOnePsp } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';

const HOUR = 3_600_000;

after(closeSharedDatabase);

describe('payout at a PSP without a status query', () => {
  withOnePsp({ statusQuery: false });

  beforeEach(async () => {
    await service.request('POST', '/v1/wallet/credit', {
      player_id: 'player-1',
      payment_id: 'bonus-1',
      txn_id: 'bonus-1',
      amount: '100.00',
      currency: 'EUR',
      idempotency_key: 'bonus-1',
    });
  });

  const sent = (): number => alpha.calls.filter((call) => call.startsWith('payout ')).length;

  it('is never sent again once the PSP has said that it took it: it is waited for, with a case', async () => {
    const started = await service.payout();
    await service.pass(48 * HOUR);
    assert.equal(sent(), 1);
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['stuck_in_doubt'],
    );
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '80.00', held: '20.00' }]);
    const [payoutAttempt] = [...alpha.payouts.keys()];
    await service.webhook('alpha', alpha.event(payoutAttempt ?? '', 'succeeded'));
    await service.pass(100);
    const { body } = await service.request('GET', `/v1/payouts/${String(started.body['payout_id'])}`);
    assert.equal(body['status'], 'succeeded');
  });

  it('is sent again under its key while nobody has said anything, until the PSP says that it took it', async () => {
    alpha.payoutScript.push({ commit: true, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
    await service.payout();
    await service.pass(48 * HOUR);
    assert.equal(sent(), 3);
  });
});
