/** Goal: a signal wakes who waits now, parks their tokens and leaves nothing behind. */
import assert from 'node:assert/strict';
import { Signal } from './signal.ts';
import { createActivity } from './tracked-activity.ts';
import { createVirtualClock } from './virtual-clock.ts';

function setUp() {
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: 0, activity });
  return { activity, clock, signal: new Signal(), log: [] as string[] };
}

describe('signal', () => {
  it('wakes everyone who waits, in order, and leaves no timer', async () => {
    const { activity, clock, signal, log } = setUp();
    for (const name of ['a', 'b']) {
      clock.schedule(0, name, async () => {
        const outcome = await signal.wait({ clock, timeoutMs: 60_000, activity });
        log.push(`${name} ${outcome}@${clock.now()}`);
      });
    }
    clock.schedule(30, 'notify', () => signal.notify());
    assert.equal(await clock.run(), 'idle');
    assert.deepEqual(log, ['a notified@30', 'b notified@30']);
    assert.equal(clock.pendingTimers(), 0);
    assert.equal(clock.now(), 30);
  });

  it('times out, and remembers no notification from before', async () => {
    const { activity, clock, signal, log } = setUp();
    signal.notify();
    clock.schedule(
      0,
      'poll',
      async () => void log.push(`${await signal.wait({ clock, timeoutMs: 50, activity })}@${clock.now()}`),
    );
    await clock.run();
    assert.deepEqual(log, ['timeout@50']);
    assert.equal(signal.waiting, 0);
  });

  it('rejects on abort and forgets the waiter', async () => {
    const { activity, clock, signal, log } = setUp();
    const controller = new AbortController();
    clock.schedule(0, 'poll', async () => {
      await signal
        .wait({ clock, timeoutMs: Infinity, activity, signal: controller.signal })
        .catch((error: Error) => log.push(error.message));
    });
    clock.schedule(5, 'abort', () => controller.abort(new Error('client left')));
    await clock.run();
    assert.deepEqual(log, ['client left']);
    assert.equal(signal.waiting, 0);
  });
});
