/** acme's JSON: how records look in answers. */
import { bug, isoTime } from '../../../kernel/index.ts';
import type {
  Authentication as AuthenticationJson,
  Dispute,
  Method,
  Payment,
  PaymentMethod,
  PaymentStatus,
  Payout,
  Refund,
} from '../../../openapi/generated/psp-acme.ts';
import type {
  Authentication,
  DisputeRecord,
  PaymentRecord,
  PaymentState,
  PayoutRecord,
  RefundRecord,
  SavedMethod,
} from '../../core/records.ts';
import type { PspAnswer, PspContext } from '../dialect.ts';
import { instructionsFor } from './methods.ts';
import { toMajor } from './money.ts';

/** acme knows no `created`: a payment that was not attempted yet is pending. */
export function statusOf(state: PaymentState): PaymentStatus {
  return state === 'created' ? 'pending' : state;
}

export function paymentJson(payment: PaymentRecord, psp: PspContext): Payment {
  const { currency, challengeId, authentication } = payment;
  const instructions = instructionsFor(payment, psp);
  // What most payments have in one piece, the rest added: a payment is written at every call.
  const body: Payment = {
    payment_id: payment.pspReference,
    reference: referenceOf(payment),
    status: statusOf(payment.state),
    method: payment.method as Method,
    amount: toMajor(payment.amountMinor, currency),
    currency,
    captured_amount: toMajor(payment.capturedMinor, currency),
    capturable_amount: toMajor(payment.capturableMinor, currency),
    refunded_amount: toMajor(payment.refundedMinor, currency),
    disputed_amount: toMajor(payment.disputedMinor, currency),
    captures: payment.captures.map(({ id, amountMinor, final, atMs }) => ({
      capture_id: id,
      amount: toMajor(amountMinor, currency),
      final,
      created_at: isoTime(atMs),
    })),
    created_at: isoTime(payment.createdAtMs),
  };
  if (payment.methodToken !== null) body.method_token = payment.methodToken;
  if (payment.declineReason !== null) body.decline_code = payment.declineReason;
  if (payment.state === 'requires_action' && challengeId !== null) body.redirect_url = psp.challengeUrl(challengeId);
  if (instructions !== undefined) body.instructions = instructions;
  if (authentication !== null) body.authentication = authenticationJson(authentication);
  return body;
}

export function refundJson(refund: RefundRecord): Refund {
  return {
    refund_id: refund.pspReference,
    payment_id: refund.paymentPspReference,
    reference: referenceOf(refund),
    status: refund.state,
    amount: toMajor(refund.amountMinor, refund.currency),
    currency: refund.currency,
    created_at: isoTime(refund.createdAtMs),
  };
}

export function payoutJson(payout: PayoutRecord): Payout {
  return {
    payout_id: payout.pspReference,
    reference: referenceOf(payout),
    status: payout.state,
    amount: toMajor(payout.amountMinor, payout.currency),
    currency: payout.currency,
    ...(payout.failureReason === null || payout.state !== 'failed' ? {} : { failure_code: payout.failureReason }),
    created_at: isoTime(payout.createdAtMs),
  };
}

export function disputeJson(dispute: DisputeRecord, payment: PaymentRecord): Dispute {
  return {
    dispute_id: dispute.pspReference,
    payment_id: dispute.paymentPspReference,
    reference: referenceOf(payment),
    status: dispute.state,
    reason: dispute.reason,
    amount: toMajor(dispute.amountMinor, dispute.currency),
    currency: dispute.currency,
    evidence_due_at: isoTime(dispute.evidenceDueMs),
    created_at: isoTime(dispute.createdAtMs),
  };
}

export function methodJson(method: SavedMethod): PaymentMethod {
  return {
    method_token: method.token,
    customer: method.customer ?? bug(`acme kept ${method.token} without a customer`),
    type: 'card',
    brand: method.brand ?? 'other',
    last4: method.last4 ?? '0000',
    expiry_month: method.expiryMonth ?? 1,
    expiry_year: method.expiryYear ?? 0,
    created_at: isoTime(method.createdAtMs),
  };
}

function authenticationJson(authentication: Authentication): AuthenticationJson {
  const { flow, result, transStatus, eci, version, exemption, liabilityShift } = authentication;
  return {
    flow,
    result,
    trans_status: transStatus,
    eci,
    version,
    ...(exemption === null ? {} : { exemption }),
    liability_shift: liabilityShift,
  };
}

/** acme refuses what has no reference, so every record of it has one. */
function referenceOf({ reference, pspReference }: { reference: string | null; pspReference: string }): string {
  return reference ?? bug(`acme took ${pspReference} without a reference`);
}

/** One for all answers: the store of idempotency keys holds many. */
const JSON_HEADERS = { 'content-type': 'application/json' };

export function json(status: number, body: unknown): PspAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}
