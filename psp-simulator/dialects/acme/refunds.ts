/** acme's refunds: most end at once; those of some test cards are pending first, or come back days later. */
import type { Call, PspAnswer } from '../dialect.ts';
import { textField } from './fields.ts';
import { toMinor } from './money.ts';
import { pageOf } from './paging.ts';
import { MOST_REFERENCE, notFound } from './payments.ts';
import { json, refundJson } from './wire.ts';

export function createRefund(call: Call): PspAnswer {
  const payment = call.psp.bank.payment(call.params['id'] ?? '');
  const refund = call.psp.bank.createRefund({
    pspReference: call.psp.ids.next('aref'),
    paymentPspReference: payment.pspReference,
    reference: textField(call, 'reference', { most: MOST_REFERENCE }),
    amountMinor: toMinor(call.body['amount'], payment.currency),
    outcome: payment.details['refundsPend'] === true ? 'pending' : 'succeeded',
  });
  return json(201, refundJson(refund));
}

export function getRefund(call: Call): PspAnswer {
  const refund = call.psp.bank.findRefund(call.params['id'] ?? '');
  if (refund === undefined || !call.isVisible(refund, call.psp.profile.visibilityLagMs))
    throw notFound('refund', call.params['id']);
  return json(200, refundJson(refund));
}

export function listRefunds(call: Call): PspAnswer {
  const { bank, profile } = call.psp;
  const paymentPspReference = bank.payment(call.params['id'] ?? '').pspReference;
  const refunds = bank.refunds({ paymentPspReference });
  const visible = refunds.filter((refund) => call.isVisible(refund, profile.visibilityLagMs));
  const page = pageOf(call, visible, (refund) => refund.pspReference);
  return json(200, { ...page, data: page.data.map(refundJson) });
}
