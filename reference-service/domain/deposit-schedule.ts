/**
 * Schedule of a deposit: when the worker should look at it next. Pure; stored with every
 * change, so that a process that dies leaves a time at which another one takes over.
 */
import { liveAttempt, type Attempt, type Payment } from './deposit.ts';
import { backoffMs, type ServiceTimings } from './timings.ts';

/** Room between a call's time-out and the moment at which its process is taken for dead. */
const DEAD_PROCESS_MARGIN_MS = 5_000;

/** Epoch ms, or null when the deposit is finished. */
export function nextDepositStepAt(options: {
  payment: Payment;
  attempts: readonly Attempt[];
  nowMs: number;
  timings: ServiceTimings;
}): number | null {
  const { payment, attempts, nowMs, timings } = options;
  if (payment.status !== 'pending') return null;
  const attempt = liveAttempt(attempts);
  if (attempt === null) {
    const tries = Math.max(0, attempts.length - 1);
    const next = nowMs + backoffMs(timings.retryEveryMs, tries, timings.inDoubtQueryMaxMs);
    // Past its time a payment with nothing live has ended, unless something is wrong with it: no need to hurry.
    return payment.expiresAt > nowMs ? Math.min(next, payment.expiresAt) : nowMs + timings.inDoubtQueryMaxMs;
  }
  const stuck = nowMs >= payment.createdAt + timings.caseAfterInDoubtMs + timings.inDoubtQueryMaxMs;
  const questionPauseMs = stuck
    ? timings.stuckQueryEveryMs
    : backoffMs(timings.inDoubtQueryEveryMs, attempt.checks, timings.inDoubtQueryMaxMs);
  switch (attempt.status) {
    case 'approved':
      return attempt.checks === 0
        ? Math.max(nowMs, attempt.statusSince + timings.statusQueryAfterMs)
        : nowMs + questionPauseMs;
    case 'requires_action': {
      const pauseMs = attempt.returnQuery === null ? timings.actionQueryEveryMs : timings.statusQueryAfterMs;
      const next = nowMs + Math.max(pauseMs, attempt.checks === 0 ? 0 : questionPauseMs);
      return payment.expiresAt > nowMs ? Math.min(next, payment.expiresAt) : next;
    }
    case 'in_doubt':
      return nowMs + questionPauseMs;
    default:
      return attempt.pspReference === null
        ? Math.max(nowMs, attempt.sentAt + timings.pspTimeoutMs + DEAD_PROCESS_MARGIN_MS)
        : nowMs + Math.max(timings.statusQueryAfterMs, questionPauseMs);
  }
}
