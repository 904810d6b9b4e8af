/** Goal: the real, scaled and manual clocks. Method: the manual clock is the base of the scaled one, so nothing is timed. */
import assert from 'node:assert/strict';
import { createManualClock } from './manual-clock.ts';
import { createRealClock } from './real-clock.ts';
import { createScaledClock } from './scaled-clock.ts';

describe('manual clock', () => {
  it('runs what falls due on the way, in order, including what that schedules', async () => {
    const clock = createManualClock({ startMs: 500 });
    const log: string[] = [];
    clock.schedule(20, 'second', () => void log.push(`second@${clock.now()}`));
    clock.schedule(10, 'first', async () => {
      log.push(`first@${clock.now()}`);
      await clock.sleep(0);
      log.push(`woken@${clock.now()}`);
    });
    clock.schedule(15, 'cancelled', () => void log.push('cancelled')).cancel();
    const sleeper = clock.sleep(25).then(() => log.push(`sleeper@${clock.now()}`));
    await clock.advance(19);
    assert.equal(clock.now(), 519);
    await clock.advance(6);
    await sleeper;
    assert.deepEqual(log, ['first@510', 'woken@510', 'second@520', 'sleeper@525']);
    assert.equal(clock.pendingTimers(), 0);
  });
});

describe('manual clock that waits for its tasks', () => {
  it('lets what a socket brings late end before the next timer runs', async () => {
    const clock = createManualClock({ startMs: 0, waitForTasks: true });
    const log: string[] = [];
    clock.schedule(1, 'slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`slow@${clock.now()}`);
    });
    clock.schedule(2, 'next', () => void log.push(`next@${clock.now()}`));
    await clock.advance(5);
    assert.deepEqual(log, ['slow@1', 'next@2']);
  });
});

describe('manual clock, when a task fails', () => {
  it('rejects the advance that ran it', async () => {
    const clock = createManualClock({ startMs: 0 });
    clock.schedule(5, 'broken', () => {
      throw new Error('task failed');
    });
    await clock.advance(4);
    await assert.rejects(clock.advance(1), /task failed/);
  });
});

describe('real clock', () => {
  it('runs timers by due time and not those that were cancelled', async () => {
    const clock = createRealClock();
    const log: string[] = [];
    const note = (name: string) => (): void => void log.push(name);
    const day = clock.schedule(86_400_000, 'in a day', note('in a day'));
    clock.schedule(8, 'second', note('second'));
    clock.schedule(0, 'first', note('first'));
    clock.schedule(4, 'cancelled', note('cancelled')).cancel();
    await clock.sleep(12);
    day.cancel();
    assert.deepEqual(log, ['first', 'second']);
  });

  it('keeps the process only as long as a timer waits, and takes a new one after that', async () => {
    const clock = createRealClock();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const timer = clock.schedule(86_400_000, 'in a day', () => assert.fail('it was cancelled'));
    assert.equal(timers(), before + 1);
    timer.cancel();
    assert.equal(timers(), before);
    await clock.sleep(1);
  });
});

describe('scaled clock', () => {
  it('compresses delays by its factor, down to the floor, and leaves zero at zero', async () => {
    const base = createManualClock({ startMs: 0 });
    const clock = createScaledClock({ factor: 1000, floorMs: 5, base });
    const log: string[] = [];
    const record = (name: string) => (): void => void log.push(`${name}@${base.now()}`);
    clock.schedule(0, 'zero', record('zero'));
    clock.schedule(100, 'floored', record('floored'));
    clock.schedule(20_000, 'scaled', record('scaled'));
    await base.advance(20);
    assert.deepEqual(log, ['zero@0', 'floored@5', 'scaled@20']);
    assert.equal(clock.now(), 20_000);
    assert.equal(clock.elapsed(), 20_000);
  });

  it('runs with the wall while it is held, and begins at the instant at which it is told to', async () => {
    const base = createManualClock({ startMs: 1_000 });
    const clock = createScaledClock({ factor: 1000, floorMs: 5, base, held: true });
    await base.advance(9_000);
    assert.deepEqual(
      [clock.now(), clock.elapsed()],
      [10_000, 0],
      'nine seconds of waiting are not two and a half hours',
    );
    clock.begin();
    assert.deepEqual([clock.now(), clock.elapsed()], [10_000, 0]);
    await base.advance(2);
    clock.begin();
    assert.deepEqual([clock.now(), clock.elapsed()], [12_000, 2_000], 'and runs from then on, told twice or not');
  });

  it('rejects a factor below one', () => {
    assert.throws(() => createScaledClock({ factor: 0.5, floorMs: 1 }), /factor/);
  });
});

describe('real clock', () => {
  it('fires scheduled work, not cancelled work, and ends a sleep on abort', async () => {
    const clock = createRealClock();
    const log: string[] = [];
    clock.schedule(0, 'cancelled', () => void log.push('cancelled')).cancel();
    const far = clock.schedule(2 ** 33, 'months ahead', () => void log.push('too early'));
    await new Promise<void>((resolve) => {
      clock.schedule(1, 'fires', () => {
        log.push('fires');
        resolve();
      });
    });
    far.cancel();
    const controller = new AbortController();
    const sleeping = clock.sleep(1e6, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(sleeping, /enough/);
    await assert.rejects(clock.sleep(1e6, { signal: controller.signal }), /enough/);
    assert.deepEqual(log, ['fires']);
  });

  it('rejects a delay that is not a number', () => {
    assert.throws(() => createRealClock().schedule(Number.NaN, 'odd', () => undefined), /"odd" is not a number/);
  });
});
