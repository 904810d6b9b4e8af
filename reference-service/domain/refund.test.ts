/**
 * Goal: whatever a PSP says about one refund, in any order and as often as it likes, the money
 * leaves the hold once or goes back once, and comes back at most once after it left.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { refundableMinor, refundMachine, type RefundStatus, type RefundWord } from './refund.ts';

const word = fc.record({
  says: fc.constantFrom<RefundWord['says']>('done', 'failed'),
  occurredAt: fc.option(fc.nat({ max: 5 }), { nil: null }),
});

describe('refund machine', () => {
  it('posts or releases a reservation once, and takes back once what it had posted', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        let refund: { status: RefundStatus; finalAt: number | null } = { status: 'wanted', finalAt: null };
        const moves: string[] = [];
        for (const one of words) {
          const decision = refundMachine(refund, one);
          if (decision.ledger !== 'none') moves.push(decision.ledger);
          if (decision.contradicts) assert.deepEqual([decision.status, decision.ledger], [null, 'none']);
          if (decision.status !== null) refund = { status: decision.status, finalAt: one.occurredAt ?? refund.finalAt };
        }
        assert.ok(['', 'post', 'void', 'post,return'].includes(moves.join(',')), moves.join(','));
        const expected = { '': 'wanted', post: 'done', void: 'rejected', 'post,return': 'returned' }[moves.join(',')];
        assert.equal(refund.status, expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends the same when the word of the failure overtakes that of the success', () => {
    const done: RefundWord = { says: 'done', occurredAt: 1 };
    const failed: RefundWord = { says: 'failed', occurredAt: 2 };
    const overtaken = refundMachine({ status: 'wanted', finalAt: null }, failed);
    assert.equal(overtaken.ledger, 'void');
    assert.deepEqual(refundMachine({ status: 'rejected', finalAt: 2 }, done), {
      status: null,
      ledger: 'none',
      contradicts: false,
    });
  });

  it('never believes a success that came after the failure: a person decides', () => {
    const later: RefundWord = { says: 'done', occurredAt: 3 };
    assert.equal(refundMachine({ status: 'rejected', finalAt: 2 }, later).contradicts, true);
    assert.equal(refundMachine({ status: 'rejected', finalAt: null }, later).contradicts, true);
  });

  it('knows what is left of a payment, and never less than nothing', () => {
    assert.equal(refundableMinor({ creditedMinor: 100, refundedMinor: 30, disputedMinor: 20 }), 50);
    assert.equal(refundableMinor({ creditedMinor: 100, refundedMinor: 100, disputedMinor: 100 }), 0);
    assert.equal(refundableMinor({ creditedMinor: null, refundedMinor: 0, disputedMinor: 0 }), 0);
  });
});
