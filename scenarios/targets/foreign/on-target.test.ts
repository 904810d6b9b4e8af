/** Scenarios as they can be told to a foreign target: what stays, what goes, and that it is said. */
import assert from 'node:assert/strict';
import type { Scenario } from '../../dsl/index.ts';
import { onTarget } from './on-target.ts';
import type { Target } from './target-file.ts';

const TARGET: Target = {
  file: 'shop.yaml',
  folder: '/',
  name: 'shop',
  psps: { main: { dialect: 'stripe', webhooks: '{base}/hooks' } },
  start: { command: 'node shop.js' },
  currencies: ['GBP'],
  deposit: { call: 'POST {base}/orders', body: { player: '{player}' }, answer: { id: 'id' } },
  states: { paid: 'succeeded' },
};

const STORY: Scenario = {
  name: 'story',
  title: 'A story',
  description: 'Deposits and payouts at two PSPs.',
  psps: [
    { name: 'stripe', dialect: 'stripe' },
    { name: 'adyen', dialect: 'adyen' },
  ],
  traffic: [
    {
      deposits: 2,
      amount: '5.00',
      currency: ['EUR', 'SEK'],
      psp: ['stripe', 'adyen'],
      client: { double_submit: true },
    },
    { payouts: 1, fund: '10.00', amount: '5.00', currency: 'EUR', psp: 'adyen' },
  ],
  faults: [{ fault: 'hang', psp: 'adyen' }],
  heal_at: '1m',
  settle_within: '1h',
  expect: {
    payouts_succeeded_at_least: 1,
    succeeded_at_least: 2,
    no_cases: true,
    refused: ['declined'],
    failed_over_at_least: 1,
  },
};

function told(scenario: Scenario, target: Target): { scenario: Scenario; without: string | null } {
  const on = onTarget(scenario, target);
  assert.equal(on.kind, 'applicable');
  return on as { scenario: Scenario; without: string | null } & typeof on;
}

function reason(scenario: Scenario, target: Target): string {
  const on = onTarget(scenario, target);
  return on.kind === 'not-applicable' ? on.reason : 'applicable';
}

describe('a scenario on a foreign target', () => {
  it('is told with its PSPs, in its currencies, without what its file does not describe', () => {
    const { scenario, without } = told(STORY, TARGET);
    assert.deepEqual(scenario.psps, [{ name: 'main', dialect: 'stripe' }]);
    assert.equal(scenario.traffic.length, 1);
    assert.deepEqual(scenario.faults, [{ fault: 'hang', psp: 'main' }]);
    const [entry] = scenario.traffic as { psp: string[]; currency: string[] }[];
    assert.deepEqual([entry?.psp, entry?.currency], [['main'], ['GBP']]);
    assert.equal(
      without,
      'Told without its payouts: the target file has no `payout`. Told with one PSP in place of 2.',
    );
    assert.deepEqual(scenario.expect, { succeeded_at_least: 1 });
  });

  it('repeats no request where there is no key, and repeats them where there is', () => {
    const clientOf = (target: Target): unknown =>
      (told(STORY, target).scenario.traffic[0] as { client: unknown }).client;
    assert.deepEqual(clientOf(TARGET), { retries: 0, double_submit: false, reuse_key_with_other_body: false });
    const keyed = { ...TARGET, deposit: { ...TARGET.deposit, headers: { 'idempotency-key': '{key}' } } };
    assert.deepEqual(clientOf(keyed), { double_submit: true });
  });

  it('keeps payouts where the file describes them and the money for them', () => {
    const payout = { call: 'POST {base}/payouts', answer: { id: 'id' } };
    assert.equal(told(STORY, { ...TARGET, payout }).scenario.traffic.length, 1);
    assert.equal(told(STORY, { ...TARGET, payout, fund: { call: 'POST {base}/fund' } }).scenario.traffic.length, 2);
  });

  it('is not applicable, with the reason, when nothing of it is left', () => {
    const rounds = { ...STORY, traffic: [{ rounds: 1, bet: '1.00', currency: 'EUR' }] };
    assert.match(reason(rounds, TARGET), /deposits, payouts and refunds only/);
    assert.match(reason({ ...STORY, drivers: ['virtual'] }, TARGET), /virtual time only/);
    assert.match(reason({ ...STORY, settlements: { every: '1d' } }, TARGET), /imports settlements/);
    const { start: _start, ...running } = TARGET;
    const kills = { kill: [{ at: '1s', restart_after: '1s' }] };
    assert.match(reason({ ...STORY, target: kills }, { ...running, url: 'http://x' }), /kills the service/);
    assert.equal(onTarget(STORY, TARGET, 'mollie').kind, 'not-applicable');
  });
});
