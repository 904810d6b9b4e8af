import assert from 'node:assert/strict';
import { ATTEMPT_STATUSES } from './deposit.ts';
import { canStillBeTaken, failoverPolicy, triesOf } from './failover.ts';
import { someAttempt, somePayment } from './test-deposits.ts';

describe('failover', () => {
  it('allows another attempt only after a definitive non-acceptance', () => {
    const allowed = ATTEMPT_STATUSES.filter((status) =>
      failoverPolicy.mayTryAgain(somePayment(), [someAttempt({ status, declineClass: 'technical' })]),
    );
    assert.deepEqual(allowed, ['declined', 'not_reached', 'absent_proven']);
  });

  it('never follows an issuer decline, a final payment, or a live sibling', () => {
    assert.equal(
      failoverPolicy.mayTryAgain(somePayment(), [someAttempt({ status: 'declined', declineClass: 'issuer' })]),
      false,
    );
    assert.equal(
      failoverPolicy.mayTryAgain(somePayment({ status: 'canceled' }), [someAttempt({ status: 'not_reached' })]),
      false,
    );
    assert.equal(
      failoverPolicy.mayTryAgain(somePayment(), [
        someAttempt({ status: 'not_reached' }),
        someAttempt({ id: 'att_2', status: 'in_doubt' }),
      ]),
      false,
    );
  });

  it('closes a PSP that said no, and one that was not reached until the worker comes back', () => {
    const notReached = [someAttempt({ psp: 'alpha', status: 'not_reached' })];
    assert.deepEqual(triesOf(notReached, false), { alpha: { count: 1, closed: true } });
    assert.deepEqual(triesOf(notReached, true), { alpha: { count: 1, closed: false } });
    const declined = [someAttempt({ psp: 'alpha', status: 'declined', declineClass: 'technical' }), ...notReached];
    assert.deepEqual(triesOf(declined, true), { alpha: { count: 2, closed: true } });
    assert.deepEqual(triesOf([], true), {});
  });

  it('says whether some PSP could still take the payment', () => {
    const declined = [someAttempt({ psp: 'alpha', status: 'declined', declineClass: 'technical' })];
    assert.equal(canStillBeTaken(['alpha'], declined), false);
    assert.equal(canStillBeTaken(['alpha', 'beta'], declined), true);
  });
});
