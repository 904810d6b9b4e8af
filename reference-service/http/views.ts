/**
 * Views: what clients see of our objects, in the words and types of the API document.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Case } from '../domain/case.ts';
import type { Attempt, Payment } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';
import type { Payout } from '../domain/payout.ts';
import type { AccountBalance, LedgerEntry, Wallet } from '../ports/ledger.ts';

export function paymentStartedView(payment: Payment): Api.PaymentStarted {
  const view: Api.PaymentStarted = { payment_id: payment.id, txn_id: payment.txnId, status: payment.status };
  if (payment.redirectUrl !== null) view.redirect_url = payment.redirectUrl;
  return view;
}

export function attemptView(attempt: Attempt): Api.Attempt {
  return {
    attempt_id: attempt.id,
    psp: attempt.psp,
    status: attempt.status,
    psp_reference: attempt.pspReference,
    decline_code: attempt.declineCode,
    created_at: isoTime(attempt.createdAt),
    updated_at: isoTime(attempt.updatedAt),
  };
}

export function paymentView(payment: Payment, attempts: readonly Attempt[]): Api.Payment {
  return {
    payment_id: payment.id,
    txn_id: payment.txnId,
    player_id: payment.playerId,
    status: payment.status,
    amount: formatAmount(payment.amountMinor, payment.currency),
    currency: payment.currency,
    method: payment.method,
    capture: payment.capture,
    refunded: formatAmount(payment.refundedMinor, payment.currency),
    disputed: formatAmount(payment.disputedMinor, payment.currency),
    redirect_url: payment.redirectUrl,
    created_at: isoTime(payment.createdAt),
    updated_at: isoTime(payment.updatedAt),
    credited_at: payment.creditedAt === null ? null : isoTime(payment.creditedAt),
    attempts: attempts.map(attemptView),
  };
}

export function payoutStartedView(payout: Payout): Api.PayoutStarted {
  return { payout_id: payout.id, txn_id: payout.txnId, status: payout.status };
}

export function payoutView(payout: Payout, attempts: readonly Attempt[]): Api.Payout {
  return {
    payout_id: payout.id,
    txn_id: payout.txnId,
    player_id: payout.playerId,
    status: payout.status,
    amount: formatAmount(payout.amountMinor, payout.currency),
    currency: payout.currency,
    method: payout.method,
    failure_reason: payout.failureReason,
    created_at: isoTime(payout.createdAt),
    updated_at: isoTime(payout.updatedAt),
    attempts: attempts.map(attemptView),
  };
}

export function walletView(wallet: Wallet): Api.Wallet {
  return {
    currency: wallet.currency,
    available: formatAmount(wallet.availableMinor, wallet.currency),
    held: formatAmount(wallet.heldMinor, wallet.currency),
  };
}

export function entryView(entry: LedgerEntry): Api.Entry {
  return {
    entry_id: entry.id,
    transfer_id: entry.transferId,
    kind: entry.kind,
    account: entry.account,
    amount: formatAmount(entry.amountMinor, entry.currency),
    currency: entry.currency,
    payment_id: entry.paymentId,
    created_at: isoTime(entry.createdAt),
  };
}

export function balanceView(balance: AccountBalance): { account: string; currency: string; balance: string } {
  return {
    account: balance.account,
    currency: balance.currency,
    balance: formatAmount(balance.balanceMinor, balance.currency),
  };
}

export function caseView(entry: Case): Api.Case {
  return {
    case_id: entry.id,
    kind: entry.kind,
    status: entry.status,
    subject_id: entry.subjectId,
    psp: entry.psp,
    summary: entry.summary,
    opened_at: isoTime(entry.openedAt),
  };
}
