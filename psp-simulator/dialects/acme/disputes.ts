/** acme's disputes: read them, answer one once with a text, or give it up. */
import type { DisputeRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { textField } from './fields.ts';
import { pageOf } from './paging.ts';
import { notFound } from './payments.ts';
import { disputeJson, json } from './wire.ts';

/** Longest evidence that acme takes. */
const MOST_EVIDENCE = 20_000;

export function listDisputes(call: Call): PspAnswer {
  const paymentPspReference = call.request.query.get('payment_id');
  const disputes = call.psp.bank.disputes(paymentPspReference === null ? {} : { paymentPspReference });
  const page = pageOf(
    call,
    disputes.filter((dispute) => isVisible(call, dispute)),
    (dispute) => dispute.pspReference,
  );
  return json(200, { ...page, data: page.data.map((dispute) => view(call, dispute)) });
}

export function getDispute(call: Call): PspAnswer {
  const dispute = call.psp.bank.findDispute(call.params['id'] ?? '');
  if (dispute === undefined || !isVisible(call, dispute)) throw notFound('dispute', call.params['id']);
  return json(200, view(call, dispute));
}

export function submitEvidence(call: Call): PspAnswer {
  const text = textField(call, 'text', { most: MOST_EVIDENCE });
  return json(200, view(call, call.psp.bank.submitEvidence(call.params['id'] ?? '', { evidence: text })));
}

export function acceptDispute(call: Call): PspAnswer {
  return json(200, view(call, call.psp.bank.closeDispute(call.params['id'] ?? '', 'lost')));
}

function view(call: Call, dispute: DisputeRecord): unknown {
  return disputeJson(dispute, call.psp.bank.payment(dispute.paymentPspReference));
}

function isVisible(call: Call, dispute: DisputeRecord): boolean {
  return call.isVisible(dispute, call.psp.profile.visibilityLagMs);
}
