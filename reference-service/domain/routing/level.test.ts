import assert from 'node:assert/strict';
import { atLeast, levelOf, levelRulesOf, LEVELS, type Level, type ServiceHealth } from './level.ts';

const CALM: ServiceHealth = {
  authorize: { calls: 100, technical: 0, p95Ms: 800 },
  payout: { calls: 100, technical: 0 },
  psps: 3,
  pspsOpen: 3,
};

const rules = levelRulesOf(undefined);

function level(health: Partial<ServiceHealth>, previous: Level = 'normal'): Level {
  return levelOf({ ...CALM, ...health }, rules, previous).level;
}

describe('degradation level', () => {
  it('follows the health of the PSPs', () => {
    assert.equal(level({}), 'normal');
    assert.equal(level({ authorize: { calls: 100, technical: 0, p95Ms: 6_000 } }), 'slow');
    assert.equal(level({ authorize: { calls: 100, technical: 25, p95Ms: 800 } }), 'degraded');
    assert.equal(level({ pspsOpen: 1 }), 'degraded');
    assert.equal(level({ payout: { calls: 100, technical: 60 } }), 'payouts_deferred');
    assert.equal(level({ authorize: { calls: 100, technical: 60, p95Ms: 800 } }), 'payouts_deferred');
  });

  it('takes a few calls for chance, and one PSP of one for no majority', () => {
    assert.equal(level({ authorize: { calls: 19, technical: 19, p95Ms: 20_000 } }), 'normal');
    assert.equal(level({ psps: 1, pspsOpen: 0 }), 'normal');
  });

  it('is left only when things are clearly better', () => {
    const trouble = { authorize: { calls: 100, technical: 20, p95Ms: 800 } };
    assert.equal(level(trouble, 'normal'), 'normal');
    assert.equal(level(trouble, 'degraded'), 'degraded');
    assert.equal(level({ authorize: { calls: 100, technical: 15, p95Ms: 800 } }, 'degraded'), 'normal');
  });

  it('becomes read-only by itself only where that is allowed', () => {
    const gone = { ...CALM, authorize: { calls: 100, technical: 100, p95Ms: 800 } };
    assert.equal(levelOf(gone, rules, 'normal').level, 'payouts_deferred');
    assert.equal(levelOf(gone, levelRulesOf({ automaticUpTo: 'read_only' }), 'normal').level, 'read_only');
    assert.equal(levelOf(gone, levelRulesOf({ automaticUpTo: 'normal' }), 'normal').level, 'normal');
  });

  it('has an order in which each includes the ones before', () => {
    for (const [index, one] of LEVELS.entries())
      for (const [place, other] of LEVELS.entries()) assert.equal(atLeast(one, other), index >= place);
  });
});
