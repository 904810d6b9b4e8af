/**
 * I12: once the faults have gone and the settling time has passed, every payment, payout and
 * refund is final or has an open case. Nothing hangs for ever.
 */
import { durationText } from '../history/index.ts';
import type { RefundRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, hasOpenCase, named } from './support.ts';

const UNSETTLED: ReadonlySet<string> = new Set(['pending', 'authorized', 'deferred']);

export const eventualSettlement: Invariant = {
  id: 'I12',
  title: 'Eventual settlement',
  says: 'After the faults have gone, every payment, payout and refund becomes final or has an open case.',
  judge(run) {
    const findings = new Findings();
    const heal = run.phases.find((mark) => mark.phase === 'heal');
    for (const payment of run.payments.values()) {
      if (payment.final === undefined) {
        findings.couldNotSee(
          `${named(payment)} was not probed after the run had settled${probeError(run, payment.id)}`,
        );
        continue;
      }
      findings.saw();
      if (!UNSETTLED.has(payment.final.status) || hasOpenCase(payment)) continue;
      const since = heal === undefined ? '' : `, ${durationText(payment.final.t - heal.t)} after the faults had gone`;
      findings.violation({
        contradiction: `${named(payment)} is still ${payment.final.status} ${at(payment.final.t)}${since}, and no case is open.`,
        payment: payment.id,
        witnesses: [...(heal === undefined ? [] : [heal.index]), payment.final.index],
        facts: ['faults gone, time has passed', `status ${payment.final.status}, no case`],
        liveness: true,
      });
    }
    for (const refund of run.refunds.values()) judgeRefund(run, refund, findings);
    return findings.judgement();
  },
};

function judgeRefund(run: RunModel, refund: RefundRecord, findings: Findings): void {
  const { id, paymentId, final } = refund;
  if (final === undefined) {
    findings.couldNotSee(`refund ${id} was not probed after the run had settled${probeError(run, id)}`);
    return;
  }
  findings.saw();
  const payment = run.payments.get(paymentId);
  if (final.status !== 'pending' || (payment !== undefined && hasOpenCase(payment))) return;
  findings.violation({
    contradiction: `Refund ${id} of payment ${paymentId} is still pending ${at(final.t)}, and no case is open.`,
    payment: paymentId,
    witnesses: [final.index],
    facts: ['faults gone, time has passed', 'refund pending, no case'],
    liveness: true,
  });
}

function probeError(run: RunModel, id: string): string {
  const failed = run.failedProbes.findLast((probe) => probe.key === id);
  return failed === undefined ? '' : ` (${failed.reason})`;
}
