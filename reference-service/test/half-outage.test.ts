/**
 * A PSP that answers questions and refuses to work: captures fail for as long as it lasts. It is
 * not met by a storm about one payment, and when it works again the money is there in time.
 */
import assert from 'node:assert/strict';
import { alpha, closeSharedDatabase, service, withTwoPsps } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';

const SECOND = 1_000;
const OUTAGE_MS = 10 * 60 * SECOND;

after(closeSharedDatabase);

describe('a PSP that answers questions and fails to capture', () => {
  withTwoPsps();

  /** @returns how often it was called about one payment while its captures failed */
  async function outage(passing: () => Promise<unknown>): Promise<number> {
    const started = await service.deposit({ capture: 'manual' });
    const id = String(started.body['payment_id']);
    const attemptId = (await service.attempts(id))[0]?.attempt_id ?? '';
    alpha.captureScript.push(...Array.from({ length: 1_000 }, () => ({ commit: false, result: TIMED_OUT })));
    await service.request('POST', `/v1/payments/${id}/capture`, {}, { 'idempotency-key': 'capture-1' });
    const before = alpha.calls.length;
    await passing();
    const calls = alpha.calls.slice(before).filter((call) => call.includes(attemptId));
    assert.ok(alpha.captureScript.length > 0);
    alpha.captureScript.length = 0;
    await service.pass(120 * SECOND);
    assert.equal((await service.payment(id))['credited'], '50.00', 'in doubt for longer than two minutes');
    return calls.length;
  }

  it('is asked in growing distances', async () => {
    const calls = await outage(() => service.pass(OUTAGE_MS));
    assert.ok(calls <= 40, `${calls} calls in ten minutes`);
  });

  it('is asked no more often because other payments go well', async () => {
    let n = 0;
    const calls = await outage(async () => {
      for (let passedMs = 0; passedMs < OUTAGE_MS; passedMs += 6 * SECOND) {
        await service.deposit({}, `other-${(n += 1)}`);
        await service.pass(6 * SECOND);
      }
    });
    assert.ok(calls <= 40, `${calls} calls in ten minutes`);
  });
});
