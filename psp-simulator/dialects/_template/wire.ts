/** How records look in answers. */
import { isoTime } from '../../../kernel/index.ts';
import type { DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord, SavedMethod } from '../../core/records.ts';
import type { PspAnswer, PspContext } from '../dialect.ts';

type Json = Record<string, unknown>;

export function paymentJson(payment: PaymentRecord, psp: PspContext): Json {
  const { state, challengeId, authentication } = payment;
  const page = state === 'requires_action' && challengeId !== null ? psp.challengeUrl(challengeId) : null;
  return {
    ...common(payment),
    captured: payment.capturedMinor,
    refunded: payment.refundedMinor,
    decline_reason: payment.declineReason,
    redirect_url: page,
    three_ds:
      authentication === null
        ? null
        : { result: authentication.result, eci: authentication.eci, version: authentication.version },
  };
}

export function refundJson(refund: RefundRecord): Json {
  return { ...common(refund), payment: refund.paymentPspReference };
}

export function payoutJson(payout: PayoutRecord): Json {
  return { ...common(payout), failure_reason: payout.state === 'failed' ? payout.failureReason : null };
}

export function disputeJson(dispute: DisputeRecord): Json {
  const due = isoTime(dispute.evidenceDueMs);
  return { ...common(dispute), payment: dispute.paymentPspReference, reason: dispute.reason, evidence_due: due };
}

/** What a receipt may show; never a card number. */
export function methodJson({ token, brand, last4, createdAtMs }: SavedMethod): Json {
  return { id: token, brand, last4, created: isoTime(createdAtMs) };
}

export function json(status: number, body: unknown): PspAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function common(record: PaymentRecord | RefundRecord | PayoutRecord | DisputeRecord): Json {
  return {
    id: record.pspReference,
    reference: record.reference,
    status: record.state,
    amount: record.amountMinor,
    currency: record.currency,
    created: isoTime(record.createdAtMs),
  };
}
