/**
 * Limits, periods and exclusions as pure functions: examples with dates that are easy to get
 * wrong, and properties for the rest.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedLimit, settledLimit, type DepositLimit } from './deposit-limit.ts';
import { exclusionInForce, LONGEST_COOL_OFF_MS, withCoolOff, withSelfExclusion, type Exclusion } from './exclusion.ts';
import { limitBreach } from './limit-breach.ts';
import { LIMIT_PERIODS, periodWindow } from './period.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number): string => new Date(ms).toISOString();
const DAY = 86_400_000;

describe('periods of limits', () => {
  const cases: [string, string, string, string][] = [
    ['day', '2026-02-28T23:59:59.999Z', '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['week', '2026-01-04T23:59:59.999Z', '2025-12-29T00:00:00.000Z', '2026-01-05T00:00:00.000Z'],
    ['week', '2026-01-05T00:00:00.000Z', '2026-01-05T00:00:00.000Z', '2026-01-12T00:00:00.000Z'],
    ['week', '1969-12-29T12:00:00.000Z', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['month', '2028-02-29T00:00:00.000Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ];
  for (const [period, now, startsAt, endsAt] of cases) {
    it(`${period} of ${now}`, () => {
      const window = periodWindow(period as 'day', at(now));
      assert.deepEqual([iso(window.startsAt), iso(window.endsAt)], [startsAt, endsAt]);
    });
  }

  it('contain every moment exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: at('2100-01-01') }), fc.constantFrom(...LIMIT_PERIODS), (now, period) => {
        const { startsAt, endsAt } = periodWindow(period, now);
        assert.ok(startsAt <= now && now < endsAt);
        assert.equal(periodWindow(period, startsAt).startsAt, startsAt);
        assert.equal(periodWindow(period, endsAt).startsAt, endsAt);
        assert.equal(periodWindow(period, endsAt - 1).startsAt, startsAt);
      }),
    );
  });
});

describe('a deposit limit', () => {
  const none: DepositLimit = { currency: 'EUR', period: 'day', amountMinor: null, pending: null };
  const change = (limit: DepositLimit, amountMinor: number | null, nowMs: number): DepositLimit =>
    changedLimit(limit, { amountMinor, nowMs, raiseWaitMs: DAY });

  it('is in force at once when it is lower, and after the waiting time when it is higher', () => {
    const first = change(none, 100, 0);
    assert.deepEqual(first, { ...none, amountMinor: 100 });
    const raised = change(first, 200, 1_000);
    assert.deepEqual(raised, { ...first, pending: { amountMinor: 200, effectiveAt: 1_000 + DAY } });
    assert.equal(settledLimit(raised, 999 + DAY).amountMinor, 100);
    assert.deepEqual(settledLimit(raised, 1_000 + DAY), { ...none, amountMinor: 200 });
  });

  it('loses a waiting raise when it is lowered or confirmed, and restarts the waiting for another raise', () => {
    const raised = change(change(none, 100, 0), null, 0);
    assert.equal(change(raised, 100, 5).pending, null);
    assert.deepEqual(change(raised, 50, 5), { ...none, amountMinor: 50 });
    assert.deepEqual(change(raised, 300, 5).pending, { amountMinor: 300, effectiveAt: 5 + DAY });
    assert.deepEqual(change(raised, null, 5).pending, { amountMinor: null, effectiveAt: DAY });
  });

  it('never gives more room within the waiting time than it gave before', () => {
    const amount = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null });
    const wishes = fc.array(fc.record({ amount, after: fc.integer({ min: 0, max: 2 * DAY }) }), { maxLength: 12 });
    const room = (limit: DepositLimit, now: number): number => settledLimit(limit, now).amountMinor ?? Infinity;
    fc.assert(
      fc.property(amount, wishes, (begin, list) => {
        let limit = change(none, begin, 0);
        let now = 0;
        for (const wish of list) {
          now += wish.after;
          const before = room(limit, now);
          const next = change(limit, wish.amount, now);
          assert.ok(room(next, now) <= before, 'a wish gives no room at once');
          if ((wish.amount ?? Infinity) < before) assert.equal(room(next, now), wish.amount ?? Infinity);
          assert.equal(room(next, now + DAY), wish.amount ?? Infinity, 'a day later the wish is in force');
          limit = next;
        }
      }),
    );
  });

  it('names the tightest limit that a deposit would exceed', () => {
    const limits: DepositLimit[] = [
      { ...none, amountMinor: 100 },
      { ...none, period: 'week', amountMinor: 150 },
      { ...none, period: 'month', amountMinor: null },
    ];
    const now = at('2026-01-07T10:00:00Z');
    assert.equal(limitBreach(limits, { day: 40, week: 90, month: 900 }, 60, now), null);
    assert.deepEqual(limitBreach(limits, { day: 60, week: 140, month: 900 }, 50, now), {
      period: 'week',
      limitMinor: 150,
      usedMinor: 140,
      availableMinor: 10,
      resetsAt: at('2026-01-12T00:00:00Z'),
    });
    assert.equal(limitBreach(limits, { day: 300, week: 300, month: 300 }, 1, now)?.availableMinor, 0);
  });
});

describe('an exclusion', () => {
  const free: Exclusion = { coolOffUntil: null, excludedAt: null, excludedUntil: null };
  const now = at('2026-08-31T12:00:00Z');
  const done = (change: ReturnType<typeof withCoolOff>): Exclusion => {
    assert.ok(change.ok);
    return change.exclusion;
  };
  const problem = (change: ReturnType<typeof withCoolOff>): string => (change.ok ? 'ok' : change.problem);

  it('as a cool-off lasts six weeks at most and is only made longer', () => {
    const cooled = done(withCoolOff(free, now + DAY, now));
    assert.deepEqual(exclusionInForce(cooled, now + DAY - 1), { kind: 'cool_off', until: now + DAY });
    assert.equal(exclusionInForce(cooled, now + DAY), null);
    assert.equal(problem(withCoolOff(cooled, now + DAY - 1, now)), 'shorter');
    assert.equal(problem(withCoolOff(cooled, now + 2 * DAY, now)), 'ok');
    assert.equal(problem(withCoolOff(cooled, now + 1, now + DAY)), 'invalid');
    assert.equal(problem(withCoolOff(free, now + LONGEST_COOL_OFF_MS + 1, now)), 'invalid');
  });

  it('by the player lasts six calendar months at least, and has no way back', () => {
    const earliest = at('2027-02-28T12:00:00Z');
    assert.equal(problem(withSelfExclusion(free, earliest - 1, now)), 'invalid');
    const excluded = done(withSelfExclusion(free, earliest, now));
    assert.equal(problem(withSelfExclusion(excluded, earliest - 1, now + DAY)), 'shorter');
    const longer = done(withSelfExclusion(excluded, null, now + DAY));
    assert.equal(longer.excludedAt, now);
    assert.equal(problem(withSelfExclusion(longer, earliest * 2, now + 400 * DAY)), 'shorter');
    assert.deepEqual(exclusionInForce(longer, now + 40_000 * DAY), { kind: 'self_exclusion', until: null });
    assert.equal(exclusionInForce(excluded, earliest), null);
  });

  it('never ends earlier than any change before it said', () => {
    const change = fc.record({
      cool: fc.boolean(),
      until: fc.option(fc.integer({ min: 0, max: 1_000 * DAY }), { nil: null }),
      after: fc.integer({ min: 0, max: 100 * DAY }),
    });
    const endOf = (exclusion: Exclusion, time: number): number => {
      const inForce = exclusionInForce(exclusion, time);
      return inForce === null ? -Infinity : (inForce.until ?? Infinity);
    };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), (changes) => {
        let exclusion = free;
        let time = now;
        for (const { cool, until, after } of changes) {
          time += after;
          const end = until === null ? null : time + until;
          const changed =
            cool && end !== null ? withCoolOff(exclusion, end, time) : withSelfExclusion(exclusion, end, time);
          if (!changed.ok) continue;
          assert.ok(endOf(changed.exclusion, time) >= endOf(exclusion, time));
          exclusion = changed.exclusion;
        }
      }),
    );
  });
});
