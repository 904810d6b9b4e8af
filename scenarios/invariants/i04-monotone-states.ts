/**
 * I4: states only move forward and final states stay. A late `failed` cannot undo `succeeded`;
 * a final that contradicts an earlier one opens a case. Only probes are compared (they follow
 * each other); answers to clients may overtake one another on the wire.
 */
import { money, netCaptured } from '../history/index.ts';
import type { PaymentRecord, RefundRecord, RunModel, StatusObservation } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { acknowledged, at, creditsOf, firstTaken, knownBefore, named, netCredit, paymentBooks } from './support.ts';

/** From a final state of a deposit: where it may still go without and with a case. */
const DEPOSIT_FINALS: Readonly<Record<string, { freely: readonly string[]; withCase: readonly string[] }>> = {
  succeeded: { freely: ['refunded'], withCase: [] },
  declined: { freely: ['refunded'], withCase: ['succeeded'] },
  canceled: { freely: ['refunded'], withCase: ['succeeded'] },
  failed: { freely: ['refunded'], withCase: ['succeeded'] },
  refunded: { freely: [], withCase: [] },
};

/** Transfers by which money of a refunded deposit came back: then it has succeeded again. */
const CAME_BACK: readonly string[] = ['refund_return', 'chargeback_reversal'];

/**
 * A payout that was paid may come back from the bank (`returned`). One that was paid and then
 * failed, or was declared failed and turns out paid, needs a case.
 */
const PAYOUT_FINALS: typeof DEPOSIT_FINALS = {
  succeeded: { freely: ['returned'], withCase: ['failed'] },
  returned: { freely: [], withCase: [] },
  failed: { freely: [], withCase: ['succeeded'] },
};

const NEGATIVE: ReadonlySet<string> = new Set(['declined', 'canceled', 'failed', 'expired']);

export const monotoneStates: Invariant = {
  id: 'I4',
  title: 'Monotone states',
  says: 'A final status stays, and an event that contradicts it changes nothing and opens a case.',
  judge(run) {
    const findings = new Findings();
    for (const payment of run.payments.values()) {
      if (payment.observations.length > 0) findings.saw();
      judgeSequence(payment, findings);
      if (payment.kind !== 'deposit') continue;
      judgeEnd(run, payment, findings);
      judgeContradictoryEvents(run, payment, findings);
    }
    for (const refund of run.refunds.values()) judgeRefund(run, refund, findings);
    return findings.judgement();
  },
};

/** A refund that succeeded may come back (`returned`); one that was declared failed needs a case to succeed. */
const REFUND_FINALS: typeof DEPOSIT_FINALS = {
  succeeded: { freely: ['returned'], withCase: [] },
  failed: { freely: [], withCase: ['succeeded'] },
  returned: { freely: [], withCase: [] },
};

function judgeRefund(run: RunModel, refund: RefundRecord, findings: Findings): void {
  if (refund.observations.length > 0) findings.saw();
  const cases = run.payments.get(refund.paymentId)?.cases.length ?? 0;
  let settled: RefundRecord['observations'][number] | undefined;
  for (const seen of refund.observations) {
    const rule = settled === undefined ? undefined : REFUND_FINALS[settled.status];
    if (settled !== undefined && rule !== undefined && seen.askedT >= settled.t && seen.status !== settled.status) {
      if (rule.freely.includes(seen.status) || (rule.withCase.includes(seen.status) && cases > 0)) {
        settled = seen;
        continue;
      }
      findings.violation({
        contradiction: `Refund ${refund.id} of payment ${refund.paymentId} was ${settled.status} ${at(settled.t)} and ${seen.status} ${at(seen.t)}: a final status went back.`,
        payment: refund.paymentId,
        witnesses: [settled.index, seen.index],
        facts: [`${settled.status} ${at(settled.t)}`, `${seen.status} ${at(seen.t)}`],
      });
      return;
    }
    if (REFUND_FINALS[seen.status] !== undefined) settled = seen;
  }
}

function judgeSequence(payment: PaymentRecord, findings: Findings): void {
  const finals = payment.kind === 'deposit' ? DEPOSIT_FINALS : PAYOUT_FINALS;
  let settled: StatusObservation | undefined;
  for (const seen of payment.observations) {
    if (settled !== undefined && seen.askedT >= settled.t && seen.status !== settled.status) {
      const rule = finals[settled.status];
      const allowed =
        rule === undefined ||
        rule.freely.includes(seen.status) ||
        (settled.status === 'refunded' && seen.status === 'succeeded' && cameBack(payment)) ||
        (rule.withCase.includes(seen.status) && payment.cases.length > 0);
      if (!allowed) {
        findings.violation({
          contradiction: `${named(payment)} was ${settled.status} ${at(settled.t)} and ${seen.status} ${at(seen.t)}: a final status went back.`,
          payment: payment.id,
          witnesses: [settled.index, seen.index],
          facts: [`${settled.status} ${at(settled.t)}`, `${seen.status} ${at(seen.t)}`],
        });
        return;
      }
    }
    if (finals[seen.status] !== undefined) settled = seen;
  }
}

function cameBack(payment: PaymentRecord): boolean {
  return payment.entries.some((entry) => CAME_BACK.includes(entry.kind));
}

/** At the end a payment that is said to have failed must not have left its money with the player. */
function judgeEnd(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const { final } = payment;
  if (final === undefined) return;
  const left = netCredit(payment);
  if (NEGATIVE.has(final.status) && left > 0) {
    findings.violation({
      contradiction: `${named(payment)} ends as ${final.status} although ${payment.playerId} was credited and still has ${money(left, payment.currency)} of it.`,
      payment: payment.id,
      witnesses: [...creditsOf(payment).map((credit) => credit.firstSeen.index), final.index],
      facts: [`status ${final.status}`, `credit of ${money(left, payment.currency)}`],
    });
  }
  if (!run.casesKnown || payment.cases.length > 0) return;
  for (const attempt of final.attempts) {
    if (!['declined', 'not_reached', 'absent_proven', 'canceled'].includes(attempt.status)) continue;
    const kept = paymentBooks(payment).find(
      (entry) => entry.reference === attempt.attempt_id && netCaptured(entry.last) > 0,
    );
    if (kept === undefined) continue;
    findings.violation({
      contradiction: `${named(payment)} has its attempt at ${kept.psp} as ${attempt.status}, but ${kept.psp} captured and kept ${money(netCaptured(kept.last), kept.currency)}, and no case was opened.`,
      payment: payment.id,
      witnesses: [firstTaken(kept).index, final.index],
      facts: [`attempt ${attempt.status}`, `${kept.psp}: ${kept.last.state}`],
    });
  }
}

function judgeContradictoryEvents(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  if (!run.casesKnown || payment.cases.length > 0) return;
  const taken = paymentBooks(payment).find((entry) => netCaptured(entry.last) > 0);
  if (taken === undefined) return;
  const lie = payment.deliveries.find(
    (delivery) =>
      delivery.kind === 'payment' &&
      delivery.tampered === 'state' &&
      delivery.signature === 'valid' &&
      NEGATIVE.has(delivery.state) &&
      acknowledged(delivery) &&
      !knownBefore(run, delivery),
  );
  if (lie === undefined) return;
  findings.violation({
    contradiction: `${named(payment)} was captured by ${taken.psp} ${at(firstTaken(taken).t)} and called ${lie.state} by an accepted event ${at(lie.sent.t)}, and no case was opened.`,
    payment: payment.id,
    witnesses: [firstTaken(taken).index, lie.sent.index],
    facts: [`books: ${taken.last.state}`, `event: ${lie.state}`],
  });
}
