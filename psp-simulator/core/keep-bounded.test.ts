import assert from 'node:assert/strict';
import { createKeyedIds } from '../../kernel/index.ts';
import type { Bank } from './bank.ts';
import { createBank } from './create-bank.ts';
import { APPROVED } from './records.ts';

const MOST = 20;

function openBank(): Bank {
  return createBank({
    clock: { now: () => 0 },
    ids: createKeyedIds('bounded'),
    rules: { challengeCompletes: 'at-once', challengeExpiresTo: 'expired', confirmAfterDecline: true },
    challengeLifeMs: () => 1_000,
    mostRecords: MOST,
    onChange: () => undefined,
  });
}

function pay(bank: Bank, n: number, captureMode: 'automatic' | 'manual' = 'automatic'): void {
  bank.createPayment({
    pspReference: `pay-${n}`,
    reference: `order-${n}`,
    amountMinor: 1_000,
    currency: 'EUR',
    captureMode,
    outcome: APPROVED,
  });
}

describe('the bounds of the books', () => {
  it('let the oldest payments go, and count them', () => {
    const bank = openBank();
    for (let n = 0; n < MOST * 10; n += 1) pay(bank, n);
    const left = bank.payments().map(({ pspReference }) => pspReference);
    assert.ok(left.length <= MOST + 1, `${left.length} payments are left`);
    assert.equal(left.at(-1), `pay-${MOST * 10 - 1}`);
    assert.equal(left.at(-MOST / 2), `pay-${MOST * 10 - MOST / 2}`);
    assert.equal(left.length + bank.forgotten(), MOST * 10);
    assert.deepEqual(bank.payments({ reference: 'order-0' }), []);
  });

  it('keep every open payment, and still let those that are over go, however many open ones are older', () => {
    const bank = openBank();
    const open = MOST * 10;
    for (let n = 0; n < open; n += 1) pay(bank, n, 'manual');
    for (let n = open; n < open * 20; n += 1) pay(bank, n);
    const states = bank.payments().map(({ state }) => state);
    assert.equal(states.filter((state) => state === 'authorized').length, open);
    assert.ok(states.length <= open * 2, `${states.length} payments are left`);
  });

  it('let the challenges of a payment go with it, those of earlier attempts too', () => {
    const bank = openBank();
    const refused = { threeDs: 'challenge', issuer: { kind: 'decline', reason: 'do_not_honor' } } as const;
    for (let n = 0; n < MOST * 5; n += 1) {
      const pspReference = `pay-${n}`;
      const command = { pspReference, reference: null, amountMinor: 1, currency: 'EUR' };
      const first = bank.createPayment({ ...command, captureMode: 'automatic', outcome: refused });
      bank.actOnChallenge(first.challengeId ?? '', 'approve');
      const second = bank.confirmPayment({ pspReference, outcome: { ...APPROVED, threeDs: 'challenge' } });
      bank.actOnChallenge(second.challengeId ?? '', 'approve');
    }
    assert.ok(bank.challenges().length <= (MOST + 1) * 2, `${bank.challenges().length} challenges are left`);
  });

  it('shrink again when what was open is over', () => {
    const bank = openBank();
    for (let n = 0; n < MOST * 5; n += 1) pay(bank, n, 'manual');
    for (let n = 0; n < MOST * 5; n += 1) bank.cancel(`pay-${n}`);
    for (let n = MOST * 5; n < MOST * 15; n += 1) pay(bank, n);
    assert.ok(bank.payments().length <= MOST + 1, `${bank.payments().length} payments are left`);
  });
});
