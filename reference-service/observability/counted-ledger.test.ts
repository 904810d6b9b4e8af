/** Goal: the count of fees is that of what was booked, after the commit. Method: a ledger that answers what it is told to. */
import assert from 'node:assert/strict';
import type { LedgerCommand, LedgerPort } from '../ports/ledger.ts';
import type { Unit } from '../ports/unit.ts';
import { countedLedger, type Fee } from './counted-ledger.ts';

const FEE: LedgerCommand = {
  kind: 'psp_fee',
  paymentId: 'batch-1',
  part: 'fees-EUR',
  playerId: null,
  amountMinor: 30,
  currency: 'EUR',
  psp: 'alpha',
  txnId: null,
  idempotencyKey: null,
};

describe('the count of fees', () => {
  it('has what was booked and taken back, after the commit, and nothing that was booked before', async () => {
    const counted: Fee[] = [];
    const tasks: (() => void)[] = [];
    const answers = ['posted', 'already', 'posted', 'posted', 'posted'] as const;
    const ledger = countedLedger(
      {
        post: (_unit: unknown, commands: readonly LedgerCommand[]) =>
          Promise.resolve(commands.map((_, index) => ({ kind: answers[index] ?? 'posted', availableMinor: 0 }))),
      } as unknown as LedgerPort,
      (fee) => counted.push(fee),
    );
    await ledger.post({ afterCommit: (task: () => void) => void tasks.push(task) } as unknown as Unit, [
      FEE,
      FEE,
      { ...FEE, kind: 'settlement', from: 'fees:beta', to: 'psp:beta', amountMinor: 5 },
      { ...FEE, kind: 'correction', psp: null, from: 'psp:beta', to: 'fees:beta', amountMinor: 3 },
      { ...FEE, kind: 'settlement', from: 'bank', to: 'psp:beta' },
    ]);
    assert.deepEqual(counted, []);
    tasks.forEach((task) => task());
    assert.deepEqual(
      counted.map(({ psp, amountMinor, direction }) => [psp, amountMinor, direction]),
      [
        ['alpha', 30, 'paid'],
        ['beta', 5, 'paid'],
        ['beta', 3, 'returned'],
      ],
    );
  });
});
