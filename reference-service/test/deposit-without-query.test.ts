/**
 * Flows of a deposit at a PSP that cannot be asked, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { alpha, closeSharedDatabase, service, withOnePsp } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';

const HOUR = 3_600_000;
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

describe('deposit at a PSP without a status query', () => {
  withOnePsp({ statusQuery: false });

  it('repeats the call under the same key and takes the replayed answer as proof', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    await service.deposit();
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(new Set(alpha.keys).size, 1);
    assert.equal(alpha.keys.length, 2);
    assert.equal(alpha.captured(), 5_000);
  });
});

describe('a call whose key lives for a minute', () => {
  withOnePsp({ statusQuery: false, keyLifeMs: 60_000 });

  it('is never repeated after it: the service waits, and opens a case', async () => {
    for (let i = 0; i < 50; i += 1) alpha.script.push({ commit: i === 0, result: TIMED_OUT });
    const started = await service.deposit();
    await service.pass(3 * HOUR);
    const callsInKeyLife = alpha.keys.length;
    await service.pass(24 * HOUR);
    assert.equal(alpha.keys.length, callsInKeyLife);
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['stuck_in_doubt'],
    );
    const attempts = await service.attempts(started.body['payment_id']);
    await service.webhook('alpha', alpha.event(attempts[0]?.attempt_id ?? '', 'succeeded'));
    await service.pass(100);
    assert.deepEqual(await service.wallet(), FIFTY);
  });
});
