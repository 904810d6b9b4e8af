/**
 * Every invariant by its id, in the order of the catalogue (docs/INVARIANTS.md), and which of
 * them a history can show at all.
 */
import type { RunModel } from '../history/index.ts';
import { exactlyOnceCredit } from './i01-exactly-once-credit.ts';
import { noCreditBeforeProof } from './i02-no-credit-before-proof.ts';
import { noCreditOnMismatch } from './i03-no-credit-on-mismatch.ts';
import { monotoneStates } from './i04-monotone-states.ts';
import { conservation } from './i05-conservation.ts';
import { payoutTwoPhase } from './i06-payout-two-phase.ts';
import { idempotentReplay, reusedKeys } from './i07-idempotent-replay.ts';
import { oneCapturedAttempt } from './i08-one-captured-attempt.ts';
import { stickyChallenge, hasChallenge } from './i09-sticky-challenge.ts';
import { oneCasePerDiscrepancy } from './i10-one-case-per-discrepancy.ts';
import { noLostEvents } from './i11-no-lost-events.ts';
import { eventualSettlement } from './i12-eventual-settlement.ts';
import { beginnings, stableKeys } from './i13-stable-keys.ts';
import { singleRunner } from './i14-single-runner.ts';
import { signatureFirst } from './i15-signature-first.ts';
import { refundBounds, wentBack } from './i16-refund-bounds.ts';
import { agreeingWords } from './i17-agreeing-words.ts';
import { boundedCalls, countable } from './i18-bounded-calls.ts';
import { confirmed, playersWord } from './i19-players-word.ts';
import { gameRounds, rounds } from './i20-game-rounds.ts';
import type { Invariant } from './invariant.ts';
import { acknowledged, genuine } from './support.ts';

export const INVARIANTS: readonly Invariant[] = [
  exactlyOnceCredit,
  noCreditBeforeProof,
  noCreditOnMismatch,
  monotoneStates,
  conservation,
  payoutTwoPhase,
  idempotentReplay,
  oneCapturedAttempt,
  stickyChallenge,
  oneCasePerDiscrepancy,
  noLostEvents,
  eventualSettlement,
  stableKeys,
  singleRunner,
  signatureFirst,
  refundBounds,
  agreeingWords,
  boundedCalls,
  playersWord,
  gameRounds,
];

/**
 * Ids of the invariants that the traffic of a run puts to the test: deposits, payouts, keys
 * sent twice, events that arrived, bad signatures. What probes saw plays no part in it: traffic
 * that nobody observed must come out as unknown.
 */
export function applicableInvariants(run: RunModel): string[] {
  const deposits = run.operations.some((operation) => operation.f === 'deposit');
  const payouts = run.operations.some((operation) => operation.f === 'payout');
  const imports = run.settlements.imports.length > 0;
  const tested: Readonly<Record<string, boolean>> = {
    I1: deposits,
    I2: deposits,
    I3: deposits,
    I4: deposits || payouts,
    I5: deposits || payouts,
    I6: payouts,
    I7: reusedKeys(run).length > 0,
    I8: deposits,
    I9: hasChallenge(run),
    I10: imports,
    I11: run.deliveries.some((delivery) => genuine(delivery) && acknowledged(delivery)),
    I12: deposits || payouts,
    I13: beginnings(run).length > 0,
    I14: imports,
    I15: run.deliveries.some((delivery) => delivery.signature !== 'valid' && delivery.ackStatus !== null),
    I16: [...run.payments.values()].some((payment) => payment.kind === 'deposit' && wentBack(payment)),
    // A target that tells nothing to a platform that listens must not go free.
    I17: run.note?.platform_listens === true ? deposits || payouts : run.told.length > 0,
    I18: countable(run),
    I19: confirmed(run).length > 0,
    I20: rounds(run).size > 0,
  };
  return INVARIANTS.map((invariant) => invariant.id).filter((id) => tested[id] === true);
}
