/** Disputes: read them, and answer one once. */
import type { Call, PspAnswer } from '../dialect.ts';
import { textField } from './fields.ts';
import { pageOf } from './paging.ts';
import { visible } from './payments.ts';
import { disputeJson, json } from './wire.ts';

export function listDisputes(call: Call): PspAnswer {
  const page = pageOf(call, call.psp.bank.disputes(), (dispute) => dispute.pspReference);
  return json(200, { ...page, data: page.data.map(disputeJson) });
}

export function getDispute(call: Call): PspAnswer {
  return json(200, disputeJson(visible(call, call.psp.bank.findDispute(call.params['id'] ?? ''), 'dispute')));
}

export function submitEvidence(call: Call): PspAnswer {
  const evidence = textField(call, 'text');
  return json(200, disputeJson(call.psp.bank.submitEvidence(call.params['id'] ?? '', { evidence })));
}
