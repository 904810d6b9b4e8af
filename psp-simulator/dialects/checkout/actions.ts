/**
 * The actions of a payment, as GET /payments/{id}/actions lists them: its authorization, its
 * captures, its void and its refunds, latest first.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PaymentRecord, RefundRecord } from '../../core/records.ts';
import { paymentDetails, refundDetails, wasAuthorized } from './details.ts';
import { actionIdOf } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { APPROVED_CODE, responseCode, responseOf } from './response-codes.ts';
import { authCode, cleaned, processing } from './wire.ts';

/** A refund that the bank behind the card sends back. */
const REFUND_REFUSED = responseCode('20006');

export function paymentActions(record: PaymentRecord, refunds: readonly RefundRecord[]): Record<string, unknown>[] {
  const details = paymentDetails(record);
  const { code, summary } = responseOf(record);
  const action = (values: Record<string, unknown> & { id: string; atMs: number; minor: number }): object => {
    const { atMs, minor, ...rest } = values;
    return cleaned({
      processed_on: isoTime(atMs),
      amount: checkoutAmount(minor, record.currency),
      approved: true,
      response_code: APPROVED_CODE.code,
      response_summary: APPROVED_CODE.summary,
      processing: processing(values.id),
      ...rest,
    });
  };
  if (record.state === 'created' || record.state === 'requires_action') return [];
  const approved = wasAuthorized(record);
  const authorization = action({
    id: actionIdOf(record.pspReference, 'authorization'),
    type: 'Authorization',
    atMs: record.steps.find((step) => step.state !== 'created' && step.state !== 'requires_action')?.atMs ?? 0,
    minor: record.amountMinor,
    approved,
    auth_code: approved ? authCode(record) : null,
    response_code: code,
    response_summary: summary,
    reference: record.reference,
    metadata: details.metadata,
  });
  const captures = record.captures.map((capture) =>
    action({
      id: capture.id,
      type: 'Capture',
      atMs: capture.atMs,
      minor: capture.amountMinor,
      reference: details.captures[capture.id]?.reference ?? record.reference,
    }),
  );
  const voided = details.void;
  const voids =
    voided === null
      ? []
      : [
          action({
            id: voided.id,
            type: 'Void',
            atMs: record.updatedAtMs,
            minor: record.amountMinor - record.capturedMinor,
            reference: voided.reference ?? record.reference,
          }),
        ];
  const given = refunds
    .filter((refund) => refund.state !== 'pending')
    .map((refund) =>
      action({
        id: refund.pspReference,
        type: 'Refund',
        atMs: refund.updatedAtMs,
        minor: refund.amountMinor,
        approved: refund.state === 'succeeded',
        response_code: refundResponse(refund).code,
        response_summary: refundResponse(refund).summary,
        reference: refund.reference ?? record.reference,
        metadata: refundDetails(refund).metadata,
      }),
    );
  const all = [authorization, ...captures, ...voids, ...given].reverse() as Record<string, unknown>[];
  return all.sort((left, right) => String(right['processed_on']).localeCompare(String(left['processed_on'])));
}

export function refundResponse(refund: RefundRecord): { code: string; summary: string } {
  return refund.state === 'failed' ? REFUND_REFUSED : APPROVED_CODE;
}
