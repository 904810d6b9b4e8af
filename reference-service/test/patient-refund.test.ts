/**
 * A refund that the PSP has taken on may take its banks days. Its end is told by webhook; until
 * then the PSP is asked ever more rarely, however long it takes.
 */
import assert from 'node:assert/strict';
import type { RefundPaymentResult } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { TIMED_OUT } from './no-answer.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TAKEN_ON: { commit: boolean; result: RefundPaymentResult } = {
  commit: false,
  result: { kind: 'received', refundReference: null },
};
/** Ten questions in the first hour and a half, then one per hour. */
const MOST_IN_TWO_DAYS = 60;

after(closeSharedDatabase);

/** alpha was given up because it knew nothing of the payment, which beta took; now alpha has captured it after all. */
async function lateSuccess(): Promise<{
  service: VirtualService;
  alpha: FakePsp;
  paymentId: string;
  attemptId: string;
}> {
  const [alpha, beta] = [new FakePsp('alpha'), new FakePsp('beta')];
  const service = await startVirtualService({ psps: [alpha, beta] });
  alpha.script.push({ commit: false, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
  const paymentId = String((await service.deposit()).body['payment_id']);
  await service.pass(10 * 60_000);
  const [late] = await service.attempts(paymentId);
  const view = [...beta.books.values()][0]?.attempt;
  assert.ok(view !== undefined && late?.status === 'absent_proven');
  alpha.books.set(late.attempt_id, { attempt: { ...view, attemptId: late.attempt_id }, state: 'captured' });
  return { service, alpha, paymentId, attemptId: late.attempt_id };
}

describe('a refund that takes days', function () {
  // Days of virtual time with all the rounds of the workers in them.

  const asked = (psp: FakePsp): number => psp.calls.filter((call) => call.startsWith('refund')).length;
  const never = (psp: FakePsp): void => void psp.refundScript.push(...Array.from({ length: 500 }, () => TAKEN_ON));

  it('is asked for no more than once an hour when it gives back a late success', async () => {
    const { service, alpha, attemptId } = await lateSuccess();
    never(alpha);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(2 * DAY);
    assert.ok(asked(alpha) > 10 && asked(alpha) <= MOST_IN_TWO_DAYS, `asked ${asked(alpha)} times`);
    const before = asked(alpha);
    await service.pass(DAY);
    assert.ok(asked(alpha) - before >= 23 && asked(alpha) - before <= 25, `asked ${asked(alpha) - before} times a day`);
    await service.stop();
  });

  it('was done if the PSP says so when a repetition, whose key it has forgotten, is refused', async () => {
    const { service, alpha, attemptId, paymentId } = await lateSuccess();
    // The answer is lost after the money went back; the next try is another refund to the PSP.
    const lost: RefundPaymentResult = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' };
    alpha.refundScript.push(
      { commit: true, result: lost },
      { commit: false, result: { kind: 'rejected', reason: 'more than there is' } },
    );
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(2 * HOUR);
    const attempts = await service.attempts(paymentId);
    assert.deepEqual(attempts.find(({ attempt_id }) => attempt_id === attemptId)?.status, 'reversed');
    assert.equal(asked(alpha), 2);
    await service.stop();
  });

  it('is asked for no more than once an hour when the platform wished it, and ends once', async () => {
    const alpha = new FakePsp('alpha', { keyLifeMs: 30 * DAY });
    const service = await startVirtualService({ psps: [alpha] });
    const { body } = await service.deposit();
    const [attempt] = await service.attempts(body['payment_id']);
    await service.webhook('alpha', alpha.event(attempt?.attempt_id ?? '', 'succeeded'));
    await service.pass(60_000);
    never(alpha);
    const path = `/v1/payments/${String(body['payment_id'])}/refunds`;
    assert.equal((await service.request('POST', path, { amount: '10.00' }, { 'idempotency-key': 'r' })).status, 201);
    await service.pass(2 * DAY);
    assert.ok(asked(alpha) > 10 && asked(alpha) <= MOST_IN_TWO_DAYS, `asked ${asked(alpha)} times`);
    alpha.refundScript.length = 0;
    await service.pass(2 * HOUR);
    const told = (await service.request('GET', path)).body['refunds'] as { status: string }[];
    assert.deepEqual(
      told.map(({ status }) => status),
      ['succeeded'],
    );
    await service.stop();
  });
});
