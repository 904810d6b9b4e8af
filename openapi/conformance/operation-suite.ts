/**
 * The suite of one document, the same for each: every operation takes what fits, refuses what breaks
 * one constraint and changes nothing then, and every documented answer is seen or explained.
 */
import assert from 'node:assert/strict';
import type { Operation } from './api-document.ts';
import { brokenCalls, callValidly, type Generation } from './generated-calls.ts';
import type { Wire } from './wire.ts';

export interface SuiteWorld {
  wire: Wire;
  generation: Generation;
  /** What a refused call must not change, as one text. */
  state(): Promise<string>;
}

export interface Suite {
  operations: readonly Operation[];
  /** Known once the world is open. */
  world(): SuiteWorld;
  /** Reason → documented answers that are not provoked here, `getPayment 500` or `* 500`. */
  unprovoked: Readonly<Record<string, readonly string[]>>;
  /** Operations that are not called with generated input, and why. */
  leftOut?: Readonly<Record<string, string>>;
}

/** To be called inside a `describe`, after what the operations' past is made of. */
export function describeOperations({ operations, world, leftOut = {} }: Suite): void {
  const called = operations.filter(({ id }) => !(id in leftOut));

  describe('refuses what breaks one constraint, and changes nothing', () => {
    for (const operation of called)
      it(`${operation.method} ${operation.path}`, async () => {
        const { wire, generation, state } = world();
        const before = await state();
        for (const { name, call } of brokenCalls(operation, generation)) {
          const { status } = await wire.call(operation, call);
          assert.ok(status >= 400 && status < 500, `${operation.id}, ${name}: ${status} for ${JSON.stringify(call)}`);
        }
        assert.equal(await state(), before, 'a refused call changed something');
      });
  });

  describe('takes what fits', () => {
    for (const operation of called)
      it(`${operation.method} ${operation.path}`, () => {
        const { wire, generation } = world();
        return callValidly(wire, operation, generation);
      });
  });
}

/** Every documented answer was seen, or stands in the list with its reason; and the list holds no other. */
export function assertAllAnswersSeen({ world, unprovoked }: Suite): void {
  const listed = new Set(Object.values(unprovoked).flat());
  const isListed = (answer: string): boolean => listed.has(answer) || listed.has(`* ${answer.split(' ')[1]}`);
  const unseen = world().wire.unseen();
  assert.deepEqual(
    unseen.filter((answer) => !isListed(answer)),
    [],
    'documented answers that nothing provokes',
  );
  const idle = [...listed].filter((answer) => !answer.startsWith('* ') && !unseen.includes(answer));
  assert.deepEqual(idle, [], 'listed as not provoked, but seen or not documented');
}
