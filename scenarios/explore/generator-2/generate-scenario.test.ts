/**
 * Goal: every seed gives a valid, short, repeatable scenario, and together the seeds reach every
 * dialect, every kind of traffic and every kind of fault. Method: properties over random seeds and
 * over the first ones; `defineScenario` inside the generator throws on what the format forbids.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DIALECTS, durationMs, resolveScenario } from '../../dsl/index.ts';
import { TRAFFIC_KINDS } from '../../dsl/traffic-kinds.ts';
import { faultNames } from '../run-explore.ts';
import { arbitraryScenario } from '../scenario-arbitrary.ts';
import { generateScenario } from './generate-scenario.ts';

const SEEDS = Array.from({ length: 600 }, (_, index) => index + 1);

const MOST_OPERATIONS = 25;

describe('scenarios of generator 2', () => {
  it('are valid, can be planned and are short, whatever the seed', () => {
    fc.assert(
      fc.property(arbitraryScenario(), (scenario) => {
        const { operations, faults } = resolveScenario(scenario, scenario.seed ?? '');
        assert.ok(operations.length > 0 && operations.length <= MOST_OPERATIONS);
        assert.equal(new Set(operations.map(({ op }) => op)).size, operations.length);
        assert.equal(new Set(faults.map(({ id }) => id)).size, faults.length);
      }),
      { numRuns: 200 },
    );
  });

  it('are the same for the same seed, as a number or as text', () => {
    for (const seed of SEEDS.slice(0, 50)) assert.deepEqual(generateScenario(seed), generateScenario(String(seed)));
  });

  it('reach every dialect, every kind of traffic and every kind of fault', () => {
    const scenarios = SEEDS.map(generateScenario);
    const dialects = new Set(scenarios.flatMap(({ psps }) => psps.map(({ dialect }) => dialect)));
    assert.deepEqual([...dialects].sort(), [...DIALECTS].sort());
    for (const { field } of TRAFFIC_KINDS)
      assert.ok(
        scenarios.some(({ traffic }) => traffic.some((entry) => field in entry)),
        field,
      );
    const faults = new Set(scenarios.flatMap((scenario) => (scenario.faults ?? []).map(({ fault }) => fault)));
    assert.deepEqual(
      faultNames().filter((fault) => !faults.has(fault)),
      [],
    );
  });

  it('let something begin on a deadline, a millisecond before it and a millisecond after it', () => {
    const times = SEEDS.map(generateScenario).flatMap(({ traffic }) =>
      traffic.flatMap((entry) => (entry.at ?? []).map(durationMs)),
    );
    const minute = 60_000;
    for (const at of [minute, minute - 1, minute + 1]) assert.ok(times.includes(at), `${at} ms`);
  });

  it('leave whoever sets a limit a deposit within it, so that something is observed', () => {
    const limited = SEEDS.map(generateScenario).filter(({ traffic }) => traffic.some((entry) => 'limits' in entry));
    assert.ok(limited.length > 20);
    for (const { name, traffic } of limited) {
      const within = traffic.some((entry) => 'deposits' in entry && entry.currency === 'EUR' && entry.amount === '20');
      assert.ok(within, name);
    }
  });

  it('ask Mollie, which signs nothing, for no forged webhook', () => {
    for (const { psps, faults = [] } of SEEDS.map(generateScenario)) {
      if (!psps.some(({ dialect }) => dialect === 'mollie')) continue;
      for (const { fault, psp } of faults)
        if (fault === 'webhook-forged') assert.ok(psp !== undefined && psp !== 'mollie');
    }
  });
});
