/**
 * Random lives of a bank: commands in any order on a few payments, under every rule set. For
 * tests that compare what the books say with something else.
 */
import fc from 'fast-check';
import { createKeyedIds } from '../../kernel/index.ts';
import type { Bank, BankRules } from '../core/bank.ts';
import type { BookChange } from '../core/book-change.ts';
import { createBank } from '../core/create-bank.ts';
import { PspProblem } from '../core/problem.ts';
import { APPROVED } from '../core/records.ts';
import type { CardOutcome, DisputeState, RefundState } from '../core/records.ts';

export const RULES: readonly BankRules[] = [
  { challengeCompletes: 'at-once', challengeExpiresTo: 'expired', confirmAfterDecline: false },
  { challengeCompletes: 'at-once', challengeExpiresTo: 'declined', confirmAfterDecline: true },
  { challengeCompletes: 'on-submit', challengeExpiresTo: 'canceled', confirmAfterDecline: false, captures: 'several' },
];

export const DECLINED: CardOutcome = { threeDs: 'none', issuer: { kind: 'decline', reason: 'generic' } };
export const CHALLENGE: CardOutcome = { threeDs: 'challenge', issuer: { kind: 'approve' } };
export const CHALLENGE_DECLINED: CardOutcome = {
  threeDs: 'challenge',
  issuer: { kind: 'decline', reason: 'do_not_honor' },
};

export interface World {
  bank: Bank;
  changes: BookChange[];
  clock: { nowMs: number };
}

export function openWorld(rules: BankRules = RULES[0] as BankRules): World {
  const changes: BookChange[] = [];
  const clock = { nowMs: 1_000 };
  const bank = createBank({
    clock: { now: () => clock.nowMs },
    ids: createKeyedIds('bank'),
    rules,
    challengeLifeMs: () => 900_000,
    onChange: (change) => changes.push(change),
  });
  return { bank, changes, clock };
}

export function pay(bank: Bank, fields: Partial<Parameters<Bank['createPayment']>[0]> = {}) {
  return bank.createPayment({
    pspReference: 'p1',
    reference: 'order-1',
    amountMinor: 5_000,
    currency: 'EUR',
    captureMode: 'automatic',
    outcome: APPROVED,
    ...fields,
  });
}

export function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PspProblem) return error.code;
    throw error;
  }
  return 'none';
}

/** One random command; `n` picks the payment, `part` an amount. */
export const command = fc.record({
  kind: fc.constantFrom(
    'create',
    'create-unconfirmed',
    'confirm',
    'confirm-3ds',
    'confirm-declined',
    'capture',
    'capture-all',
    'cancel',
    'expire',
    'refund',
    'refund-pending',
    'refund-failed',
    'settle-refund',
    'fail-refund-late',
    'capture-part',
    'dispute',
    'evidence',
    'win',
    'lose',
    'reverse',
    'payout',
    'pay-out',
    'return-payout',
    'approve',
    'fail',
    'abandon',
    'submit',
    'expire-challenge',
  ),
  n: fc.integer({ min: 0, max: 2 }),
  currency: fc.constantFrom('EUR', 'GBP', 'JPY'),
  /** Often round, so that sums meet. */
  part: fc.oneof(fc.constantFrom(1, 1_000, 2_500, 4_000, 5_000, 6_000), fc.integer({ min: 1, max: 6_000 })),
  manual: fc.boolean(),
});

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

export function run({ bank, changes }: World, { kind, n, part, manual, currency }: Command): void {
  const id = `p${n}`;
  const challengeId = bank.findPayment(id)?.challengeId ?? 'none';
  const create = (outcome: CardOutcome | null): unknown =>
    bank.findPayment(id) === undefined
      ? pay(bank, {
          pspReference: id,
          reference: `order-${n}`,
          captureMode: manual ? 'manual' : 'automatic',
          outcome,
          currency,
        })
      : undefined;
  const refund = (outcome: 'succeeded' | 'failed' | 'pending'): unknown =>
    bank.createRefund({
      pspReference: `r${changes.length}`,
      paymentPspReference: id,
      reference: null,
      amountMinor: part,
      outcome,
    });
  const refundOf = (state: RefundState): string =>
    bank.refunds({ paymentPspReference: id }).find((refund) => refund.state === state)?.pspReference ?? 'none';
  const disputeOf = (...states: DisputeState[]): string =>
    bank.disputes({ paymentPspReference: id }).find(({ state }) => states.includes(state))?.pspReference ?? 'none';
  const commands: Record<Command['kind'], () => unknown> = {
    create: () => create(APPROVED),
    'create-unconfirmed': () => create(null),
    confirm: () => bank.confirmPayment({ pspReference: id, outcome: APPROVED }),
    'confirm-3ds': () =>
      bank.confirmPayment({ pspReference: id, outcome: part % 2 === 0 ? CHALLENGE : CHALLENGE_DECLINED }),
    'confirm-declined': () => bank.confirmPayment({ pspReference: id, outcome: DECLINED }),
    capture: () => bank.capture(id, { amountMinor: part }),
    'capture-all': () => bank.capture(id),
    cancel: () => bank.cancel(id),
    expire: () => bank.expire(id),
    refund: () => refund('succeeded'),
    'refund-pending': () => refund('pending'),
    'refund-failed': () => refund('failed'),
    'settle-refund': () => bank.settleRefund(refundOf('pending'), manual ? 'failed' : 'succeeded'),
    'fail-refund-late': () => bank.failRefundLate(refundOf('succeeded')),
    'capture-part': () => bank.capture(id, { amountMinor: part, final: false }),
    dispute: () =>
      bank.openDispute({
        pspReference: `d${changes.length}`,
        paymentPspReference: id,
        reason: 'fraudulent',
        evidenceLifeMs: 1_000,
        ...(manual ? {} : { amountMinor: part }),
      }),
    evidence: () => bank.submitEvidence(disputeOf('open')),
    win: () => bank.closeDispute(disputeOf('open', 'under_review'), 'won'),
    lose: () => bank.closeDispute(disputeOf('open', 'under_review'), 'lost'),
    reverse: () => bank.reverseDispute(disputeOf('lost')),
    payout: () =>
      bank.findPayout(`o${n}`) ??
      bank.createPayout({ pspReference: `o${n}`, reference: null, amountMinor: part, currency, outcome: 'returned' }),
    'pay-out': () => bank.settlePayout(`o${n}`, manual ? 'paid' : 'failed'),
    'return-payout': () => bank.settlePayout(`o${n}`, 'returned'),
    approve: () => bank.actOnChallenge(challengeId, 'approve'),
    fail: () => bank.actOnChallenge(challengeId, 'fail'),
    abandon: () => bank.actOnChallenge(challengeId, 'abandon'),
    submit: () => bank.submitChallenge(challengeId),
    'expire-challenge': () => bank.expireChallenge(challengeId),
  };
  commands[kind]();
}
