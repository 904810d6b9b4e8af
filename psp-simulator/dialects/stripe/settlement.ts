/**
 * Settlement at Stripe: the terms of a European account, the payout reconciliation report of
 * each automatic payout, and the events that announce it. A batch that came out negative has no
 * payout, so nothing is told about it until the next one pays for both.
 */
import {
  NO_FEES,
  type SettlementBatch,
  type SettlementFile,
  type SettlementTerms,
} from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { automaticPayoutObject, linesOfPayout, payoutOfBatch } from './automatic-payouts.ts';
import { balanceObject } from './balance.ts';
import { transactionOfLine } from './balance-transactions.ts';
import { eventDraft, isSubscribed } from './event.ts';
import { itemizedCsv, type ReportRow } from './report-csv.ts';

const DAY_MS = 24 * 3_600_000;

export const stripeTerms: SettlementTerms = {
  // An account with a bank account per currency: nothing is converted.
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  // Three business days is the standard speed for most European accounts; weekends are not simulated.
  delayMs: 3 * DAY_MS,
  // The published price for European cards: 1.5 % and 25 cents, all in one.
  payment: { ...NO_FEES, commissionBasisPoints: 150, fixedMinor: 25 },
  // Refunds cost nothing, but the fees of the payment are kept.
  refund: NO_FEES,
  payout: NO_FEES,
  disputeFeeMinor: 2_000,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

export const PAYOUT_REPORT = 'payout_reconciliation.itemized.5';

export const stripeSettlement: DialectSettlement = { terms: stripeTerms, files, webhooksFor };

/** Rows of the report of one payout; none where the batch has no payout. */
export function payoutRows(batch: SettlementBatch, psp: PspContext): ReportRow[] {
  const payout = payoutOfBatch(batch);
  if (payout === null) return [];
  return linesOfPayout(psp, payout).map((line) => ({ transaction: transactionOfLine(line, psp), payout }));
}

function files(batch: SettlementBatch, psp: PspContext): SettlementFile[] {
  const payout = payoutOfBatch(batch);
  if (payout === null) return [];
  return [
    {
      name: `${PAYOUT_REPORT}-${payout.id}.csv`,
      contentType: 'text/csv; charset=utf-8',
      body: itemizedCsv(payoutRows(batch, psp), psp),
    },
  ];
}

function webhooksFor(batch: SettlementBatch, context: WebhookContext): WebhookDraft[] {
  const payout = payoutOfBatch(batch);
  if (payout === null) return [];
  const { psp } = context;
  const object = automaticPayoutObject(payout);
  const events: [string, Record<string, unknown>][] = [
    ['balance.available', balanceObject(psp)],
    ['payout.created', { ...object, status: 'pending', reconciliation_status: 'in_progress' }],
    ['payout.paid', { ...object, reconciliation_status: 'in_progress' }],
    ['payout.reconciliation_completed', object],
  ];
  return events
    .filter(([type]) => isSubscribed(psp, type))
    .map(([type, shown]) =>
      eventDraft({
        eventId: context.newId('evt'),
        type,
        object: shown,
        atMs: context.atMs,
        claim: {
          kind: 'settlement',
          state: 'paid',
          reference: null,
          pspReference: payout.id,
          amountMinor: batch.transferMinor,
          currency: batch.currency,
        },
      }),
    );
}
