/**
 * Flows of a deposit, in virtual time over real SQL, with a scripted PSP.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

describe('a deposit', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    service = await startVirtualService({ psps: [alpha] });
  });
  afterEach(() => service.stop());

  it('is pending until the webhook proves it, then credited once', async () => {
    const started = await service.deposit();
    assert.equal(started.status, 201);
    assert.equal(started.body['status'], 'pending');
    assert.deepEqual(await service.wallet(), []);
    const [attempt] = await service.attempts(started.body['payment_id']);
    const event = alpha.event(attempt?.attempt_id ?? '', 'succeeded');
    assert.deepEqual((await service.webhook('alpha', event)).body, { received: true, duplicate: false });
    await service.pass(10);
    assert.deepEqual((await service.webhook('alpha', event)).body, { received: true, duplicate: true });
    await service.webhook('alpha', { ...event, eventId: 'evt_same_news_other_id' });
    await service.pass(10);
    const payment = await service.payment(started.body['payment_id']);
    assert.equal(payment['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    assert.deepEqual(await service.cases(), []);
  });

  it('is credited by a status query when the webhook never comes', async () => {
    const started = await service.deposit();
    await service.pass(29_000);
    assert.deepEqual(await service.wallet(), []);
    await service.pass(5_000);
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
  });
});
