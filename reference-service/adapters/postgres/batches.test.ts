/** Goal: what waits together goes together, nothing waits for others to come, and only the guilty fails. */
import assert from 'node:assert/strict';
import { Batches } from './batches.ts';

interface World {
  batches: Batches<string, string>;
  /** What was sent, in order: a batch as its members joined. */
  sent: string[];
  /** Lets the oldest statement under way end. */
  end(): Promise<void>;
}

function world({ guilty = '', mayRepeat = true }: { guilty?: string; mayRepeat?: boolean } = {}): World {
  const sent: string[] = [];
  const open: (() => void)[] = [];
  const statement = (what: readonly string[]): Promise<string[]> => {
    sent.push(what.join('+'));
    return new Promise((resolve, reject) => {
      open.push(() =>
        what.includes(guilty) ? reject(new Error(`${guilty} is guilty`)) : resolve(what.map((one) => `${one}!`)),
      );
    });
  };
  return {
    sent,
    batches: new Batches({
      one: async (given) => (await statement([given]))[0] ?? '',
      many: statement,
      mayRepeat: () => mayRepeat,
    }),
    async end() {
      open.shift()?.();
      // Everything that follows is promises.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
  };
}

describe('batches', () => {
  it('send a call at once while there is a place, and what came meanwhile together, in the order of its locks', async () => {
    const { batches, sent, end } = world();
    const results = ['d', 'c', 'b', 'a', 'e'].map((name) => batches.add(name, name));
    assert.deepEqual(sent, ['d', 'c']);
    await end();
    assert.deepEqual(sent, ['d', 'c', 'a+b+e']);
    await end();
    await end();
    assert.deepEqual(await Promise.all(results), ['d!', 'c!', 'b!', 'a!', 'e!']);
  });

  it('hold 64 at most', async () => {
    const { batches, sent, end } = world();
    const results = Array.from({ length: 67 }, (_, index) => batches.add(String(index), String(index)));
    await end();
    assert.equal(sent.at(-1)?.split('+').length, 64);
    for (let statement = 0; statement < 4; statement += 1) await end();
    assert.equal((await Promise.all(results)).length, 67);
  });

  it('repeat one by one what failed together, so that only the guilty fails', async () => {
    const { batches, sent, end } = world({ guilty: 'x' });
    const results = Promise.allSettled(['1', '2', 'a', 'x', 'z'].map((name) => batches.add(name, name)));
    for (let statement = 0; statement < 6; statement += 1) await end();
    assert.deepEqual(sent, ['1', '2', 'a+x+z', 'a', 'x', 'z']);
    assert.deepEqual(
      (await results).map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
      ['1!', '2!', 'a!', 'failed', 'z!'],
    );
  });

  it('repeat nothing of which nobody knows whether it was done', async () => {
    const { batches, sent, end } = world({ guilty: 'x', mayRepeat: false });
    const results = Promise.allSettled(['1', '2', 'a', 'x'].map((name) => batches.add(name, name)));
    for (let statement = 0; statement < 4; statement += 1) await end();
    assert.deepEqual(sent, ['1', '2', 'a+x']);
    assert.deepEqual(
      (await results).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
    );
  });
});
