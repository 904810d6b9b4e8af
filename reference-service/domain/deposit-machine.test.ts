/**
 * Goal: no sequence of facts, in any order, from any source, makes the machine credit twice,
 * credit without proof, move a final state, or bring a dead attempt back. Method: random
 * facts on a payment whose attempts follow the failover rule, as the service does it.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isFinal, isLive, type Attempt, type Payment } from './deposit.ts';
import { isProof, type DepositFact, type FactOutcome, type FactSource } from './deposit-fact.ts';
import { depositMachine } from './deposit-machine.ts';
import { failoverPolicy } from './failover.ts';
import { someAttempt, someFact, somePayment } from './test-deposits.ts';

const sources: FactSource[] = ['answer', 'return', 'webhook', 'query', 'replay'];
const outcomes: FactOutcome[] = [
  'authorized',
  'succeeded',
  'declined',
  'canceled',
  'refunded',
  'pending',
  'requires_action',
  'not_reached',
  'refused',
  'in_doubt',
  'not_found',
  'absent_proven',
];

const step = fc.record({
  which: fc.nat({ max: 3 }),
  source: fc.constantFrom(...sources),
  outcome: fc.constantFrom(...outcomes),
  declineClass: fc.constantFrom('issuer' as const, 'technical' as const),
});

const beginnings: Partial<Payment>[] = [{}, { capture: 'manual' }, { capture: 'manual', captureMinor: 3_000 }];

interface World {
  payment: Payment;
  attempts: Attempt[];
  credits: string[];
  refunds: Set<string>;
}

/** Applies one fact the way the application does, and checks what must hold for this step. */
function apply(world: World, attempt: Attempt, fact: DepositFact): void {
  const before = { payment: world.payment, status: attempt.status };
  const decision = depositMachine({ payment: world.payment, attempt, attempts: world.attempts }, fact);

  if (decision.credit || decision.refund || decision.refundDone) assert.ok(isProof(fact), 'money moved without proof');
  if (isFinal(before.payment.status) && decision.paymentStatus !== null) {
    assert.equal(decision.paymentStatus, 'refunded');
    assert.notEqual(before.payment.status, 'succeeded');
  }
  // Proven success of an attempt given up too early is taken, as long as no other one is out.
  if (decision.attemptStatus !== null && !isLive(attempt))
    assert.ok(decision.attemptStatus === 'reversed' || decision.credit, 'a dead attempt came back');
  if (decision.credit) assert.equal(decision.paymentStatus, 'succeeded');
  if (decision.paymentStatus === 'authorized') assert.equal(before.payment.status, 'pending');
  if (before.payment.status === 'authorized') {
    assert.notEqual(decision.paymentStatus, 'pending');
    if (decision.paymentStatus !== null) assert.ok(isProof(fact), 'an authorization ended without proof');
  }

  const status = decision.attemptStatus ?? attempt.status;
  const declineClass =
    status === 'declined' && attempt.status !== 'declined' ? (fact.declineClass ?? 'issuer') : attempt.declineClass;
  world.attempts = world.attempts.map((one) => (one.id === attempt.id ? { ...one, status, declineClass } : one));
  world.payment = {
    ...world.payment,
    status: decision.paymentStatus ?? world.payment.status,
    creditedAttemptId: decision.credit ? attempt.id : world.payment.creditedAttemptId,
  };
  if (decision.credit) world.credits.push(attempt.id);
  if (decision.refund) world.refunds.add(attempt.id);
  if (failoverPolicy.mayTryAgain(world.payment, world.attempts) && world.attempts.length < 4) {
    const seq = world.attempts.length + 1;
    world.attempts.push(someAttempt({ id: `att_${seq}`, seq, psp: seq % 2 === 0 ? 'beta' : 'alpha' }));
  }
}

describe('deposit machine', () => {
  it('keeps every promise under any sequence of facts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom(...beginnings), (steps, beginning) => {
        const world: World = {
          payment: somePayment(beginning),
          attempts: [someAttempt()],
          credits: [],
          refunds: new Set(),
        };
        for (const { which, source, outcome, declineClass } of steps) {
          const attempt = world.attempts[which % world.attempts.length] as Attempt;
          apply(
            world,
            attempt,
            someFact({ source, outcome, psp: attempt.psp, declineClass: outcome === 'declined' ? declineClass : null }),
          );
          assert.ok(world.attempts.filter(isLive).length <= 1, 'two live attempts');
        }
        assert.ok(world.credits.length <= 1, 'credited twice');
        assert.equal(world.payment.status === 'succeeded', world.credits.length === 1);
        for (const id of world.credits) assert.ok(!world.refunds.has(id), 'credited and refunded');
      }),
      { numRuns: 2_000 },
    );
  });

  it('accounts for every captured attempt: credited or given back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.constantFrom(...beginnings), (steps, beginning) => {
        const world: World = {
          payment: somePayment(beginning),
          attempts: [someAttempt()],
          credits: [],
          refunds: new Set(),
        };
        for (const { which, outcome, declineClass } of steps) {
          const attempt = world.attempts[which % world.attempts.length] as Attempt;
          if (outcome === 'refunded') continue;
          apply(
            world,
            attempt,
            someFact({
              source: 'query',
              outcome,
              psp: attempt.psp,
              declineClass: outcome === 'declined' ? declineClass : null,
            }),
          );
          if (outcome === 'succeeded')
            assert.ok(
              world.credits.includes(attempt.id) || world.refunds.has(attempt.id),
              'captured money belongs to nobody',
            );
        }
      }),
    );
  });

  it('does not take a failed send for a failure of an earlier one under the same key', () => {
    const attempt = someAttempt({ status: 'in_doubt' });
    for (const outcome of ['not_reached', 'refused'] as const) {
      for (const source of ['answer', 'query', 'replay'] as const) {
        assert.equal(
          depositMachine({ payment: somePayment(), attempt, attempts: [attempt] }, someFact({ source, outcome }))
            .attemptStatus,
          null,
        );
      }
    }
  });

  it('believes a status query, not a single webhook, when it contradicts the answer of the call', () => {
    const attempt = someAttempt({ status: 'approved' });
    const snapshot = { payment: somePayment(), attempt, attempts: [attempt] };
    const byWebhook = depositMachine(snapshot, someFact({ outcome: 'declined', source: 'webhook' }));
    assert.equal(byWebhook.paymentStatus, null);
    assert.deepEqual(
      byWebhook.cases.map(({ kind }) => kind),
      ['contradictory_final'],
    );
    assert.equal(
      depositMachine(snapshot, someFact({ outcome: 'declined', source: 'query', declineClass: 'issuer' }))
        .paymentStatus,
      'declined',
    );
  });
});
