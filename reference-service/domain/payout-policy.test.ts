/**
 * Goal: a reservation is posted or voided, never both, and only on proof.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LIVE_STATUSES, type Attempt } from './deposit.ts';
import type { FactSource } from './deposit-fact.ts';
import { isPayoutFinal, type Payout } from './payout.ts';
import { payoutPolicy, type PayoutFact } from './payout-policy.ts';
import { NOW_MS, someAttempt } from './test-deposits.ts';

const outcomes: PayoutFact['outcome'][] = [
  'paid',
  'failed',
  'returned',
  'pending',
  'not_reached',
  'refused',
  'in_doubt',
  'not_found',
  'absent_proven',
];
const sources: FactSource[] = ['answer', 'webhook', 'query', 'replay'];
const step = fc.record({
  which: fc.nat({ max: 2 }),
  source: fc.constantFrom(...sources),
  outcome: fc.constantFrom(...outcomes),
});

const somePayout: Payout = {
  id: 'po_1',
  txnId: 'txn_1',
  playerId: 'player-1',
  amountMinor: 2_000,
  currency: 'EUR',
  method: 'card',
  destinationToken: 'card_payout_ok',
  country: null,
  bank: null,
  preferredPsp: null,
  pinnedPsp: null,
  traceId: null,
  failureReason: null,
  deferredAt: null,
  status: 'pending',
  createdAt: NOW_MS,
  updatedAt: NOW_MS,
  expiresAt: NOW_MS + 86_400_000,
  nextStepAt: null,
};

describe('payout policy', () => {
  it('posts or voids, never both, and returns only what was posted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let payout = somePayout;
        let attempts: Attempt[] = [someAttempt({ subjectId: 'po_1' })];
        const moves = new Set<string>();
        for (const { which, source, outcome } of steps) {
          const attempt = attempts[which % attempts.length] as Attempt;
          const fact: PayoutFact = {
            source,
            outcome,
            psp: 'alpha',
            pspReference: null,
            money: null,
            code: null,
            eventId: null,
          };
          const decision = payoutPolicy({ payout, attempt, attempts }, fact);
          if (decision.ledger === 'post') assert.ok(source !== 'answer' && outcome === 'paid');
          if (decision.ledger === 'void') assert.ok(outcome === 'failed' || outcome === 'returned');
          if (decision.ledger === 'return') {
            assert.ok(moves.has('post'));
            assert.ok(outcome === 'returned' || source === 'query' || source === 'replay');
          }
          if (decision.ledger !== 'none') {
            assert.ok(!moves.has(decision.ledger), `${decision.ledger} twice`);
            moves.add(decision.ledger);
          }
          assert.ok(!(moves.has('post') && moves.has('void')));
          if (payout.status === 'succeeded' && decision.payoutStatus !== null)
            assert.deepEqual([decision.payoutStatus, decision.ledger], ['returned', 'return']);
          else if (isPayoutFinal(payout.status)) assert.equal(decision.payoutStatus, null);
          payout = { ...payout, status: decision.payoutStatus ?? payout.status };
          attempts = attempts.map((one) =>
            one.id === attempt.id ? { ...one, status: decision.attemptStatus ?? one.status } : one,
          );
          const open = payout.status === 'pending' || payout.status === 'deferred';
          if (open && !attempts.some(({ status }) => LIVE_STATUSES.includes(status)) && attempts.length < 3) {
            attempts = [...attempts, someAttempt({ id: `att_${attempts.length + 1}`, seq: attempts.length + 1 })];
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the reservation when a call times out', () => {
    const attempt = someAttempt();
    const fact: PayoutFact = {
      source: 'answer',
      outcome: 'in_doubt',
      psp: 'alpha',
      pspReference: null,
      money: null,
      code: null,
      eventId: null,
    };
    assert.deepEqual(payoutPolicy({ payout: somePayout, attempt, attempts: [attempt] }, fact), {
      attemptStatus: 'in_doubt',
      payoutStatus: null,
      ledger: 'none',
      cases: [],
    });
  });
});
