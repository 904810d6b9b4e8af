import assert from 'node:assert/strict';
import { ServiceError } from '../domain/errors.ts';
import { RateLimit } from './rate-limit.ts';

describe('rate limit', () => {
  it('takes a burst of the size, then one per refill, and says how long to wait', () => {
    const limit = new RateLimit('player', 6);
    for (let i = 0; i < 6; i += 1) limit.take('player-1', 0);
    assert.throws(
      () => limit.take('player-1', 0),
      (error: unknown) =>
        error instanceof ServiceError && error.code === 'rate_limited' && error.retryAfterSeconds === 10,
    );
    limit.take('player-2', 0);
    limit.take('player-1', 10_000);
    assert.throws(() => limit.take('player-1', 10_000), ServiceError);
  });

  it('forgets who has a full bucket again, and nobody else, however many there are', () => {
    const limit = new RateLimit('player', 2);
    for (let i = 0; i < 12_000; i += 1) limit.take(`early-${i}`, 0);
    limit.take('late', 59_000);
    limit.take('late', 59_000);
    assert.equal(limit.size, 12_001);
    limit.take('next', 70_000);
    assert.equal(limit.size, 2);
    limit.take('late', 70_000 + 19_000);
    assert.throws(() => limit.take('late', 70_000 + 19_000), ServiceError);
  });

  it('is off when there is no limit', () => {
    const limit = new RateLimit('player', Infinity);
    for (let i = 0; i < 1_000; i += 1) limit.take('player-1', 0);
  });
});
