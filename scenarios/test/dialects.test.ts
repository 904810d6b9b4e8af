/**
 * Goal: the same stories hold with every PSP. Each scenario of the library is told with two of
 * the seven dialects here, in turn, so that each dialect meets a part of the library at every
 * change; `assay run --driver virtual --psp all` runs every pair.
 */
import assert from 'node:assert/strict';
import { closeVirtualDatabase, DIALECTS, failureBlock, libraryScenarios, onDialect, runScenario } from '../index.ts';
import type { Scenario } from '../index.ts';

const library = libraryScenarios().filter(({ scenario }) => scenario.drivers?.includes('virtual') ?? true);

describe('the library told with each dialect', () => {
  after(() => closeVirtualDatabase());

  for (const [index, { scenario }] of library.entries()) {
    for (const dialect of [DIALECTS[index % DIALECTS.length], DIALECTS[(index + 3) % DIALECTS.length]]) {
      if (dialect === undefined) continue;
      const on = onDialect(scenario, dialect);
      if (on.kind === 'not-applicable') continue;
      it(`${scenario.name} holds with ${dialect}`, async () => {
        const result = await runScenario({ scenario: on.scenario, seed: 1, driver: 'virtual', dialect });
        const unmet = result.judged.expectations.filter((one) => !one.met).map((one) => one.text);
        assert.equal(result.verdict, 'pass', `${failureBlock(result.report)}\n${unmet.join('\n')}`);
      });
    }
  }
});

describe('a scenario told with another dialect', () => {
  const named = (name: string): Scenario => {
    const found = library.find(({ scenario }) => scenario.name === name);
    assert.ok(found);
    return found.scenario;
  };

  it('keeps its number of PSPs, and says so in traffic and faults', () => {
    const on = onDialect(named('happy-day'), 'paypal');
    assert.ok(on.kind === 'applicable');
    assert.deepEqual(
      on.scenario.psps.map(({ name, dialect }) => [name, dialect]),
      [
        ['paypal', 'paypal'],
        ['paypal-2', 'paypal'],
        ['paypal-3', 'paypal'],
      ],
    );
    const [first] = on.scenario.traffic;
    assert.ok(first !== undefined && 'psp' in first);
    assert.deepEqual(first.psp, ['paypal', 'paypal-2', 'paypal-3']);
  });

  it('is told without its payouts where nobody can be paid out, and says so', () => {
    const on = onDialect(named('happy-day'), 'mollie');
    assert.ok(on.kind === 'applicable');
    assert.equal(on.without, 'Told without its payouts: mollie cannot pay out.');
    assert.ok(on.scenario.traffic.every((entry) => !('payouts' in entry)));
  });

  it('is told without faults of status queries where there is none, and expects none of them', () => {
    const on = onDialect(named('strange-answers'), 'adyen');
    assert.ok(on.kind === 'applicable');
    assert.equal(on.without, 'Told without stale-status and status-not-found: adyen has no status query.');
    const kinds = on.scenario.faults?.map(({ fault }) => fault) ?? [];
    assert.ok(kinds.includes('malformed-body') && !kinds.includes('stale-status'));
    assert.equal(on.scenario.expect?.faults_hit?.includes('stale-status'), false);
    const asked = onDialect(named('strange-answers'), 'checkout');
    assert.ok(asked.kind === 'applicable' && asked.without === null);
    assert.ok(asked.scenario.expect?.faults_hit?.includes('stale-status'));
  });

  it('plants nothing in settlement files that cannot say it', () => {
    const on = onDialect(named('settlement-discrepancies'), 'mollie');
    assert.ok(on.kind === 'applicable');
    assert.equal(on.without, 'Told without settlement-wrong-currency: mollie settles in words of one currency.');
    assert.ok(!on.scenario.expect?.faults_hit?.includes('settlement-wrong-currency'));
    assert.equal(on.scenario.faults?.length, 11);
  });

  it('is told without the methods that are not taken, and expects nothing that only they could show', () => {
    const on = onDialect(named('methods-of-a-cashier'), 'paypal');
    assert.ok(on.kind === 'applicable');
    assert.match(on.without ?? '', /^Told without some deposits: paypal takes no bank\./);
    assert.equal(on.scenario.traffic.length, 2);
    const two = onDialect(named('two-step'), 'open-banking');
    assert.deepEqual(two, { kind: 'not-applicable', reason: 'open-banking cannot authorize first and capture later' });
    const kept = onDialect(named('kept-methods'), 'open-banking');
    assert.deepEqual(kept, { kind: 'not-applicable', reason: 'open-banking keeps no methods' });
  });

  it('is not applicable where nothing is left of it, or where its file says so', () => {
    assert.deepEqual(onDialect(named('payout-timeout'), 'mollie'), {
      kind: 'not-applicable',
      reason: 'mollie cannot pay out',
    });
    const declared = onDialect(named('wrong-amount'), 'mollie');
    assert.ok(declared.kind === 'not-applicable');
    assert.match(declared.reason, /state no amount/);
  });

  it('pays in currencies that the dialect takes', () => {
    const on = onDialect(named('happy-day'), 'open-banking');
    assert.ok(on.kind === 'applicable');
    const [first] = on.scenario.traffic;
    assert.ok(first !== undefined && 'currency' in first);
    assert.deepEqual(first.currency, ['EUR']);
    const limits = onDialect(named('limits-under-concurrency'), 'open-banking');
    assert.ok(limits.kind === 'applicable');
    const [limit] = limits.scenario.traffic;
    assert.ok(limit !== undefined && 'limits' in limit);
    assert.equal(limit.currency, 'EUR');
  });
});
