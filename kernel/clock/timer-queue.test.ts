/** Goal: order and bookkeeping of timers. Method: any mix of adds and cancels against a sorted list. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TimerQueue } from './timer-queue.ts';

const noTask = (): void => undefined;

describe('timer queue', () => {
  it('delivers what was not cancelled by due time, tie draw and arrival, and forgets the rest at once', () => {
    const timers = fc.array(
      fc.record({ dueMs: fc.nat(20), tie: fc.constantFrom(0, 0.25, 0.5), cancelled: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(timers, (inputs) => {
        const queue = new TimerQueue();
        const added = inputs.map((input, sequence) => {
          const { dueMs, tie } = input;
          const timer = queue.add({ dueMs, tie, label: String(sequence), task: noTask });
          return { ...input, sequence, timer };
        });
        for (const { cancelled, timer } of added) if (cancelled) timer.cancel();

        const kept = added.filter((timer) => !timer.cancelled);
        assert.equal(queue.size, kept.length);
        const expected = kept
          .sort((a, b) => a.dueMs - b.dueMs || a.tie - b.tie || a.sequence - b.sequence)
          .map((timer) => String(timer.sequence));
        const delivered: string[] = [];
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) delivered.push(next.label);
        assert.deepEqual(delivered, expected);
      }),
    );
  });

  it('does not grow from timers that are cancelled again and again', () => {
    const queue = new TimerQueue();
    for (let round = 0; round < 10_000; round += 1)
      queue.add({ dueMs: round, tie: 0, label: 'timeout', task: noTask }).cancel();
    assert.equal(queue.size, 0);
  });

  it('ignores a cancel after the timer was delivered', () => {
    const queue = new TimerQueue();
    const first = queue.add({ dueMs: 1, tie: 0, label: 'first', task: noTask });
    queue.add({ dueMs: 2, tie: 0, label: 'second', task: noTask });
    queue.pop();
    first.cancel();
    assert.equal(queue.pop()?.label, 'second');
  });
});
