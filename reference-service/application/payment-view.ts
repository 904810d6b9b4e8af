/**
 * What the platform sees of a deposit, in the words and types of the API document: the answer to
 * a request, and the data of the events that tell of it.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Attempt, Payment } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';

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
  const money = (minor: number | null): string | null =>
    minor === null ? null : formatAmount(minor, payment.currency);
  const time = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
  return {
    payment_id: payment.id,
    txn_id: payment.txnId,
    player_id: payment.playerId,
    status: payment.status,
    amount: formatAmount(payment.amountMinor, payment.currency),
    currency: payment.currency,
    method: payment.method,
    capture: payment.capture,
    capture_requested: money(payment.captureMinor),
    void_requested: payment.status === 'authorized' && payment.cancelRequestedAt !== null,
    credited: money(payment.creditedMinor),
    refunded: formatAmount(payment.refundedMinor, payment.currency),
    disputed: formatAmount(payment.disputedMinor, payment.currency),
    redirect_url: payment.redirectUrl,
    stored_method_id: payment.storedMethodId,
    created_at: isoTime(payment.createdAt),
    updated_at: isoTime(payment.updatedAt),
    authorized_at: time(payment.authorizedAt),
    credited_at: time(payment.creditedAt),
    attempts: attempts.map(attemptView),
  };
}
