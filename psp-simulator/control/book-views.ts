/** How the books look in the control API: from the core's records to the shapes of `simulator-control.yaml`. */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import type {
  Challenge,
  DisputeRecord,
  PaymentRecord,
  PayoutRecord,
  RecordStep,
  RefundRecord,
  SavedMethod,
} from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';

/** Which records: those of a reference, and of each kind those after the first `after`, at most `limit`. */
export interface BooksPage {
  reference?: string;
  after?: number;
  limit?: number;
}

export function booksView({ bank }: Psp, { reference, after = 0, limit = Infinity }: BooksPage = {}): Api.Books {
  const filter = reference === undefined ? undefined : { reference };
  const page = <T>(records: readonly T[]): readonly T[] => records.slice(after, after + limit);
  return {
    payments: page(bank.payments(filter)).map(paymentView),
    refunds: page(bank.refunds(filter)).map(refundView),
    payouts: page(bank.payouts(filter)).map(payoutView),
    disputes: page(bank.disputes(filter)).map(disputeView),
    saved_methods: page(reference === undefined ? bank.methods() : []).map(methodView),
    forgotten: bank.forgotten(),
  };
}

export function paymentView(payment: PaymentRecord): Api.BookPayment {
  const { authentication } = payment;
  return {
    psp_reference: payment.pspReference,
    reference: payment.reference,
    kind: 'payment',
    state: payment.state,
    amount_minor: payment.amountMinor,
    captured_minor: payment.capturedMinor,
    capturable_minor: payment.capturableMinor,
    refunded_minor: payment.refundedMinor,
    disputed_minor: payment.disputedMinor,
    currency: payment.currency,
    method: payment.method,
    decline_reason: payment.declineReason,
    authentication:
      authentication === null
        ? null
        : {
            flow: authentication.flow,
            result: authentication.result,
            eci: authentication.eci,
            version: authentication.version,
            exemption: authentication.exemption,
            liability_shift: authentication.liabilityShift,
          },
    captures: payment.captures.map(({ id, amountMinor, atMs, final }) => ({
      id,
      amount_minor: amountMinor,
      at: isoTime(atMs),
      final,
    })),
    ...times(payment),
  };
}

export function payoutView(payout: PayoutRecord): Api.BookPayout {
  return {
    psp_reference: payout.pspReference,
    reference: payout.reference,
    kind: 'payout',
    state: payout.state,
    amount_minor: payout.amountMinor,
    currency: payout.currency,
    ...times(payout),
  };
}

export function disputeView(dispute: DisputeRecord): Api.BookDispute {
  return {
    psp_reference: dispute.pspReference,
    payment_psp_reference: dispute.paymentPspReference,
    reference: dispute.reference,
    kind: 'dispute',
    state: dispute.state,
    reason: dispute.reason,
    amount_minor: dispute.amountMinor,
    currency: dispute.currency,
    evidence_due_at: isoTime(dispute.evidenceDueMs),
    ...times(dispute),
  };
}

export function challengeView(psp: Psp, challenge: Challenge): Api.Challenge {
  return {
    id: challenge.id,
    psp: psp.name,
    page: challenge.page,
    state: challenge.state,
    psp_reference: challenge.paymentPspReference,
    reference: psp.bank.payment(challenge.paymentPspReference).reference,
    url: psp.context.challengeUrl(challenge.id),
    created_at: isoTime(challenge.createdAtMs),
    expires_at: isoTime(challenge.expiresAtMs),
  };
}

function refundView(refund: RefundRecord): Api.BookRefund {
  return {
    psp_reference: refund.pspReference,
    payment_psp_reference: refund.paymentPspReference,
    reference: refund.reference,
    kind: 'refund',
    state: refund.state,
    amount_minor: refund.amountMinor,
    currency: refund.currency,
    ...times(refund),
  };
}

function methodView(method: SavedMethod): Api.SavedMethod {
  return {
    token: method.token,
    customer: method.customer,
    type: method.type,
    brand: method.brand,
    last4: method.last4,
    created_at: isoTime(method.createdAtMs),
  };
}

function times(record: { createdAtMs: number; updatedAtMs: number; steps: readonly RecordStep[] }): {
  created_at: string;
  updated_at: string;
  history: Api.BookStep[];
} {
  return {
    created_at: isoTime(record.createdAtMs),
    updated_at: isoTime(record.updatedAtMs),
    history: record.steps.map((step) => ({
      at: isoTime(step.atMs),
      state: step.state,
      amount_minor: step.amountMinor,
    })),
  };
}
