/** Refunds: asked for, sent later, and sometimes sent back by the payer's bank. */
import { isoTime } from '../../../kernel/index.ts';
import { PspProblem } from '../../core/problem.ts';
import type { RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { detailsOf } from './details.ts';
import { amountAt, metadataAt, requiredText } from './fields.ts';
import { addressed, found, MOST_REFERENCE } from './payments.ts';
import { json } from './wire.ts';

/** Without an amount everything that is left is refunded. */
export function createRefund(call: Call): PspAnswer {
  const { bank, ids } = call.psp;
  const payment = addressed(call);
  const reference = requiredText(call.body, 'reference', MOST_REFERENCE);
  const metadata = metadataAt(call.body);
  if (detailsOf(payment).beneficiary === 'external_account')
    throw new PspProblem('invalid-state', 'Only payments into a merchant account can be refunded.');
  const part =
    call.body['amount_in_minor'] === undefined ? {} : { amountMinor: amountAt(call.body, 'amount_in_minor') };
  const refund = bank.createRefund({
    pspReference: ids.uuid(),
    paymentPspReference: payment.pspReference,
    reference: metadata['reference'] ?? reference,
    outcome: 'pending',
    details: { statement: reference, metadata },
    ...part,
  });
  return json(202, { id: refund.pspReference });
}

export function getRefund(call: Call): PspAnswer {
  const payment = found(call);
  const id = call.params['refund'] ?? '';
  const refund = call.psp.bank.findRefund(id);
  const known = refund?.paymentPspReference === payment.pspReference ? refund : undefined;
  if (known === undefined || !isVisible(call, known))
    throw new PspProblem('not-found', `No refund of this payment has the id ${id}.`);
  return json(200, refundJson(known));
}

export function listRefunds(call: Call): PspAnswer {
  const refunds = call.psp.bank.refunds({ paymentPspReference: found(call).pspReference });
  return json(200, { items: refunds.filter((refund) => isVisible(call, refund)).map(refundJson) });
}

export function refundJson(refund: RefundRecord): Record<string, unknown> {
  const updatedAt = isoTime(refund.updatedAtMs);
  const { state } = refund;
  return {
    id: refund.pspReference,
    amount_in_minor: refund.amountMinor,
    currency: refund.currency,
    reference: refund.details['statement'],
    status: refundStatus(state),
    created_at: isoTime(refund.createdAtMs),
    ...(state === 'succeeded' ? { executed_at: updatedAt } : {}),
    ...(state === 'failed' ? { failed_at: updatedAt, failure_reason: refundFailure(refund) } : {}),
    metadata: refund.details['metadata'],
  };
}

export function refundStatus(state: RefundRecord['state']): string {
  return state === 'succeeded' ? 'executed' : state;
}

/** `returned`: the payer's bank sent back what had left. */
export function refundFailure(refund: RefundRecord): string {
  return refund.steps.some(({ state }) => state === 'succeeded') ? 'returned' : 'scheme_error';
}

function isVisible(call: Call, refund: RefundRecord): boolean {
  return call.isVisible(refund, call.psp.profile.visibilityLagMs);
}
