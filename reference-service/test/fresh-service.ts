/**
 * The service with scripted PSPs, started anew for each test of the suites that ask for it. When
 * it stops, nothing may have failed, no timer may be left, and the ledger must add up.
 */
import assert from 'node:assert/strict';
import type { PspCapabilities } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

export let service: VirtualService;
export let alpha: FakePsp;
/** Only with two PSPs. */
export let beta: FakePsp;

/** Called in a `describe`; what it brings is there in every test. */
export function withTwoPsps(ofAlpha: Partial<PspCapabilities> = {}): void {
  beforeEach(async () => {
    alpha = new FakePsp('alpha', ofAlpha);
    beta = new FakePsp('beta');
    service = await startVirtualService({ psps: [alpha, beta] });
  });
  afterEach(() => stopInOrder(service));
}

/** As `withTwoPsps`, with alpha alone. */
export function withOnePsp(ofAlpha: Partial<PspCapabilities>): void {
  beforeEach(async () => {
    alpha = new FakePsp('alpha', ofAlpha);
    service = await startVirtualService({ psps: [alpha] });
  });
  afterEach(() => stopInOrder(service));
}

/** Throws, after it has stopped, when something failed, a timer is left or the ledger does not add up to zero. */
export async function stopInOrder(stopped: VirtualService): Promise<void> {
  const failures = stopped.log.filter((line) => line['level'] === 'error');
  const { body } = await stopped.request('GET', '/v1/ledger/balances');
  await stopped.stop();
  assert.deepEqual(failures, []);
  assert.equal(stopped.clock.pendingTimers(), 0, 'stop left a timer behind');
  const sums = new Map<string, number>();
  for (const { currency, balance } of body['accounts'] as { currency: string; balance: string }[])
    sums.set(currency, (sums.get(currency) ?? 0) + Number(balance.replace('.', '')));
  for (const [currency, sum] of sums) assert.equal(sum, 0, currency);
}

export { closeSharedDatabase };
