import assert from 'node:assert/strict';
import { DEFAULT_TIMINGS } from '../../../reference-service/index.ts';
import { resolveScenario, type Scenario } from '../../dsl/index.ts';
import { compressionOf, compressProfile, compressTimings, paced } from './compression.ts';

const scenario: Scenario = {
  name: 'small',
  title: 'A small one',
  description: 'Nothing special.',
  psps: [{ name: 'stripe', dialect: 'stripe' }],
  traffic: [{ deposits: 1, amount: '5.00', currency: 'EUR' }],
  heal_at: '48h',
  settle_within: '24h',
};

describe('compression of real time', () => {
  it('leaves six seconds to the faulty part and twelve to the whole, never slower than the wall', () => {
    assert.equal(compressionOf(resolveScenario(scenario, '1')), 21_600);
    assert.equal(compressionOf(resolveScenario({ ...scenario, heal_at: '1h' }, '1')), 600);
    assert.equal(compressionOf(resolveScenario({ ...scenario, heal_at: '1s', settle_within: '2s' }, '1')), 1);
    assert.equal(compressionOf(resolveScenario({ ...scenario, http: { compression: 20 } }, '1')), 20);
  });

  it('slows down on a busy machine, as far as anybody waits, and never below the wall', () => {
    assert.equal(paced(600, 0), 600);
    assert.equal(paced(600, 0.7), 600);
    assert.equal(paced(600, 2), 300);
    assert.equal(paced(600, 20), 200);
    assert.equal(paced(2, 20), 1);
  });

  it('shrinks the durations of the target, but not below their floors', () => {
    const timings = compressTimings(DEFAULT_TIMINGS, 21_600);
    assert.equal(timings.pspTimeoutMs, 2_500);
    assert.equal(timings.webhookToleranceMs, DEFAULT_TIMINGS.webhookToleranceMs);
    for (const [name, ms] of Object.entries(timings))
      assert.ok(ms <= DEFAULT_TIMINGS[name as keyof typeof timings], `${name} grew`);
    assert.ok(timings.idempotencyLeaseMs > timings.pspTimeoutMs, 'a request in flight keeps its key');
    assert.deepEqual(compressTimings(DEFAULT_TIMINGS, 1), DEFAULT_TIMINGS);
  });

  it('does not wait at the wall for what takes days', () => {
    assert.equal(compressTimings(DEFAULT_TIMINGS, 600).authorizationLifeMs, 25_000);
    assert.equal(compressTimings(DEFAULT_TIMINGS, 1).authorizationLifeMs, DEFAULT_TIMINGS.authorizationLifeMs);
  });

  it('ends the key life that the target is told before the PSP forgets', () => {
    const profile = compressProfile({ keyLifeMs: 86_400_000, visibilityLagMs: 5_000 }, { factor: 10_000, floorMs: 20 });
    assert.ok(profile.keyLifeMs < 8_640 && profile.keyLifeMs > 0);
    assert.equal(profile.visibilityLagMs, 20);
    assert.deepEqual(compressProfile({ keyLifeMs: 1_000, visibilityLagMs: 0 }, { factor: 1, floorMs: 20 }), {
      keyLifeMs: 1_000,
      visibilityLagMs: 0,
    });
  });
});
