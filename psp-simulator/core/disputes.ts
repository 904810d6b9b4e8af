/**
 * Disputes: the cardholder's bank takes captured money back, and it may come back again.
 *
 *   open ──► under_review ──► won
 *     │            └────────► lost ──► reversed
 *     └──► won | lost
 */
import type { OpenDispute } from './bank.ts';
import type { Books } from './books.ts';
import { checkAmount } from './check-amount.ts';
import { PspProblem } from './problem.ts';
import type { DisputeRecord } from './records.ts';

export function openDispute(books: Books, command: OpenDispute): DisputeRecord {
  const payment = books.get('payment', command.paymentPspReference);
  const open = books.disputesOf(payment.pspReference).find(isOpen);
  if (open !== undefined) {
    throw new PspProblem(
      'invalid-state',
      `The payment '${payment.pspReference}' has the open dispute '${open.pspReference}'`,
    );
  }
  const leftMinor = payment.capturedMinor - payment.disputedMinor;
  const amountMinor = command.amountMinor ?? leftMinor - payment.refundedMinor;
  if (amountMinor > leftMinor || amountMinor <= 0) {
    throw new PspProblem(
      'amount-too-large',
      `Cannot dispute ${amountMinor}: only ${leftMinor} of '${payment.pspReference}' is left to dispute`,
      { field: 'amount' },
    );
  }
  checkAmount(amountMinor);
  const createdAtMs = books.now();
  return books.writeDispute(
    'dispute-opened',
    {
      kind: 'dispute',
      pspReference: command.pspReference,
      reference: payment.reference,
      paymentPspReference: payment.pspReference,
      state: 'open',
      reason: command.reason,
      ends: command.ends ?? null,
      evidenceDueMs: createdAtMs + command.evidenceLifeMs,
      currency: payment.currency,
      amountMinor,
      createdAtMs,
      updatedAtMs: createdAtMs,
      steps: [],
      details: { ...command.details },
    },
    amountMinor,
  );
}

export function submitEvidence(
  books: Books,
  pspReference: string,
  details: Record<string, unknown> = {},
): DisputeRecord {
  const dispute = books.get('dispute', pspReference);
  if (dispute.state !== 'open') refuse(dispute, 'answered');
  return books.writeDispute('dispute-evidence', {
    ...dispute,
    state: 'under_review',
    details: { ...dispute.details, ...details },
  });
}

export function closeDispute(books: Books, pspReference: string, outcome: 'won' | 'lost'): DisputeRecord {
  const dispute = books.get('dispute', pspReference);
  if (!isOpen(dispute)) refuse(dispute, outcome);
  const comesBackMinor = outcome === 'won' ? dispute.amountMinor : 0;
  return books.writeDispute(`dispute-${outcome}`, { ...dispute, state: outcome }, 0 - comesBackMinor);
}

export function reverseDispute(books: Books, pspReference: string): DisputeRecord {
  const dispute = books.get('dispute', pspReference);
  if (dispute.state !== 'lost') refuse(dispute, 'reversed');
  return books.writeDispute('dispute-reversed', { ...dispute, state: 'reversed' }, -dispute.amountMinor);
}

function isOpen(dispute: DisputeRecord): boolean {
  return dispute.state === 'open' || dispute.state === 'under_review';
}

function refuse(dispute: DisputeRecord, wanted: string): never {
  throw new PspProblem(
    'invalid-state',
    `The dispute '${dispute.pspReference}' is ${dispute.state} and cannot be ${wanted}`,
    { extra: { state: dispute.state } },
  );
}
