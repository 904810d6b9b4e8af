/**
 * Goal: the router stays close to an oracle in a world that changes. Method: two simulated hours
 * of the bench's world with a fixed seed; the whole day is `npm run bench:routing`.
 */
import assert from 'node:assert/strict';
import { simulate } from './simulation.ts';

/** A day stays under 2 %; two hours also pay for learning everything from nothing. */
const MOST_REGRET = 0.035;

describe('routing against an oracle', () => {
  it('loses little to an oracle, and much less than simple ways do', async function () {
    const result = await simulate({ seed: 'mocha', hours: 2 });
    assert.ok(result.payments > 10_000);
    assert.ok(result.regret < MOST_REGRET, `regret ${result.regret}`);
    assert.ok(result.regret < 0.6 * result.regretOfBestSingle, `best single PSP ${result.regretOfBestSingle}`);
    assert.ok(result.regret < 0.6 * result.regretOfEqualShares, `equal shares ${result.regretOfEqualShares}`);
    assert.equal(result.unrouted, 0);
  });

  it('gives the same day for the same seed', async function () {
    const hours = 0.25;
    assert.deepEqual(await simulate({ seed: 'again', hours }), await simulate({ seed: 'again', hours }));
  });
});
