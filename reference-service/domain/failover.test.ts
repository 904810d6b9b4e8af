import assert from 'node:assert/strict';
import { ATTEMPT_STATUSES } from './deposit.ts';
import { canStillBeTaken, choosePsp, failoverPolicy } from './failover.ts';
import { someAttempt, somePayment } from './test-deposits.ts';

const open = { psps: ['alpha', 'beta', 'gamma'], preferred: null, attempts: [], isAvailable: () => true, again: false };

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

  it('takes the asked-for PSP first, then the order of preference, then fewest tries', () => {
    assert.equal(choosePsp(open), 'alpha');
    assert.equal(choosePsp({ ...open, preferred: 'gamma' }), 'gamma');
    assert.equal(choosePsp({ ...open, preferred: 'unknown' }), 'alpha');
    const tried = [someAttempt({ psp: 'alpha', status: 'not_reached' })];
    assert.equal(choosePsp({ ...open, attempts: tried }), 'beta');
    assert.equal(choosePsp({ ...open, psps: ['alpha'], attempts: tried }), null);
    assert.equal(choosePsp({ ...open, psps: ['alpha'], attempts: tried, again: true }), 'alpha');
  });

  it('skips a PSP that is not available, and one that said no', () => {
    assert.equal(choosePsp({ ...open, isAvailable: (psp) => psp === 'beta' }), 'beta');
    const declined = [someAttempt({ psp: 'alpha', status: 'declined', declineClass: 'technical' })];
    assert.equal(choosePsp({ ...open, psps: ['alpha'], attempts: declined, again: true }), null);
    assert.equal(canStillBeTaken(['alpha'], declined), false);
    assert.equal(canStillBeTaken(['alpha', 'beta'], declined), true);
  });
});
