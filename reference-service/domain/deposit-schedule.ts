/**
 * Schedule of a deposit: when the worker should look at it next. Pure; stored with every
 * change, so that a process that dies leaves a time at which another one takes over.
 */
import { authorizationEndsAt } from './two-step.ts';
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
  if (payment.status === 'authorized') return nextAuthorizedStepAt(options);
  if (payment.status !== 'pending') return wantsKeptMethod(payment, attempts, options);
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
      // Half a proof of absence is completed soon, however long the doubt has lasted.
      return (
        nowMs + (attempt.absentSeenAt === null ? questionPauseMs : Math.min(questionPauseMs, absencePauseMs(timings)))
      );
    default:
      return attempt.pspReference === null
        ? Math.max(nowMs, attempt.sentAt + timings.pspTimeoutMs + DEAD_PROCESS_MARGIN_MS)
        : nowMs + Math.max(timings.statusQueryAfterMs, questionPauseMs);
  }
}

function absencePauseMs(timings: ServiceTimings): number {
  return 2 * timings.inDoubtQueryEveryMs;
}

/** Questions about a method to keep: a PSP that has not told it by then does not keep it. */
const MOST_KEEP_QUESTIONS = 3;

/** The webhook proves a payment but tells no token of a method to keep: the PSP is asked for it. */
function wantsKeptMethod(
  payment: Payment,
  attempts: readonly Attempt[],
  { nowMs, timings }: { nowMs: number; timings: ServiceTimings },
): number | null {
  const missing = payment.storeMethod && payment.storedMethodId === null;
  if (!missing || (payment.status !== 'succeeded' && payment.status !== 'authorized')) return null;
  const attempt = liveAttempt(attempts);
  if (attempt === null || attempt.checks >= MOST_KEEP_QUESTIONS) return null;
  return nowMs + backoffMs(timings.inDoubtQueryEveryMs, attempt.checks, timings.inDoubtQueryMaxMs);
}

/** Authorized: a capture or void on its way is asked for as anything in doubt; else its end is waited for. */
function nextAuthorizedStepAt(options: {
  payment: Payment;
  attempts: readonly Attempt[];
  nowMs: number;
  timings: ServiceTimings;
}): number | null {
  const { payment, attempts, nowMs, timings } = options;
  const attempt = liveAttempt(attempts);
  if (attempt === null) return null;
  const isMoving = payment.captureMinor !== null || payment.cancelRequestedAt !== null;
  if (isMoving) {
    if (attempt.status === 'approved' && attempt.checks === 0)
      return Math.max(nowMs, attempt.statusSince + timings.statusQueryAfterMs);
    const askedAt = payment.captureAskedAt ?? payment.cancelRequestedAt ?? nowMs;
    if (nowMs >= askedAt + timings.caseAfterInDoubtMs + timings.inDoubtQueryMaxMs)
      return nowMs + timings.stuckQueryEveryMs;
    return nowMs + backoffMs(timings.inDoubtQueryEveryMs, attempt.checks, timings.inDoubtQueryMaxMs);
  }
  const endsAt = authorizationEndsAt(payment, timings);
  const look = endsAt > nowMs ? Math.min(endsAt, nowMs + timings.authorizationLookEveryMs) : nowMs;
  return Math.min(look, wantsKeptMethod(payment, attempts, options) ?? Infinity);
}
