/**
 * I11: an acknowledged event has its effect, or a case. The PSP never sends it again, so a
 * target that answers 2xx and then forgets has lost it. Judged at the end: processing may
 * come long after the acknowledgement.
 */
import { netCaptured } from '../history/index.ts';
import type { Delivery, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { acknowledged, at, creditsOf, genuine, heldByPsps, named, netCredit, paymentBooks } from './support.ts';

export const noLostEvents: Invariant = {
  id: 'I11',
  title: 'No lost events',
  says: 'A genuine event that was acknowledged shows its effect at the end, or there is a case.',
  judge(run) {
    const findings = new Findings();
    const judged = new Set<string>();
    for (const delivery of run.deliveries) {
      const identity = `${delivery.psp} ${delivery.eventId}`;
      if (!genuine(delivery) || !acknowledged(delivery) || judged.has(identity)) continue;
      const payment = run.payments.get(run.ownerOf(delivery.reference) ?? '');
      if (payment?.final === undefined) continue;
      judged.add(identity);
      findings.saw();
      judgeEvent(run, delivery, payment, findings);
    }
    return findings.judgement();
  },
};

function judgeEvent(run: RunModel, delivery: Delivery, payment: PaymentRecord, findings: Findings): void {
  const missing =
    payment.kind === 'deposit' ? missingForDeposit(delivery, payment) : missingForPayout(delivery, payment);
  if (missing === undefined || payment.cases.length > 0) return;
  if (!run.casesKnown) return findings.couldNotSee('the cases were not read after the run had settled');
  findings.violation({
    contradiction: `The ${delivery.state} event of ${delivery.psp} for ${named(payment).replace(/^P/, 'p')} was acknowledged ${at(delivery.ended?.t ?? delivery.sent.t)}, yet ${missing} and no case was opened.`,
    payment: payment.id,
    witnesses: [
      delivery.sent.index,
      ...(delivery.ended === undefined ? [] : [delivery.ended.index]),
      payment.final?.index ?? delivery.sent.index,
    ],
    facts: ['event acknowledged', missing],
    liveness: true,
  });
}

function missingForDeposit(delivery: Delivery, payment: PaymentRecord): string | undefined {
  const status = payment.final?.status ?? 'unknown';
  if (delivery.kind === 'payment' && delivery.state === 'captured') {
    const credited = creditsOf(payment).length > 0;
    // A capture that was given back, or that stands beside the one that counted, needs no credit of its own.
    if (credited || status === 'refunded' || heldByPsps(payment).length === 0) return undefined;
    return `the payment ends as ${status} without a credit`;
  }
  if (delivery.kind === 'refund' ? delivery.state === 'succeeded' : delivery.state === 'refunded') {
    const credited = creditsOf(payment).length > 0;
    const reversed = netCredit(payment) < creditsOf(payment).reduce((sum, entry) => sum + entry.amountMinor, 0);
    const stillGood = heldByPsps(payment).some((entry) => netCaptured(entry.last) >= (payment.amountMinor ?? 0));
    if (!credited || reversed || status === 'refunded' || stillGood) return undefined;
    return `the payment ends as ${status} with its full credit`;
  }
  // A decline can be followed by another attempt, so it must only have moved the payment when nothing else is open.
  const over = delivery.kind === 'payment' && ['declined', 'canceled', 'expired'].includes(delivery.state);
  const closed = paymentBooks(payment).every((entry) => ['declined', 'canceled', 'expired'].includes(entry.last.state));
  return over && closed && status === 'pending' ? 'the payment is still pending' : undefined;
}

function missingForPayout(delivery: Delivery, payout: PaymentRecord): string | undefined {
  const status = payout.final?.status ?? 'unknown';
  // What was paid may come back from the bank later.
  if (delivery.state === 'paid' && status !== 'succeeded' && status !== 'returned')
    return `the payout ends as ${status}`;
  if (delivery.state === 'returned' && status !== 'returned') return `the payout ends as ${status}`;
  if (delivery.state === 'failed' && (status === 'pending' || status === 'deferred'))
    return `the payout is still ${status}`;
  return undefined;
}
