/**
 * Goal: virtual time never overtakes work in flight, and says so when work never ends.
 * Method: work that really waits on the event loop (as a database does) beside virtual timers.
 */
import assert from 'node:assert/strict';
import { createKeyedRandom } from '../random/keyed-random.ts';
import { ClockStalledError, createVirtualClock, type VirtualClockOptions } from './virtual-clock.ts';
import { createActivity } from './tracked-activity.ts';
import { eventLoopTurn } from './event-loop-turn.ts';

function setUp(options: Partial<VirtualClockOptions> = {}) {
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: 1_000_000, activity, ...options });
  const log: string[] = [];
  const note = (text: string): void => void log.push(`${text}@${clock.elapsed()}`);
  return { activity, clock, log, note };
}

/** A wait that virtual time knows nothing of, longer than the clock's own idle turns. */
async function slowDatabase(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await eventLoopTurn();
}

describe('virtual clock', () => {
  it('passes three days in order without waiting for them', async () => {
    const { clock, note, log } = setUp();
    clock.schedule(72 * 3_600_000, 'late', () => note('late'));
    clock.schedule(5, 'early', async () => {
      note('early');
      await clock.sleep(10);
      note('slept');
    });
    assert.equal(await clock.run(), 'idle');
    assert.deepEqual(log, ['early@5', 'slept@15', `late@${72 * 3_600_000}`]);
    assert.equal(clock.now(), 1_000_000 + 72 * 3_600_000);
  });

  it('does not overtake a database that is slow in wall time', async () => {
    const { clock, activity, note, log } = setUp();
    clock.schedule(1, 'handler', async () => {
      await activity.run('query', slowDatabase);
      note('answered');
    });
    clock.schedule(2, 'other', () => note('other'));
    await clock.run();
    assert.deepEqual(log, ['answered@1', 'other@2']);
  });

  it('does not overtake a handler that waits on something it never declared', async () => {
    const { clock, note, log } = setUp();
    clock.schedule(1, 'handler', async () => {
      await slowDatabase();
      note('answered');
    });
    clock.schedule(2, 'other', () => note('other'));
    await clock.run();
    assert.deepEqual(log, ['answered@1', 'other@2']);
  });

  it('moves on while handlers sleep, however deeply they are nested', async () => {
    const { clock, activity, note, log } = setUp();
    clock.schedule(0, 'outer', async () => {
      await activity.run('middle', () => activity.run('inner', () => clock.sleep(100)));
      note('outer done');
    });
    clock.schedule(50, 'between', () => note('between'));
    await clock.run();
    assert.deepEqual(log, ['between@50', 'outer done@100']);
  });

  it('keeps counting an outer token while one of two parallel waits is over and works on', async () => {
    const { clock, activity, note, log } = setUp();
    clock.schedule(0, 'outer', async () => {
      const sleeping = clock.sleep(100);
      await Promise.all([sleeping, activity.run('query', slowDatabase).then(() => note('query'))]);
      note('both');
    });
    clock.schedule(10, 'other', () => note('other'));
    await clock.run();
    assert.deepEqual(log, ['query@0', 'other@10', 'both@100']);
  });

  it('stops at a condition and at a time, and stands at that time', async () => {
    const { clock, note, log } = setUp();
    for (const at of [10, 20, 30]) clock.schedule(at, 'tick', () => note('tick'));
    assert.equal(await clock.run({ until: () => log.length === 1 }), 'until');
    assert.equal(await clock.run({ untilMs: 1_000_025 }), 'time');
    assert.equal(clock.now(), 1_000_025);
    assert.deepEqual(log, ['tick@10', 'tick@20']);
    assert.equal(await clock.run({ untilMs: 1_000_500 }), 'idle');
    assert.equal(clock.now(), 1_000_500);
  });

  it('rejects with the error of a task that throws, at once or after a sleep', async () => {
    const { clock } = setUp();
    clock.schedule(1, 'sync', () => {
      throw new Error('sync failure');
    });
    await assert.rejects(clock.run(), /sync failure/);
    clock.schedule(1, 'async', async () => {
      await clock.sleep(5);
      throw new Error('late failure');
    });
    await assert.rejects(clock.run(), /late failure/);
  });

  it('reports who holds the clock when work never comes to rest', async () => {
    const { clock } = setUp();
    clock.schedule(1, 'lost handler', () => new Promise<void>(() => undefined));
    await assert.rejects(clock.run({ stallMs: 30 }), (error: unknown) => {
      assert.ok(error instanceof ClockStalledError);
      assert.deepEqual(error.labels, ['lost handler']);
      assert.match(error.message, /lost handler/);
      return true;
    });
  });

  it('refuses a second run while one is under way', async () => {
    const { clock } = setUp();
    clock.schedule(1, 'tick', () => undefined);
    const first = clock.run();
    await assert.rejects(clock.run(), /another run/);
    await first;
  });

  it('ends a sleep early on abort and keeps no timer of it', async () => {
    const { clock, note, log } = setUp();
    const controller = new AbortController();
    clock.schedule(0, 'sleeper', async () => {
      await clock.sleep(1_000, { signal: controller.signal }).catch(() => note('aborted'));
    });
    clock.schedule(10, 'aborter', () => controller.abort());
    await clock.run();
    assert.deepEqual(log, ['aborted@10']);
    assert.equal(clock.pendingTimers(), 0);
  });

  it('orders ties by seed and label, not by order of arrival', async () => {
    const orderOf = async (seed: string, labels: string[]): Promise<string[]> => {
      const { clock } = setUp({ random: createKeyedRandom(seed) });
      const order: string[] = [];
      for (const label of labels) clock.schedule(7, label, () => void order.push(label));
      await clock.run();
      return order;
    };
    const labels = ['a', 'b', 'c', 'd', 'e', 'f'];
    const orders = await Promise.all(['1', '2', '3'].map((seed) => orderOf(seed, labels)));
    assert.deepEqual(await orderOf('1', [...labels].reverse()), orders[0]);
    assert.ok(new Set(orders.map((order) => order.join())).size > 1, 'seeds must give different orders');
  });

  it('leaves global timers alone', async () => {
    const { clock } = setUp();
    let fired = false;
    const native = setTimeout(() => {
      fired = true;
    }, 1e8);
    clock.schedule(1e9, 'far', () => undefined);
    await clock.run();
    clearTimeout(native);
    assert.equal(fired, false);
  });
});
