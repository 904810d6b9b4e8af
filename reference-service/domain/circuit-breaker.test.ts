/**
 * Goal: new work is kept away from a sick PSP, little by little tried again, and nobody else
 * suffers. Method: single stories, and a model that is told the same things.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CircuitBreaker } from './circuit-breaker.ts';

const PAUSE_MS = 30_000;

function opened(probeShare?: number, successesToClose?: number): CircuitBreaker {
  const breaker = new CircuitBreaker({
    pauseMs: PAUSE_MS,
    ...(probeShare === undefined ? {} : { probeShare }),
    ...(successesToClose === undefined ? {} : { successesToClose }),
  });
  for (let i = 0; i < 3; i += 1) breaker.failed('alpha', 'authorize', 0);
  return breaker;
}

describe('circuit breaker', () => {
  it('opens after three failures in a row, lets one probe through after a pause, and closes on success', () => {
    const breaker = new CircuitBreaker({ pauseMs: PAUSE_MS });
    breaker.failed('alpha', 'authorize', 0);
    breaker.failed('alpha', 'authorize', 0);
    assert.equal(breaker.admission('alpha', 'authorize', 1), 'closed');
    breaker.failed('alpha', 'authorize', 0);
    assert.equal(breaker.admission('alpha', 'authorize', 29_999), 'open');
    assert.equal(breaker.admission('beta', 'authorize', 1), 'closed');
    assert.equal(breaker.admission('alpha', 'authorize', 30_000), 'probe');
    breaker.sending('alpha', 'authorize', 30_000);
    assert.equal(breaker.admission('alpha', 'authorize', 30_001), 'open', 'a second probe at once');
    breaker.succeeded('alpha', 'authorize', 30_001);
    assert.equal(breaker.state('alpha', 'authorize', 30_002), 'closed');
  });

  it('opens again when the probe fails', () => {
    const breaker = opened();
    breaker.sending('alpha', 'authorize', PAUSE_MS);
    breaker.failed('alpha', 'authorize', PAUSE_MS + 5);
    assert.equal(breaker.state('alpha', 'authorize', 2 * PAUSE_MS), 'open');
    assert.equal(breaker.state('alpha', 'authorize', 2 * PAUSE_MS + 5), 'half_open');
  });

  it('does not believe an answer to a call from before it opened', () => {
    const breaker = opened();
    breaker.succeeded('alpha', 'authorize', 10);
    assert.equal(breaker.state('alpha', 'authorize', 11), 'open');
  });

  it('counts failures in a row, not in all', () => {
    const breaker = new CircuitBreaker({ pauseMs: PAUSE_MS });
    for (let i = 0; i < 30; i += 1) {
      if (i % 3 === 0) breaker.failed('alpha', 'authorize', i);
      else breaker.succeeded('alpha', 'authorize', i);
    }
    assert.equal(breaker.admission('alpha', 'authorize', 31), 'closed');
  });

  it('opens when half of the last calls fail, though never three in a row', () => {
    const breaker = new CircuitBreaker({ pauseMs: PAUSE_MS });
    for (let i = 0; i < 10; i += 1) {
      if (i % 2 === 1) breaker.failed('alpha', 'authorize', i);
      else breaker.succeeded('alpha', 'authorize', i);
    }
    assert.equal(breaker.state('alpha', 'authorize', 10), 'open');
  });

  it('opens when nearly all calls are slow, not when some are', () => {
    const breaker = new CircuitBreaker({ pauseMs: PAUSE_MS });
    for (let i = 0; i < 40; i += 1) breaker.succeeded('beta', 'authorize', i, i % 2 === 0);
    assert.equal(breaker.state('beta', 'authorize', 41), 'closed');
    for (let i = 0; i < 20; i += 1) breaker.succeeded('alpha', 'authorize', i, true);
    assert.equal(breaker.state('alpha', 'authorize', 21), 'open');
  });

  it('keeps operations apart', () => {
    const breaker = opened();
    for (const operation of ['query', 'refund', 'capture', 'payout'] as const)
      assert.equal(breaker.admission('alpha', operation, 1), 'closed');
  });

  it('never sends more than the probe share and one to a PSP that is not back', () => {
    const step = fc.record({ waitMs: fc.integer({ min: 0, max: 20_000 }), fails: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0, 0.05, 0.2, 1),
        fc.integer({ min: 1, max: 5 }),
        (steps, probeShare, successesToClose) => {
          const breaker = opened(probeShare, successesToClose);
          let nowMs = 0;
          // Of the phase since the last pause ended.
          let asked = 0;
          let probes = 0;
          let successes = 0;
          let openUntilMs = PAUSE_MS;
          for (const { waitMs, fails } of steps) {
            nowMs += waitMs;
            const admission = breaker.admission('alpha', 'authorize', nowMs);
            if (nowMs < openUntilMs) {
              assert.equal(admission, 'open', 'nothing during the pause');
              continue;
            }
            assert.notEqual(admission, 'closed', `closed after ${successes} of ${successesToClose} successes`);
            breaker.asked('alpha', 'authorize', nowMs);
            asked += 1;
            if (breaker.admission('alpha', 'authorize', nowMs) !== 'probe') continue;
            breaker.sending('alpha', 'authorize', nowMs);
            probes += 1;
            assert.ok(probes <= 1 + probeShare * asked, `${probes} probes of ${asked}`);
            if (fails) {
              breaker.failed('alpha', 'authorize', nowMs);
              openUntilMs = nowMs + PAUSE_MS;
              [asked, probes, successes] = [0, 0, 0];
            } else {
              breaker.succeeded('alpha', 'authorize', nowMs);
              successes += 1;
              if (successes < successesToClose) continue;
              assert.equal(breaker.admission('alpha', 'authorize', nowMs), 'closed');
              return;
            }
          }
        },
      ),
    );
  });
});
