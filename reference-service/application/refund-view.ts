/**
 * What the platform sees of refunds and disputes, in the words and types of the API document.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Dispute } from '../domain/dispute.ts';
import { formatAmount } from '../domain/money.ts';
import type { Refund, RefundStatus } from '../domain/refund.ts';

const SHOWN: Readonly<Record<RefundStatus, Api.Refund['status']>> = {
  unproven: 'pending',
  wanted: 'pending',
  received: 'pending',
  done: 'succeeded',
  rejected: 'failed',
  refuted: 'failed',
  returned: 'returned',
};

export function refundView(refund: Refund): Api.Refund {
  return {
    refund_id: refund.id,
    payment_id: refund.paymentId,
    status: SHOWN[refund.status],
    origin: refund.origin === 'late' ? 'late_success' : refund.origin,
    amount: formatAmount(refund.amountMinor, refund.currency),
    currency: refund.currency,
    reason: refund.reason,
    failure_reason: refund.failureReason,
    psp: refund.psp,
    psp_reference: refund.partReference,
    created_at: isoTime(refund.createdAt),
    updated_at: isoTime(refund.updatedAt),
  };
}

export function disputeView(dispute: Dispute): Api.Dispute {
  return {
    dispute_id: dispute.id,
    payment_id: dispute.paymentId,
    player_id: dispute.playerId,
    psp: dispute.psp,
    psp_reference: dispute.pspReference,
    status: dispute.status,
    amount: formatAmount(dispute.amountMinor, dispute.currency),
    currency: dispute.currency,
    loss: formatAmount(dispute.lossMinor, dispute.currency),
    reason: dispute.reason,
    created_at: isoTime(dispute.createdAt),
    updated_at: isoTime(dispute.updatedAt),
  };
}
