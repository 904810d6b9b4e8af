import assert from 'node:assert/strict';
import fc from 'fast-check';
import { balanceOf, wrongMinorOf, type BalanceQuestion } from './balance.ts';
import type { Finding } from './findings.ts';
import type { Item } from './records.ts';

const question = (given: Partial<BalanceQuestion>): BalanceQuestion => ({
  before: null,
  carriedMinor: null,
  movementMinor: 0,
  wrongMinor: 0,
  transferMinor: null,
  overdueMinor: [],
  ...given,
});

describe('the balance of a settlement', () => {
  it('takes a debt off what is transferred, and leaves one', () => {
    const before = { leftMinor: -500, leftIfRightMinor: -500 };
    assert.deepEqual(balanceOf(question({ before, movementMinor: 2_000 })), {
      dueMinor: 1_500,
      leftMinor: 0,
      leftIfRightMinor: 0,
    });
    assert.deepEqual(balanceOf(question({ before, movementMinor: 200, transferMinor: 0 })), {
      dueMinor: 0,
      leftMinor: -300,
      leftIfRightMinor: -300,
    });
  });

  it('believes the file about what was before only when nothing else is known of it', () => {
    assert.equal(balanceOf(question({ carriedMinor: -700, movementMinor: 1_000 })).dueMinor, 300);
    const before = { leftMinor: 0, leftIfRightMinor: 0 };
    assert.equal(
      balanceOf(question({ before, carriedMinor: -700, movementMinor: 1_000, transferMinor: 300 })).dueMinor,
      1_000,
    );
  });

  it('goes on with a wrong line as the PSP does: with what it says, or with what is right', () => {
    // A refund over 500 stands in the file as 450, fee 25; nothing else is settled.
    const first = balanceOf(question({ movementMinor: -475, wrongMinor: 50, transferMinor: 0 }));
    assert.deepEqual(first, { dueMinor: 0, leftMinor: -475, leftIfRightMinor: -525 });
    const next = (transferMinor: number) =>
      balanceOf(question({ before: first, movementMinor: 10_000, transferMinor }));
    assert.equal(next(9_475).dueMinor, 9_525 - 50);
    assert.equal(next(9_525).dueMinor, 9_525);
    // Neither: that is a discrepancy of its own.
    assert.equal(next(9_400).dueMinor, 9_525);
  });

  it('keeps both readings as long as nothing is transferred', () => {
    const first = balanceOf(question({ movementMinor: -475, wrongMinor: 50, transferMinor: 0 }));
    const second = balanceOf(question({ before: first, movementMinor: 100, transferMinor: 0 }));
    assert.deepEqual(second, { dueMinor: 0, leftMinor: -375, leftIfRightMinor: -425 });
  });

  it('sees in a transfer that is too small a refund that was due and has no line, and in nothing else', () => {
    const before = { leftMinor: 0, leftIfRightMinor: 0 };
    const due = (transferMinor: number, overdueMinor: number[]) =>
      balanceOf(question({ before, movementMinor: 10_000, transferMinor, overdueMinor })).dueMinor;
    assert.equal(due(9_492, [-508]), 9_492);
    assert.equal(due(9_192, [-508, -300]), 9_192);
    assert.equal(due(9_492, [508]), 10_000);
    assert.equal(due(9_491, [-508]), 10_000);
  });

  it('says of a right PSP that all is right, day after day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1, maxLength: 30 }), (days) => {
        let before: BalanceQuestion['before'] = null;
        let carried = 0;
        for (const movementMinor of days) {
          const transferMinor = Math.max(0, carried + movementMinor);
          const balance = balanceOf(question({ before, carriedMinor: carried, movementMinor, transferMinor }));
          assert.equal(balance.dueMinor, transferMinor);
          carried = Math.min(0, carried + movementMinor);
          assert.equal(balance.leftMinor, carried);
          before = balance;
        }
      }),
    );
  });
});

describe('what findings say is wrong', () => {
  const item = (given: Partial<Item>): Item => ({
    id: 1,
    batch: 'b',
    line: 1,
    kind: 'payment',
    reference: null,
    pspReference: null,
    partReference: null,
    grossMinor: 1_000,
    currency: 'EUR',
    netMinor: 980,
    feeMinor: 20,
    settlementCurrency: 'EUR',
    occurredAt: null,
    settledAt: 0,
    isConverted: false,
    ...given,
  });
  const finding = (
    kind: Finding['kind'],
    items: Item[],
    openMinor = 0,
    amountMinor: number | null = null,
  ): Finding => ({
    kind,
    subjectId: 'pay_1',
    items,
    expectation: amountMinor === null ? null : ({ amountMinor } as Finding['expectation']),
    openMinor,
    currency: 'EUR',
    summary: '',
  });

  it('is the whole of a line that should not be there', () => {
    for (const kind of ['duplicate_line', 'missing_in_ledger', 'status_mismatch', 'unannounced_chargeback'] as const)
      assert.equal(wrongMinorOf([finding(kind, [item({})])]), 980);
  });

  it('is what an amount is too much by, at the rate of the line', () => {
    assert.equal(wrongMinorOf([finding('amount_mismatch', [item({})], -100, 900)]), 100);
    const converted = item({ currency: 'USD', netMinor: 480, feeMinor: 20 });
    assert.equal(wrongMinorOf([finding('amount_mismatch', [converted], -100, 900)]), 50);
  });

  it('is a fee that was too high, and nothing where only words differ', () => {
    assert.equal(wrongMinorOf([finding('fee_mismatch', [item({})], 7)]), -7);
    for (const kind of ['late_settlement', 'wrong_reference', 'split_line', 'merged_line'] as const)
      assert.equal(wrongMinorOf([finding(kind, [item({})])]), 0);
  });
});
