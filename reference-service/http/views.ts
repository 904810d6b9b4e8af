/**
 * Views: what clients see of our objects, in the words and types of the API document.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Payment } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';
import type { Payout } from '../domain/payout.ts';
import type { AccountBalance, LedgerEntry, Wallet } from '../ports/ledger.ts';

export { paymentView } from '../application/payment-view.ts';
export { payoutView } from '../application/payout-view.ts';

export function paymentStartedView(payment: Payment): Api.PaymentStarted {
  const view: Api.PaymentStarted = { payment_id: payment.id, txn_id: payment.txnId, status: payment.status };
  if (payment.redirectUrl !== null) view.redirect_url = payment.redirectUrl;
  return view;
}

export function payoutStartedView(payout: Payout): Api.PayoutStarted {
  return { payout_id: payout.id, txn_id: payout.txnId, status: payout.status };
}

export function payoutSummaryView(payout: Payout, review: Api.PayoutSummary['review']): Api.PayoutSummary {
  return {
    payout_id: payout.id,
    player_id: payout.playerId,
    status: payout.status,
    review,
    amount: formatAmount(payout.amountMinor, payout.currency),
    currency: payout.currency,
    method: payout.method,
    created_at: isoTime(payout.createdAt),
    updated_at: isoTime(payout.updatedAt),
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
    part: entry.part,
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
