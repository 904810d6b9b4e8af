import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ATTEMPT_STATUSES, PAYMENT_STATUSES } from './deposit.ts';
import { nextDepositStepAt } from './deposit-schedule.ts';
import { NOW_MS, someAttempt, somePayment } from './test-deposits.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

describe('schedule of a deposit', () => {
  it('has a next step exactly while the payment is pending, never in the past, never far away', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYMENT_STATUSES),
        fc.constantFrom(...ATTEMPT_STATUSES),
        fc.nat({ max: 100 }),
        fc.nat({ max: 100 * 3_600_000 }),
        fc.boolean(),
        (paymentStatus, status, checks, ageMs, known) => {
          const nowMs = NOW_MS + ageMs;
          const attempts = [someAttempt({ status, checks, pspReference: known ? 'psp_1' : null })];
          const at = nextDepositStepAt({
            payment: somePayment({ status: paymentStatus }),
            attempts,
            nowMs,
            timings: DEFAULT_TIMINGS,
          });
          if (paymentStatus !== 'pending') return assert.equal(at, null);
          assert.ok(at !== null && at >= nowMs, `${at} lies before ${nowMs}`);
          assert.ok(at <= nowMs + DEFAULT_TIMINGS.stuckQueryEveryMs);
        },
      ),
    );
  });

  it('waits between two steps even when nothing is live and the time is over: no worker turns in circles', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.nat({ max: 100 * 3_600_000 }), (count, ageMs) => {
        const payment = somePayment();
        const attempts = Array.from({ length: count }, () => someAttempt({ status: 'not_reached' }));
        const nowMs = NOW_MS + ageMs;
        const at = nextDepositStepAt({ payment, attempts, nowMs, timings: DEFAULT_TIMINGS }) ?? 0;
        const soonest = Math.min(
          nowMs + DEFAULT_TIMINGS.retryEveryMs,
          payment.expiresAt > nowMs ? payment.expiresAt : Infinity,
        );
        assert.ok(at >= soonest, `${at - nowMs} ms after the step`);
      }),
    );
  });

  it('asks after the webhook had its time', () => {
    const attempts = [someAttempt({ status: 'approved' })];
    assert.equal(
      nextDepositStepAt({ payment: somePayment(), attempts, nowMs: NOW_MS, timings: DEFAULT_TIMINGS }),
      NOW_MS + DEFAULT_TIMINGS.statusQueryAfterMs,
    );
  });
});
