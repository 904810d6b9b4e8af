/**
 * I3: what is credited is what was asked for and what the PSP captured, to the minor unit and
 * in the same currency. A properly signed event that claims another amount or currency changes
 * no money and opens a case instead.
 */
import { firstCapture, money } from '../history/index.ts';
import type { LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import {
  acknowledged,
  at,
  by,
  creditsOf,
  deposits,
  finalLedgerRead,
  knownBefore,
  list,
  named,
  paymentBooks,
} from './support.ts';

export const noCreditOnMismatch: Invariant = {
  id: 'I3',
  title: 'No credit on mismatch',
  says: 'A credit equals the deposit and the capture, and an event with another amount or currency becomes a case.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run)) {
      if (finalLedgerRead(run, payment) || creditsOf(payment).length > 0) findings.saw();
      for (const credit of creditsOf(payment)) judgeCredit(payment, credit, findings);
      judgeEvents(run, payment, findings);
    }
    return findings.judgement();
  },
};

function judgeCredit(payment: PaymentRecord, credit: LedgerEntry, findings: Findings): void {
  const credited = money(credit.amountMinor, credit.currency);
  const asked = askedFor(payment);
  if (asked.length > 0 && (!asked.includes(credit.amountMinor) || credit.currency !== payment.currency)) {
    findings.violation({
      contradiction: `${named(payment)} was credited with ${credited} ${by(credit.writtenBy)}.`,
      payment: payment.id,
      witnesses: [credit.firstSeen.index, ...payment.observations.slice(0, 1).map((seen) => seen.index)],
      facts: [`asked for ${list(asked.map((amount) => money(amount, payment.currency)))}`, `credited ${credited}`],
    });
    return;
  }
  const captured = paymentBooks(payment).filter((entry) => firstCapture(entry) !== undefined);
  // A deposit that no PSP captured is the business of I2.
  if (captured.length === 0) return;
  if (captured.some((entry) => entry.last.capturedMinor === credit.amountMinor && entry.currency === credit.currency))
    return;
  const taken = list(
    captured.map((entry) => `${entry.psp} captured ${money(entry.last.capturedMinor, entry.currency)}`),
  );
  findings.violation({
    contradiction: `${named(payment)} was credited with ${credited} ${by(credit.writtenBy)}, but ${taken}.`,
    payment: payment.id,
    witnesses: [credit.firstSeen.index, ...captured.map((entry) => entry.last.index)],
    facts: [`credited ${credited}`, taken],
  });
}

/** What may be credited: the deposit's amount, or what the platform asked to capture of it. */
function askedFor(payment: PaymentRecord): number[] {
  const captures = payment.requests.flatMap(({ f, input }) =>
    f === 'capture' && typeof input['amount_minor'] === 'number' ? [input['amount_minor']] : [],
  );
  if (captures.length > 0) return [...new Set(captures)];
  return payment.amountMinor === null ? [] : [payment.amountMinor];
}

/** Events that repeat a payment's amount and tell of something else: a kept card (Adyen). Nobody need believe that amount. */
const TELLS_NO_MONEY: ReadonlySet<string> = new Set(['RECURRING_CONTRACT']);

function judgeEvents(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const judged = new Set<string>();
  for (const delivery of payment.deliveries) {
    const mismatch = delivery.tampered === 'amount' || delivery.tampered === 'currency';
    if (
      !mismatch ||
      delivery.signature !== 'valid' ||
      delivery.kind !== 'payment' ||
      delivery.state !== 'captured' ||
      TELLS_NO_MONEY.has(delivery.event) ||
      !acknowledged(delivery)
    )
      continue;
    if (judged.has(delivery.eventId) || knownBefore(run, delivery)) continue;
    judged.add(delivery.eventId);
    findings.saw();
    if (payment.cases.length > 0) continue;
    if (!run.casesKnown) {
      findings.couldNotSee('the cases were not read after the run had settled');
      continue;
    }
    findings.violation({
      contradiction: `${named(payment)} got an event from ${delivery.psp} claiming ${money(delivery.amountMinor, delivery.currency)} ${at(delivery.sent.t)}; it was accepted and no case was opened.`,
      payment: payment.id,
      witnesses: [delivery.sent.index, ...(delivery.ended === undefined ? [] : [delivery.ended.index])],
      facts: [`event claims ${money(delivery.amountMinor, delivery.currency)}`, 'no case'],
    });
  }
}
