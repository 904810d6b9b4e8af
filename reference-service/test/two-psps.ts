/**
 * The service with two scripted PSPs, started anew for each test of the suites that ask for it. When
 * it stops, nothing may have failed and no timer may be left.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

export let service: VirtualService;
export let alpha: FakePsp;
export let beta: FakePsp;

/** Called in a `describe`; what it brings is there in every test. */
export function withTwoPsps(): void {
  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    beta = new FakePsp('beta');
    service = await startVirtualService({ psps: [alpha, beta] });
  });
  afterEach(async () => {
    const failures = service.log.filter((line) => line['level'] === 'error');
    await service.stop();
    assert.deepEqual(failures, []);
    assert.equal(service.clock.pendingTimers(), 0, 'stop left a timer behind');
  });
}

export { closeSharedDatabase };
