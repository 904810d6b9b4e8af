/**
 * Checks of payouts as pure functions.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PAYMENT_METHODS } from '../deposit.ts';
import { DEFAULT_POLICY, type PayoutRules } from '../policy.ts';
import { neededKycLevel, payoutRefusal, reviewReasons, type PayoutFacts } from './check-payout.ts';
import { leavesTheLoop, payoutRoute, type MoneyWay, type PayoutWish } from './closed-loop.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const FACTS: PayoutFacts = {
  amountMinor: 5_000,
  currency: 'EUR',
  nowMs: NOW,
  kycLevel: 0,
  usedTodayMinor: 0,
  wageringOutstandingMinor: 0,
  risk: null,
  loopLeft: null,
};
const rules = (more: Partial<PayoutRules>): PayoutRules => ({ ...DEFAULT_POLICY.payouts, ...more });

describe('checks of a payout', () => {
  it('let everything pass that no rule speaks of', () => {
    assert.equal(payoutRefusal(DEFAULT_POLICY.payouts, FACTS), null);
    assert.deepEqual(reviewReasons(DEFAULT_POLICY.payouts, FACTS), []);
  });

  it('ask for the highest KYC level that the amount needs', () => {
    const kycLevels = [
      { currency: 'EUR', fromMinor: 0, level: 1 },
      { currency: 'EUR', fromMinor: 5_000, level: 2 },
      { currency: 'SEK', fromMinor: 0, level: 3 },
    ] as const;
    assert.equal(neededKycLevel(rules({ kycLevels }), 4_999, 'EUR'), 1);
    assert.equal(neededKycLevel(rules({ kycLevels }), 5_000, 'EUR'), 2);
    const refusal = payoutRefusal(rules({ kycLevels }), { ...FACTS, kycLevel: 1 });
    assert.deepEqual([refusal?.code, refusal?.details], ['kyc_required', { required_level: 2, level: 1 }]);
    assert.equal(payoutRefusal(rules({ kycLevels }), { ...FACTS, kycLevel: 2 }), null);
  });

  it('say what of a daily limit is used, what is left and when it resets', () => {
    const refusal = payoutRefusal(rules({ dailyLimitMinor: { EUR: 8_000 } }), { ...FACTS, usedTodayMinor: 4_000 });
    assert.deepEqual(refusal?.details, {
      period: 'day',
      currency: 'EUR',
      limit: '80.00',
      used: '40.00',
      available: '40.00',
      resets_at: '2026-01-06T00:00:00.000Z',
    });
    assert.equal(payoutRefusal(rules({ dailyLimitMinor: { EUR: 9_000 } }), { ...FACTS, usedTodayMinor: 4_000 }), null);
  });

  it('name reasons of risk as codes, and send step-ups and large amounts to a person', () => {
    const risk = { decision: 'deny', score: 60, reasons: ['velocity_attempts'] } as const;
    assert.deepEqual(payoutRefusal(rules({}), { ...FACTS, risk })?.details, { reasons: ['velocity_attempts'] });
    const stepUp = { ...risk, decision: 'step_up' } as const;
    assert.equal(payoutRefusal(rules({}), { ...FACTS, risk: stepUp }), null);
    assert.deepEqual(reviewReasons(rules({ reviewFromMinor: { EUR: 5_000 } }), { ...FACTS, risk: stepUp }), [
      'velocity_attempts',
      'amount',
    ]);
    assert.deepEqual(reviewReasons(rules({ reviewFromMinor: { EUR: 5_001 } }), FACTS), []);
  });
});

describe('the closed loop', () => {
  const way = (method: MoneyWay['method'], psp: string | null, more: Partial<MoneyWay>): MoneyWay => ({
    method,
    psp,
    depositedMinor: 0,
    paidOutMinor: 0,
    lastDepositAt: null,
    ...more,
  });
  const wish: PayoutWish = { method: 'card', amountMinor: 5_000, canPayOut: () => true };

  it('goes back to the PSP of the last deposit that is not paid back', () => {
    const ways = [
      way('card', 'alpha', { depositedMinor: 5_000, lastDepositAt: 1 }),
      way('card', 'beta', { depositedMinor: 5_000, lastDepositAt: 2 }),
      way('card', 'gamma', { depositedMinor: 5_000, paidOutMinor: 5_000, lastDepositAt: 3 }),
    ];
    const route = payoutRoute(ways, wish);
    assert.deepEqual([route.kind, route.psp, route.openByMethodMinor], ['closed_loop', 'beta', 10_000]);
    const notBeta = { ...wish, canPayOut: (psp: string) => psp !== 'beta' };
    assert.equal(payoutRoute(ways, notBeta).psp, 'alpha');
    assert.equal(payoutRoute(ways, { ...wish, canPayOut: () => false }).reason, 'no_way_back');
  });

  it('is left only when another method waits that could be paid back', () => {
    const ways = [
      way('card', 'alpha', { depositedMinor: 5_000, lastDepositAt: 1 }),
      way('bank', 'alpha', { depositedMinor: 2_000, lastDepositAt: 2 }),
    ];
    const left = (more: Partial<PayoutWish>): boolean => {
      const wanted = { ...wish, ...more };
      return leavesTheLoop(payoutRoute(ways, wanted), ways, wanted);
    };
    assert.equal(left({}), false);
    assert.equal(left({ amountMinor: 5_001 }), true);
    assert.equal(left({ method: 'bank', amountMinor: 2_000 }), false);
    assert.equal(left({ method: 'ewallet', amountMinor: 1 }), true);
    assert.equal(left({ amountMinor: 5_001, canPayOut: (_psp, method) => method !== 'bank' }), false);
  });

  it('says so when all deposits are paid back: winnings leave by any way', () => {
    const ways = [way('card', 'alpha', { depositedMinor: 5_000, paidOutMinor: 5_000, lastDepositAt: 1 })];
    assert.deepEqual(payoutRoute(ways, wish), {
      kind: 'open_loop',
      reason: 'deposits_paid_back',
      psp: null,
      storedMethodId: null,
      openByMethodMinor: 0,
      openElsewhere: [],
    });
    assert.equal(payoutRoute([], wish).reason, 'deposits_paid_back');
  });

  it('pays no method more than was paid in by it while another waits, whatever is asked in whatever order', () => {
    const method = fc.constantFrom(...PAYMENT_METHODS);
    const move = fc.record({ method, psp: fc.constantFrom('a', 'b'), amount: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(move), fc.array(move), (deposits, wishes) => {
        const ways: MoneyWay[] = deposits.map(({ method: by, psp, amount }, index) =>
          way(by, psp, { depositedMinor: amount, lastDepositAt: index }),
        );
        const sum = (of: 'depositedMinor' | 'paidOutMinor', by: string): number =>
          ways.filter((one) => one.method === by).reduce((total, one) => total + one[of], 0);
        const open = (by: string): number => sum('depositedMinor', by) - sum('paidOutMinor', by);
        for (const { method: by, amount } of wishes) {
          const wanted: PayoutWish = { method: by, amountMinor: amount, canPayOut: () => true };
          const route = payoutRoute(ways, wanted);
          if (leavesTheLoop(route, ways, wanted)) continue;
          ways.push(way(by, route.psp ?? 'a', { paidOutMinor: amount }));
          const waits = PAYMENT_METHODS.some((other) => other !== by && open(other) > 0);
          if (waits) assert.ok(open(by) >= 0, `${by} was paid more than it brought`);
        }
      }),
    );
  });
});
