/**
 * I17: everybody hears the same story. When the run has settled, the status that the API shows,
 * the ledger, and what the platform was told agree: no success is told that does not stay, none
 * stays untold, and every telling is signed. A platform acts on what it is told.
 */
import type { PaymentRecord, RefundRecord, RunModel, ToldEvent } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, creditsOf, finalLedgerRead, hasOpenCase, named } from './support.ts';

/** Which of the told events means which final status. */
const MEANS: Readonly<Record<string, string>> = {
  'deposit.succeeded': 'succeeded',
  'deposit.declined': 'declined',
  'deposit.canceled': 'canceled',
  'deposit.failed': 'failed',
  'deposit.refunded': 'refunded',
  'payout.succeeded': 'succeeded',
  'payout.failed': 'failed',
  'payout.returned': 'returned',
};

/** Statuses that may follow a told success: then money went back, which is told as well. */
const AFTER_SUCCESS: ReadonlySet<string> = new Set(['succeeded', 'refunded', 'returned']);

export const agreeingWords: Invariant = {
  id: 'I17',
  title: 'Agreeing words',
  says: 'At the end status, ledger and what the platform was told agree, and no told success vanishes.',
  judge(run) {
    const findings = new Findings();
    const toldOf = new Map<string, ToldEvent[]>();
    for (const event of run.told) {
      if (!event.verified) reportUnsigned(event, findings);
      toldOf.set(event.subjectId, [...(toldOf.get(event.subjectId) ?? []), event]);
    }
    for (const payment of run.payments.values()) {
      if (payment.final === undefined || !finalLedgerRead(run, payment)) {
        findings.couldNotSee(`${payment.id} was not read in full after the run had settled`);
        continue;
      }
      findings.saw();
      judge(payment, toldOf.get(payment.id) ?? [], findings);
    }
    for (const refund of run.refunds.values()) judgeRefund(run, refund, toldOf.get(refund.id) ?? [], findings);
    return findings.judgement();
  },
};

/** What is told of a refund that ends so. */
const REFUND_WORDS: Readonly<Record<string, string>> = {
  succeeded: 'refund.succeeded',
  failed: 'refund.failed',
  returned: 'refund.failed',
};

function judgeRefund(run: RunModel, refund: RefundRecord, told: readonly ToldEvent[], findings: Findings): void {
  const { id, paymentId, final } = refund;
  if (final === undefined) return findings.couldNotSee(`refund ${id} was not read after the run had settled`);
  findings.saw();
  const payment = run.payments.get(paymentId);
  const word = REFUND_WORDS[final.status];
  const last = told.at(-1);
  if (word === undefined || last?.type === word || (payment !== undefined && hasOpenCase(payment))) return;
  findings.violation({
    contradiction: `Refund ${id} of payment ${paymentId} ends as ${final.status}, and the platform was ${last === undefined ? 'told nothing of it' : `last told ${last.type} ${at(last.t)}`}.`,
    payment: paymentId,
    witnesses: [final.index, ...told.map((event) => event.index)],
    facts: [`status ${final.status}`, last === undefined ? 'nothing told' : `told ${last.type}`],
  });
}

function judge(payment: PaymentRecord, told: readonly ToldEvent[], findings: Findings): void {
  const final = payment.final;
  if (final === undefined) return;
  const success = told.find((event) => MEANS[event.type] === 'succeeded');
  if (success !== undefined && !AFTER_SUCCESS.has(final.status) && !hasOpenCase(payment)) {
    findings.violation({
      contradiction: `The platform was told ${at(success.t)} that ${payment.kind} ${payment.id} had succeeded, and it ends as ${final.status} without an open case.`,
      payment: payment.id,
      witnesses: [success.index, final.index],
      facts: [`told ${success.type}`, `status ${final.status}`],
    });
  }
  const isFinal = Object.values(MEANS).includes(final.status);
  if (isFinal && !told.some((event) => MEANS[event.type] === final.status) && !cameBack(payment, told)) {
    findings.violation({
      contradiction: `${named(payment)} ends as ${final.status}, and the platform was never told so.`,
      payment: payment.id,
      witnesses: [final.index, ...told.map((event) => event.index)],
      facts: [
        `status ${final.status}`,
        told.length === 0 ? 'nothing told' : `told ${told.map(({ type }) => type).join(', ')}`,
      ],
    });
  }
  if (success !== undefined && payment.kind === 'deposit' && creditsOf(payment).length === 0) {
    findings.violation({
      contradiction: `The platform was told ${at(success.t)} that payment ${payment.id} had succeeded, and no ledger entry credits it.`,
      payment: payment.id,
      witnesses: [success.index, final.index],
      facts: ['told deposit.succeeded', 'no credit'],
    });
  }
}

/** Refunded and succeeded again by a refund that came back: the first telling of success holds. */
function cameBack(payment: PaymentRecord, told: readonly ToldEvent[]): boolean {
  return payment.kind === 'deposit' && told.some((event) => event.type === 'deposit.succeeded');
}

function reportUnsigned(event: ToldEvent, findings: Findings): void {
  findings.violation({
    contradiction: `The platform was told ${event.type} of ${event.subjectId} ${at(event.t)} with a signature that does not fit.`,
    witnesses: [event.index],
    facts: ['every telling is signed', 'this one is not'],
  });
}
