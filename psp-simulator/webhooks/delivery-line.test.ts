import assert from 'node:assert/strict';
import { createActivity, createVirtualClock } from '../../kernel/index.ts';
import { DeliveryLine } from './delivery-line.ts';
import type { Message } from './message.ts';

/** A line whose messages need this many tries each; pauses are one second. */
function openLine(tries: Record<string, number>) {
  const clock = createVirtualClock({ startMs: 0, activity: createActivity() });
  const log: string[] = [];
  const line = new DeliveryLine(clock, 'line', async (message) => {
    log.push(`${message.id}@${clock.now()}`);
    tries[message.id] = (tries[message.id] ?? 1) - 1;
    return (tries[message.id] ?? 0) > 0 ? 1_000 : null;
  });
  const enterAt = (ms: number, id: string): void => {
    clock.schedule(ms, id, () => line.enter({ id } as Message));
  };
  return { clock, line, log, enterAt };
}

describe('DeliveryLine', () => {
  it('holds everything back behind a failing head, then passes it on in order', async () => {
    const { clock, log, enterAt } = openLine({ a: 3, b: 1, c: 1 });
    enterAt(0, 'a');
    enterAt(500, 'b');
    enterAt(600, 'c');
    await clock.run();
    assert.deepEqual(log, ['a@0', 'a@1000', 'a@2000', 'b@2000', 'c@2000']);
  });

  it('sends at once when nothing fails', async () => {
    const { clock, log, enterAt } = openLine({});
    enterAt(10, 'a');
    enterAt(20, 'b');
    await clock.run();
    assert.deepEqual(log, ['a@10', 'b@20']);
  });

  it('forgets the line and its retry when cleared, and works again afterwards', async () => {
    const { clock, line, log, enterAt } = openLine({ a: 9 });
    enterAt(0, 'a');
    clock.schedule(500, 'clear', () => line.clear());
    enterAt(3_000, 'b');
    await clock.run();
    assert.deepEqual(log, ['a@0', 'b@3000']);
  });
});
