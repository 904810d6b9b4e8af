import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isLive, ATTEMPT_STATUSES, PAYMENT_STATUSES } from './deposit.ts';
import { nextDepositStepAt } from './deposit-schedule.ts';
import { NOW_MS, someAttempt, somePayment } from './test-deposits.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

describe('schedule of a deposit', () => {
  it('has a next step exactly while the payment is open, never in the past, never far away', () => {
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
          const waits = paymentStatus === 'authorized' && isLive(attempts[0] ?? someAttempt());
          if (paymentStatus !== 'pending' && !waits) return assert.equal(at, null);
          assert.ok(at !== null && at >= nowMs, `${at} lies before ${nowMs}`);
          assert.ok(
            at <= nowMs + (waits ? DEFAULT_TIMINGS.authorizationLookEveryMs : DEFAULT_TIMINGS.stuckQueryEveryMs),
          );
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

describe('schedule of an authorized deposit', () => {
  const attempts = [someAttempt({ status: 'authorized', pspReference: 'psp_1' })];
  const at = (more: Parameters<typeof somePayment>[0], nowMs = NOW_MS): number | null =>
    nextDepositStepAt({
      payment: somePayment({ status: 'authorized', capture: 'manual', authorizedAt: NOW_MS, ...more }),
      attempts,
      nowMs,
      timings: DEFAULT_TIMINGS,
    });

  it('looks now and then, and at the very end of its life', () => {
    assert.equal(at({}), NOW_MS + DEFAULT_TIMINGS.authorizationLookEveryMs);
    const endsAt = NOW_MS + DEFAULT_TIMINGS.authorizationLifeMs;
    assert.equal(at({}, endsAt - 1_000), endsAt);
  });

  it('asks soon about a capture or a void that is on its way', () => {
    const soon = NOW_MS + DEFAULT_TIMINGS.inDoubtQueryEveryMs;
    assert.equal(at({ captureMinor: 3_000, captureAskedAt: NOW_MS }), soon);
    assert.equal(at({ cancelRequestedAt: NOW_MS }), soon);
  });
});
