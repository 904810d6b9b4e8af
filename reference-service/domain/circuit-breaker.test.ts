import assert from 'node:assert/strict';
import { CircuitBreaker } from './circuit-breaker.ts';

describe('circuit breaker', () => {
  it('opens after three failures in a row, lets one probe through after a pause, and closes on success', () => {
    const breaker = new CircuitBreaker(30_000);
    breaker.failed('alpha', 0);
    breaker.failed('alpha', 0);
    assert.ok(breaker.admits('alpha', 1));
    breaker.failed('alpha', 0);
    assert.ok(!breaker.admits('alpha', 29_999));
    assert.ok(breaker.admits('beta', 1));
    assert.ok(breaker.admits('alpha', 30_000));
    breaker.sending('alpha', 30_000);
    assert.ok(!breaker.admits('alpha', 30_001), 'a second probe at once');
    breaker.succeeded('alpha');
    assert.ok(breaker.admits('alpha', 30_002));
  });

  it('counts failures in a row, not in all', () => {
    const breaker = new CircuitBreaker(30_000);
    for (let i = 0; i < 10; i += 1) {
      breaker.failed('alpha', i);
      breaker.failed('alpha', i);
      breaker.succeeded('alpha');
    }
    assert.ok(breaker.admits('alpha', 11));
  });
});
