/**
 * Flows of a deposit at a PSP that cannot be asked, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import type { CreatePaymentResult } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;
const TIMED_OUT: CreatePaymentResult = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' };
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

describe('deposit at a PSP without a status query', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  beforeEach(async () => {
    alpha = new FakePsp('alpha', { statusQuery: false });
    service = await startVirtualService({ psps: [alpha] });
  });
  afterEach(() => service.stop());

  it('repeats the call under the same key and takes the replayed answer as proof', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    await service.deposit();
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(new Set(alpha.keys).size, 1);
    assert.equal(alpha.keys.length, 2);
    assert.equal(alpha.captured(), 5_000);
  });

  it('never repeats the call after the life of the key: waits, and opens a case', async () => {
    await service.stop();
    alpha = new FakePsp('alpha', { statusQuery: false, keyLifeMs: 60_000 });
    service = await startVirtualService({ psps: [alpha] });
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
