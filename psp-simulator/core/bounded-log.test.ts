import assert from 'node:assert/strict';
import { BoundedLog } from './bounded-log.ts';

describe('BoundedLog', () => {
  it('keeps the newest entries and numbers them without gaps', () => {
    const log = new BoundedLog<{ seq: number }>(3);
    for (let n = 0; n < 20; n += 1) log.add((seq) => ({ seq }));
    assert.deepEqual(
      log.list().map(({ seq }) => seq),
      [18, 19, 20],
    );
    assert.deepEqual(
      log.list({ after: 18 }).map(({ seq }) => seq),
      [19, 20],
    );
    assert.deepEqual(
      log.list({ limit: 1 }).map(({ seq }) => seq),
      [18],
    );
  });

  it('goes on counting after it was cleared', () => {
    const log = new BoundedLog<{ seq: number }>(3);
    log.add((seq) => ({ seq }));
    log.clear();
    assert.equal(log.add((seq) => ({ seq })).seq, 2);
  });
});
