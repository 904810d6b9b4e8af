/**
 * Goal: the end of a dispute, and who has its money, depend on what the issuer said and when,
 * never on the order in which we heard of it or how often.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { disputeMachine, isTaken, type DisputeStatus, type DisputeWord } from './dispute.ts';

interface Known {
  status: DisputeStatus;
  statusAt: number;
}

function hear(words: readonly DisputeWord[]): { known: Known | null; balance: number } {
  let known: Known | null = null;
  let balance = 0;
  for (const word of words) {
    const decision = disputeMachine(known, word);
    if (decision === null) continue;
    if (decision.ledger === 'take') balance += 1;
    if (decision.ledger === 'give_back') balance -= 1;
    assert.ok(balance === 0 || balance === 1, 'taken twice, or given back twice');
    known = { status: decision.status, statusAt: decision.statusAt };
    assert.equal(balance, isTaken(known.status) ? 1 : 0);
  }
  return { known, balance };
}

const word = fc.record({
  says: fc.constantFrom<DisputeStatus>('open', 'lost', 'won'),
  occurredAt: fc.nat({ max: 4 }),
});

describe('dispute machine', () => {
  it('ends the same in any order, with any repetition', () => {
    fc.assert(
      fc.property(
        fc
          .array(word, { minLength: 1, maxLength: 8 })
          .chain((words) =>
            fc.tuple(
              fc.constant(words),
              fc.shuffledSubarray([...words, ...words], { minLength: words.length, maxLength: 2 * words.length }),
            ),
          ),
        ([words, heard]) => {
          const missing = words.filter((one) => !heard.includes(one));
          const one = hear(words);
          const other = hear([...heard, ...missing]);
          assert.equal(other.known?.status, one.known?.status);
          assert.equal(other.balance, one.balance);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('takes the money when it is lost before we heard that it was opened, and nothing more when we do', () => {
    assert.deepEqual(
      hear([
        { says: 'lost', occurredAt: 2 },
        { says: 'open', occurredAt: 1 },
      ]).balance,
      1,
    );
  });

  it('gives back what an issuer reverses after it was lost', () => {
    const words: DisputeWord[] = [
      { says: 'open', occurredAt: 1 },
      { says: 'lost', occurredAt: 2 },
      { says: 'won', occurredAt: 3 },
    ];
    assert.deepEqual(hear(words), { known: { status: 'won', statusAt: 3 }, balance: 0 });
  });
});
