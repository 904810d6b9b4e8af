import assert from 'node:assert/strict';
import type { PlannedDeposit } from './plan.ts';
import { toParameters } from './parameters.ts';
import { resolveScenario } from './resolve-scenario.ts';
import type { Afterwards, DepositTraffic, Scenario } from './scenario.ts';

const PLANS: Afterwards[] = ['capture', 'capture-part', 'void', 'leave'];
const deposits: DepositTraffic = {
  deposits: 200,
  every: '90s',
  amount: { min: '5.00', max: '250.00' },
  currency: ['EUR', 'SEK'],
  card: { ok: 3, declined: 1 },
  players: 5,
};
const scenario: Scenario = {
  name: 'small',
  title: 'A small one',
  description: 'Nothing special.',
  psps: [
    {
      name: 'stripe',
      dialect: 'stripe',
      profile: { ack_timeout: '5s', latency: { kind: 'lognormal', p50: '80ms', p95: '1s' } },
    },
  ],
  traffic: [
    deposits,
    { payouts: 2, burst: true, fund: '100.00', amount: '40.00', currency: 'EUR' },
    { refunds: 1, at: ['1h'] },
  ],
  faults: [{ fault: 'answer-lost', psp: 'stripe', from: '2m', chance: 0.5, with: { lag: '1m' } }],
  heal_at: '2h',
  settle_within: '1h',
};

const depositsOf = (given: Scenario, seed: string): PlannedDeposit[] =>
  resolveScenario(given, seed).operations.filter(
    (operation): operation is PlannedDeposit => operation.kind === 'deposit',
  );

describe('resolving a scenario', () => {
  it('gives the same plan for the same seed and another for another', () => {
    assert.deepEqual(resolveScenario(scenario, '7'), resolveScenario(scenario, '7'));
    assert.notDeepEqual(resolveScenario(scenario, '7').operations, resolveScenario(scenario, '8').operations);
  });

  it('plays only the operations that are picked out, each as it was', () => {
    const some = {
      ...scenario,
      traffic: [
        { ...deposits, only: [3, 150] },
        { ...deposits, first: 301, deposits: 2 },
      ],
    };
    const all = depositsOf(scenario, '7');
    assert.deepEqual(depositsOf(some, '7').slice(0, 2), [all[2], all[149]]);
    assert.deepEqual(
      depositsOf(some, '7').map(({ op }) => op),
      ['dep-3', 'dep-150', 'dep-301', 'dep-302'],
    );
  });

  it('leaves the fate of the others alone when an operation is taken away', () => {
    const fewer = { ...scenario, traffic: [{ ...deposits, deposits: 150 }] };
    assert.deepEqual(depositsOf(fewer, '7'), depositsOf(scenario, '7').slice(0, 150));
  });

  it('draws within the bounds and by the weights', () => {
    const drawn = depositsOf(scenario, '7');
    assert.ok(drawn.every((deposit) => deposit.amountMinor >= 500 && deposit.amountMinor <= 25_000));
    const declined = drawn.filter((deposit) => deposit.card === 'declined').length;
    assert.ok(declined > 20 && declined < 80, `${declined} of 200 declined at one in four`);
    assert.deepEqual([...new Set(drawn.map((deposit) => deposit.currency))].sort(), ['EUR', 'SEK']);
    assert.equal(new Set(drawn.map((deposit) => deposit.idempotencyKey)).size, 200);
  });

  it('puts operations at their times; a burst is one group', () => {
    const plan = resolveScenario(scenario, '7');
    assert.equal(plan.operations[3]?.atMs, 270_000);
    assert.deepEqual(
      plan.operations.filter((operation) => operation.kind === 'payout').map((payout) => [payout.op, payout.group]),
      [
        ['out-1', 'burst-2'],
        ['out-2', 'burst-2'],
      ],
    );
    assert.equal(plan.operations.at(-1)?.atMs, 3_600_000);
  });

  it('draws what becomes of an authorized deposit, a part within its amount', () => {
    const manual = { ...deposits, capture: 'manual' as const, afterwards: { action: PLANS, after: '1h' } };
    const drawn = depositsOf({ ...scenario, traffic: [manual] }, '7');
    assert.deepEqual([...new Set(drawn.map(({ authorized }) => authorized?.action))].sort(), [
      'capture',
      'leave',
      'void',
    ]);
    const parts = drawn.filter(({ authorized }) => typeof authorized?.captureMinor === 'number');
    assert.ok(parts.length > 20);
    for (const { authorized, amountMinor } of parts) {
      const part = authorized?.captureMinor ?? 0;
      assert.ok(part >= amountMinor / 10 && part <= (amountMinor * 9) / 10, `${part} of ${amountMinor}`);
    }
    assert.ok(drawn.every(({ authorized }) => authorized?.afterMs === 3_600_000));
    assert.ok(depositsOf(scenario, '7').every(({ authorized }) => authorized === undefined));
  });

  it('ends every fault at the heal point at the latest, and converts durations of parameters', () => {
    const plan = resolveScenario(scenario, '7');
    assert.deepEqual(plan.faults, [
      {
        fault: 'answer-lost',
        psp: 'stripe',
        chance: 0.5,
        id: 'answer-lost-1',
        from: 120_000,
        to: 7_200_000,
        with: { lagMs: 60_000 },
      },
    ]);
    assert.deepEqual(plan.psps[0]?.profile, {
      ackTimeoutMs: 5_000,
      latency: { kind: 'lognormal', p50Ms: 80, p95Ms: 1_000 },
    });
    assert.deepEqual(
      toParameters({ distribution: { kind: 'fixed', ms: '2s' }, retry_schedule: ['5s', '1m'], copies: 3 }),
      {
        distribution: { kind: 'fixed', ms: 2_000 },
        retryScheduleMs: [5_000, 60_000],
        copies: 3,
      },
    );
  });

  it('gives each player a name that another seed changes', () => {
    const { players } = resolveScenario(scenario, '7');
    assert.equal(players.length, 5);
    assert.ok(players.every((player) => player.name.length > 2 && /^[A-Z]{2}$/.test(player.country)));
    assert.notDeepEqual(players, resolveScenario(scenario, '8').players);
  });
});
