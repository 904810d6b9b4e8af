/** The plan: whom a fault may strike, and that its draws are what was declared. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createKeyedRandom, createManualClock } from '../../kernel/index.ts';
import type { Distribution, HistoryEventInput } from '../../kernel/index.ts';
import { globPattern } from './filters.ts';
import type { Facts } from './filters.ts';
import { FaultPlan } from './plan.ts';
import type { StrikePoint } from './plan.ts';
import { factsOfBody } from './read-facts.ts';

function planOf(faults: readonly unknown[], seed = 'plan') {
  const history: HistoryEventInput[] = [];
  const clock = createManualClock({ startMs: 0 });
  const plan = new FaultPlan({
    clock,
    random: createKeyedRandom(seed),
    history: { append: (event) => history.push(event) },
    psps: ['acme'],
    setDoor: async () => {},
  });
  plan.replace(faults);
  return { plan, clock, history };
}

const CARD: Facts = { methods: ['card'], amountMinor: 5_000, currency: 'EUR', players: ['player-7'] };

function pointOf(reference: string, facts: Facts = CARD, attempt = 1): StrikePoint {
  return {
    psp: 'acme',
    reference,
    entity: reference,
    name: 'create-payment',
    attempt,
    evidence: {},
    cause: undefined,
    facts: () => facts,
  };
}

function strikes(fault: Record<string, unknown>, facts: Partial<Facts> = {}, reference = 'order-1'): boolean {
  const { plan } = planOf([{ fault: 'error', ...fault }]);
  const subject = { operation: 'create-payment', hasEvents: false };
  return plan.exchange('before-commit', pointOf(reference, { ...CARD, ...facts }), subject).length === 1;
}

describe('the plan of faults', () => {
  it('strikes by payment method, in whatever word the PSP has for it', () => {
    assert.ok(strikes({ method: 'card' }));
    assert.ok(strikes({ method: ['ideal', 'voucher'] }, { methods: ['voucher'] }));
    assert.ok(!strikes({ method: 'card' }, { methods: ['ideal'] }));
    assert.ok(!strikes({ method: 'card' }, { methods: [] }));
  });

  it('strikes by amount: exact, from, to, in minor or major units of the payment', () => {
    assert.ok(strikes({ amount: 5_000 }) && strikes({ amount: '50.00' }) && strikes({ amount: '50' }));
    assert.ok(!strikes({ amount: '50.01' }));
    assert.ok(strikes({ amount: { from: '50.00', to: '50.00' } }) && !strikes({ amount: { from: 5_001 } }));
    assert.ok(strikes({ amount: { to: '5000' } }, { amountMinor: 5_000, currency: 'JPY' }));
    assert.ok(!strikes({ amount: { to: '4999' } }, { amountMinor: 5_000, currency: 'JPY' }));
    assert.ok(strikes({ amount: { to: '5.000' } }, { amountMinor: 5_000, currency: 'KWD' }));
    assert.ok(!strikes({ amount: { currency: 'USD' } }) && strikes({ amount: { currency: 'EUR' } }));
    assert.ok(!strikes({ amount: { from: 0 } }, { amountMinor: null }));
  });

  it('strikes by player and by reference, with * for anything', () => {
    assert.ok(strikes({ player: 'player-*' }) && strikes({ player: 'player-?' }) && !strikes({ player: 'player' }));
    assert.ok(!strikes({ player: '*' }, { players: [] }));
    assert.ok(
      strikes({ reference: 'order-*' }) && strikes({ reference: 'order-1' }) && !strikes({ reference: 'order' }),
    );
    assert.ok(strikes({ reference: 'a.b' }, {}, 'a.b') && !strikes({ reference: 'a.b' }, {}, 'axb'));
  });

  it('takes every text without * and ? for itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const plain = text.replace(/[*?]/g, '');
        assert.ok(globPattern(plain).test(plain));
        assert.equal(globPattern(plain).test(other), plain === other);
        assert.ok(globPattern(`${plain}*`).test(plain + other));
      }),
    );
  });

  it('asks for facts only when a fault filters by them', () => {
    const { plan } = planOf([{ fault: 'error' }]);
    const point = {
      ...pointOf('order-1'),
      facts: (): Facts => {
        throw new Error('nobody asked');
      },
    };
    assert.equal(plan.exchange('before-commit', point, { operation: 'refund', hasEvents: false }).length, 1);
  });

  it('gives the same answer for the same seed, and another one for another seed', () => {
    const struck = (seed: string): string[] => {
      const { plan } = planOf([{ fault: 'error', chance: 0.5 }], seed);
      const references = Array.from({ length: 64 }, (_, n) => `order-${n}`);
      return references.filter(
        (reference) =>
          plan.exchange('before-commit', pointOf(reference), { operation: 'create-payment', hasEvents: false }).length >
          0,
      );
    };
    assert.deepEqual(struck('a'), struck('a'));
    assert.notDeepEqual(struck('a'), struck('b'));
  });

  it('merges conditions: skews add up, the shortest memory counts', () => {
    const { plan } = planOf([
      { fault: 'clock-skew', with: { aheadMs: 5_000 } },
      { fault: 'clock-skew', with: { behindMs: 8_000 } },
      { fault: 'key-expiry', with: { lifeMs: 60_000 } },
      { fault: 'key-expiry', with: { lifeMs: 30_000 } },
    ]);
    assert.deepEqual(plan.conditions('exchange', pointOf('order-1')), { clockSkewMs: -3_000, keyLifeMs: 30_000 });
  });

  it('wants nothing at points where nothing is planned', () => {
    const { plan } = planOf([{ id: 'x', fault: 'error' }]);
    assert.ok(plan.wants('before-commit') && !plan.wants('condition'));
    plan.remove('x');
    assert.ok(!plan.wants('before-commit'));
  });

  const declared: readonly (readonly [Distribution, readonly [number, number, number]])[] = [
    [
      { kind: 'lognormal', p50Ms: 300, p95Ms: 3_000 },
      [300, 3_000, 300 * 10 ** (2.3263478740408408 / 1.6448536269514722)],
    ],
    [{ kind: 'uniform', minMs: 0, maxMs: 1_000 }, [500, 950, 990]],
    [{ kind: 'pareto', minMs: 50, alpha: 2 }, [50 * Math.SQRT2, 50 * Math.sqrt(20), 500]],
  ];
  for (const [distribution, quantiles] of declared) {
    it(`injects ${JSON.stringify(distribution)} with p50, p95 and p99 within 2 % over 100,000 calls`, () => {
      const { plan } = planOf([{ fault: 'latency', with: { distribution } }], 'measured');
      const waits = Float64Array.from({ length: 100_000 }, (_, n) => {
        const [effect] = plan.exchange('before-commit', pointOf(`order-${n}`), {
          operation: 'create-payment',
          hasEvents: false,
        });
        return effect?.waitMs ?? Number.NaN;
      }).sort();
      [0.5, 0.95, 0.99].forEach((share, index) => {
        const measured = waits[Math.ceil(share * waits.length) - 1] ?? Number.NaN;
        const wanted = quantiles[index] ?? Number.NaN;
        assert.ok(Math.abs(measured / wanted - 1) <= 0.02, `p${share * 100}: ${measured} is not ${wanted}`);
      });
    }).timeout(20_000);
  }
});

describe('facts of a body', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, Partial<Facts>])[] = [
    [
      'acme',
      { amount: '50.00', currency: 'EUR', method: 'voucher', customer_id: 'c1' },
      { amountMinor: 5_000, methods: ['voucher'], players: ['c1'] },
    ],
    [
      'stripe',
      { amount: 5_000, currency: 'eur', payment_method_types: ['card'], metadata: { player_id: 'p1' } },
      { amountMinor: 5_000, currency: 'EUR', methods: ['card'], players: ['p1'] },
    ],
    [
      'adyen',
      { amount: { value: 5_000, currency: 'EUR' }, paymentMethod: { type: 'scheme' }, shopperReference: 'p1' },
      { amountMinor: 5_000, methods: ['scheme', 'card'], players: ['p1'] },
    ],
    [
      'checkout',
      { amount: 5_000, currency: 'EUR', source: { type: 'token' }, customer: { id: 'cus_1', email: 'a@b.example' } },
      { amountMinor: 5_000, players: ['cus_1', 'a@b.example'] },
    ],
    [
      'mollie',
      { amount: { value: '50.00', currency: 'EUR' }, method: 'ideal', customerId: 'cst_1' },
      { amountMinor: 5_000, methods: ['ideal'], players: ['cst_1'] },
    ],
    [
      'paypal',
      {
        purchase_units: [{ amount: { currency_code: 'EUR', value: '50.00' } }],
        payment_source: { paypal: {} },
        payer: { email_address: 'a@b.example' },
      },
      { amountMinor: 5_000, methods: ['paypal'], players: ['a@b.example'] },
    ],
    [
      'a bank',
      { amount_in_minor: 5_000, currency: 'EUR', user: { id: 'u1' } },
      { amountMinor: 5_000, players: ['u1'] },
    ],
    ['nobody', { hello: 1 }, { amountMinor: null, currency: null, players: [] }],
  ];
  for (const [who, body, wanted] of cases) {
    it(`are found as ${who} writes them`, () => {
      const facts = factsOfBody(body);
      for (const [name, value] of Object.entries(wanted)) assert.deepEqual(facts[name as keyof Facts], value, name);
    });
  }

  it('never throw, whatever the body is', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => void factsOfBody(body)));
  });
});
