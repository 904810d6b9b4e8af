/**
 * Goal: a payment goes only where it may go, the same way each time, and the decision accounts
 * for every PSP. Method: properties over any configuration and request, and shares counted.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide, eligible, type RouteSnapshot } from './decide.ts';
import { keyedDraw } from './draw.ts';
import { explain } from './explain.ts';
import { feeTableOf } from './fees.ts';
import { LEVELS } from './level.ts';
import { QualityBook } from './quality.ts';
import type { RouteRequest } from './request.ts';
import { DEFAULT_WEIGHTS, type RuleConfig } from './routing-config.ts';
import { ruleOf } from './rules.ts';
import { fromStored, toStored, type StoredDecision } from './stored-decision.ts';
import { ObservationTally } from './tally.ts';

const PSPS = ['alpha', 'beta', 'gamma', 'delta'] as const;
const draw = keyedDraw('test');

const REQUEST: RouteRequest = {
  operation: 'authorize',
  subjectId: 'pay_1',
  playerId: 'player-1',
  amountMinor: 5_000,
  currency: 'EUR',
  method: 'card',
  country: 'DE',
  device: 'mobile',
  bin: '411111',
  bank: null,
  risk: 'normal',
  preferred: null,
  sticky: null,
  able: PSPS,
  tried: {},
  admissions: {},
};

function snapshotOf(more: Partial<RouteSnapshot> = {}): RouteSnapshot {
  return {
    madeAtMs: 0,
    strategy: 'order',
    psps: PSPS,
    outOfService: {},
    level: { level: 'normal', reason: '', by: 'health' },
    rules: [],
    weights: DEFAULT_WEIGHTS,
    exploration: 1,
    fees: feeTableOf([]),
    quality: new QualityBook(PSPS, 900_000).view(0),
    ...more,
  };
}

const pspNames = fc.uniqueArray(fc.constantFrom(...PSPS), { minLength: 1 });

const anyRule: fc.Arbitrary<Omit<RuleConfig, 'name'>> = fc
  .tuple(
    fc.record(
      {
        country: fc.constantFrom('DE', ['ES', 'DE'], 'BR'),
        currency: fc.constantFrom('EUR', 'JPY'),
        method: fc.constantFrom('card' as const, 'bank' as const),
        risk: fc.constantFrom('normal' as const, 'elevated' as const),
        bin: fc.constantFrom('4', '55'),
        amount: fc.record({ min: fc.nat(100), max: fc.nat(1_000) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      pspNames.map((only) => ({ only })),
      pspNames.map((exclude) => ({ exclude })),
      pspNames.map((prefer) => ({ prefer })),
      pspNames.map((psps) => ({ split: Object.fromEntries(psps.map((psp, index) => [psp, index + 1])) })),
    ),
  )
  .map(([when, action]) => ({ when, ...action }));

const anySnapshot = fc
  .record({
    strategy: fc.constantFrom('order' as const, 'quality' as const),
    outOfService: fc.dictionary(fc.constantFrom(...PSPS), fc.constant('maintenance')),
    level: fc.constantFrom(...LEVELS),
    rules: fc.array(anyRule, { maxLength: 4 }),
  })
  .map(({ level, rules, ...rest }) =>
    snapshotOf({
      ...rest,
      level: { level, reason: 'because', by: 'operator' },
      rules: rules.map((rule, index) => ruleOf({ name: `rule-${index}`, ...rule })),
    }),
  );

const anyRequest: fc.Arbitrary<RouteRequest> = fc.record({
  operation: fc.constantFrom('authorize' as const, 'payout' as const),
  subjectId: fc.string({ minLength: 1, maxLength: 20 }),
  playerId: fc.string({ minLength: 1, maxLength: 20 }),
  amountMinor: fc.integer({ min: 1, max: 10_000_000 }),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  method: fc.constantFrom('card' as const, 'bank' as const, 'ewallet' as const),
  country: fc.constantFrom('DE', 'ES', 'BR', null),
  device: fc.constantFrom('mobile' as const, null),
  bin: fc.constantFrom('411111', '555555', null),
  bank: fc.constantFrom('bank-a', null),
  risk: fc.constantFrom('normal' as const, 'elevated' as const),
  preferred: fc.constantFrom(...PSPS, 'nobody', null),
  sticky: fc.constantFrom(...PSPS, null),
  able: fc.subarray([...PSPS]),
  tried: fc.dictionary(
    fc.constantFrom(...PSPS),
    fc.record({ count: fc.integer({ min: 1, max: 3 }), closed: fc.boolean() }),
  ),
  admissions: fc.dictionary(fc.constantFrom(...PSPS), fc.constantFrom('open' as const, 'probe' as const)),
});

describe('routing decision', () => {
  it('never takes a PSP that is unable, excluded, out of service, tried in vain or held back', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        const decision = decide(snapshot, request, draw, 1);
        for (const { psp } of decision.ranked) {
          assert.ok(request.able.includes(psp));
          assert.ok(eligible(snapshot, request).includes(psp));
          assert.equal(snapshot.outOfService[psp], undefined);
          assert.notEqual(request.tried[psp]?.closed, true);
          assert.notEqual(request.admissions[psp], 'open');
          assert.notEqual(snapshot.level.level, 'read_only');
          assert.ok(request.operation === 'authorize' || snapshot.level.level !== 'payouts_deferred');
          for (const rule of snapshot.rules.filter((one) => one.matches(request))) {
            if (rule.kind === 'only') assert.ok(rule.psps.includes(psp));
            if (rule.kind === 'exclude') assert.ok(!rule.psps.includes(psp));
          }
        }
        assert.equal(decision.psp, decision.ranked[0]?.psp ?? null);
      }),
    );
  });

  it('names every configured PSP exactly once, with finite scores, and explains each of them', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        const decision = decide(snapshot, request, draw, 1);
        const named = [...decision.ranked, ...decision.rejected].map(({ psp }) => psp);
        assert.deepEqual(named.sort(), [...PSPS].sort());
        for (const { score } of decision.ranked) assert.ok(Number.isFinite(score));
        const lines = explain(decision);
        assert.equal(lines.length, 1 + PSPS.length);
        for (const psp of PSPS) assert.ok(lines.slice(1).some((line) => line.includes(psp)));
        // What is stored is the whole of it.
        const stored = JSON.parse(JSON.stringify(toStored(decision))) as StoredDecision;
        assert.deepEqual(
          fromStored(stored, { subjectId: decision.subjectId, decidedAtMs: 1, psp: decision.psp }),
          decision,
        );
      }),
    );
  });

  it('is the same for the same inputs', () => {
    fc.assert(
      fc.property(anySnapshot, anyRequest, (snapshot, request) => {
        assert.deepEqual(decide(snapshot, request, keyedDraw('s'), 1), decide(snapshot, request, keyedDraw('s'), 1));
      }),
    );
  });

  it('takes the one asked for first, then the session, the rule, and the order', () => {
    const rules = [ruleOf({ name: 'favourite', prefer: ['delta', 'gamma'] })];
    const order = (request: Partial<RouteRequest>): string =>
      decide(snapshotOf({ rules }), { ...REQUEST, ...request }, draw, 1)
        .ranked.map(({ psp }) => psp)
        .join(' ');
    assert.equal(order({}), 'delta gamma alpha beta');
    assert.equal(order({ sticky: 'beta' }), 'beta delta gamma alpha');
    assert.equal(order({ sticky: 'beta', preferred: 'alpha' }), 'alpha beta delta gamma');
    assert.equal(order({ preferred: 'nobody' }), 'delta gamma alpha beta');
    assert.equal(order({ tried: { delta: { count: 1, closed: false } } }), 'gamma alpha beta delta');
  });

  it('gives the shares of a split, and keeps a player on his side', () => {
    const rules = [ruleOf({ name: 'ab', split: { alpha: 70, beta: 20, gamma: 10 } })];
    const counts: Record<string, number> = {};
    const players = 20_000;
    for (let index = 0; index < players; index += 1) {
      const playerId = `player-${index}`;
      const first = decide(snapshotOf({ rules }), { ...REQUEST, playerId, subjectId: 'one' }, draw, 1).psp;
      const second = decide(snapshotOf({ rules }), { ...REQUEST, playerId, subjectId: 'other' }, draw, 2).psp;
      assert.equal(first, second);
      counts[String(first)] = (counts[String(first)] ?? 0) + 1;
    }
    // Six standard deviations of a share of one half.
    const slack = 6 * Math.sqrt(0.25 / players);
    assert.ok(Math.abs((counts['alpha'] ?? 0) / players - 0.7) < slack, JSON.stringify(counts));
    assert.ok(Math.abs((counts['beta'] ?? 0) / players - 0.2) < slack, JSON.stringify(counts));
    assert.ok(Math.abs((counts['gamma'] ?? 0) / players - 0.1) < slack, JSON.stringify(counts));
  });

  it('moves nobody else when the PSP of some falls out of a split', () => {
    const rules = [ruleOf({ name: 'ab', split: { alpha: 1, beta: 1, gamma: 1 } })];
    for (let index = 0; index < 500; index += 1) {
      const request = { ...REQUEST, playerId: `player-${index}` };
      const before = decide(snapshotOf({ rules }), request, draw, 1).psp;
      const after = decide(snapshotOf({ rules, outOfService: { alpha: 'gone' } }), request, draw, 1).psp;
      if (before !== 'alpha') assert.equal(after, before);
    }
  });

  it('reads amounts in the major units of the currency', () => {
    const rules = [ruleOf({ name: 'large', when: { amount: { min: 0.29, max: 100 } }, only: ['beta'] })];
    const goesTo = (amountMinor: number, currency: string): string | null =>
      decide(snapshotOf({ rules }), { ...REQUEST, amountMinor, currency }, draw, 1).psp;
    assert.equal(goesTo(28, 'EUR'), 'alpha');
    assert.equal(goesTo(29, 'EUR'), 'beta');
    assert.equal(goesTo(10_000, 'EUR'), 'beta');
    assert.equal(goesTo(10_001, 'EUR'), 'alpha');
    assert.equal(goesTo(100, 'JPY'), 'beta');
    assert.equal(goesTo(101, 'JPY'), 'alpha');
    assert.equal(goesTo(100_000, 'KWD'), 'beta');
  });

  it('follows quality, and the price where quality is the same', () => {
    const book = new QualityBook(PSPS, 900_000);
    const tally = new ObservationTally();
    const see = (psp: string, kind: 'approved' | 'declined', times: number): void => {
      for (let index = 0; index < times; index += 1)
        tally.add({ psp, operation: 'authorize', segment: 'card|DE|EUR', kind }, 0);
    };
    for (const psp of PSPS) see(psp, 'approved', 400);
    see('alpha', 'declined', 200);
    see('gamma', 'declined', 200);
    see('delta', 'declined', 200);
    book.learn(tally.take(), 60_000);
    const quality = book.view(60_000);
    const settings = { strategy: 'quality', exploration: 0, quality } as const;
    const best = decide(snapshotOf(settings), REQUEST, draw, 1);
    assert.equal(best.psp, 'beta');
    assert.equal(best.ranked[0]?.place, 'quality');
    const fees = feeTableOf([{ psp: 'beta', basisPoints: 5_000 }]);
    assert.notEqual(decide(snapshotOf({ ...settings, fees }), REQUEST, draw, 1).psp, 'beta');
  });

  it('sends a probe to a PSP that may be back, however it was believed to do', () => {
    const settings = { strategy: 'quality' } as const;
    const decision = decide(snapshotOf(settings), { ...REQUEST, admissions: { delta: 'probe' } }, draw, 1);
    assert.equal(decision.psp, 'delta');
    assert.equal(decision.ranked[0]?.place, 'probe');
  });
});
