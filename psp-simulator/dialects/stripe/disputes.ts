/**
 * Disputes: read, list, stage and hand in evidence, accept. The cardholder opens them (a test
 * card or the control API); here the merchant answers.
 */
import type { DisputeRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, intentIdOfCharge, type DisputeDetails } from './details.ts';
import { disputeObject, EVIDENCE_FIELDS } from './dispute-wire.ts';
import { invalid, jsonAnswer, noSuch } from './errors.ts';
import { choice, fieldsOf, mergedMetadata, refuseUnknown } from './fields.ts';
import { text, textMap } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';

const PLAIN_PARAMS = new Set(['expand']);
const UPDATE_PARAMS = new Set(['evidence', 'expand', 'intended_submission_method', 'metadata', 'submit']);
const LIST_DISPUTE_PARAMS = new Set<string>([...LIST_PARAMS, 'charge', 'payment_intent']);

const EVIDENCE_PARAMS = new Set<string>([...EVIDENCE_FIELDS, 'appeal', 'enhanced_evidence']);

/** Stripe's test values of `evidence[uncategorized_text]`: the dispute is decided at once. */
const DECIDING: Readonly<Record<string, 'won' | 'lost'>> = { winning_evidence: 'won', losing_evidence: 'lost' };

export function retrieveDispute(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, disputeObject(disputeOf(call), call.psp));
}

export function listDisputes(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_DISPUTE_PARAMS);
  const charge = text(fields, 'charge');
  const intent = text(fields, 'payment_intent') ?? (charge === undefined ? undefined : intentIdOfCharge(charge));
  const items = call.psp.bank
    .disputes(intent === undefined ? {} : { paymentPspReference: intent })
    .filter((dispute) => call.isVisible(dispute, 0))
    .map((dispute) => ({
      id: dispute.pspReference,
      createdAtMs: dispute.createdAtMs,
      render: () => disputeObject(dispute, call.psp),
    }));
  return listAnswer(items, fields, { url: '/v1/disputes', what: 'dispute' });
}

/** Evidence is handed in at once unless `submit=false` only stages it. */
export function updateDispute(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  refuseUnknown(fields, EVIDENCE_PARAMS, 'evidence');
  const dispute = disputeOf(call);
  const before = dispute.details as unknown as DisputeDetails;
  const given = textMap(fields, 'evidence');
  const metadata = mergedMetadata(before.metadata, fields);
  const evidence = Object.fromEntries(
    Object.entries({ ...before.evidence, ...given }).filter(([, value]) => value !== ''),
  );
  const submits = choice(fields, ['submit'], ['true', 'false'], 'true') === 'true';
  const answers = Object.keys(given).length > 0 || text(fields, 'submit') === 'true';
  if (answers && dispute.state !== 'open') {
    throw invalid('This dispute is already closed or under review, so its evidence can no longer be changed.', {
      param: 'evidence',
    });
  }
  if (!answers || !submits) {
    call.psp.bank.setDetails(dispute.pspReference, asDetails({ ...before, metadata, evidence }));
    return jsonAnswer(200, disputeObject(call.psp.bank.dispute(dispute.pspReference), call.psp));
  }
  const submissions = before.submissions + 1;
  const submitted = call.psp.bank.submitEvidence(
    dispute.pspReference,
    asDetails({ ...before, metadata, evidence, submissions }),
  );
  const decision = DECIDING[evidence['uncategorized_text'] ?? ''];
  const after = decision === undefined ? submitted : call.psp.bank.closeDispute(dispute.pspReference, decision);
  return jsonAnswer(200, disputeObject(after, call.psp));
}

/** To close a dispute is to accept it: it is lost, and that cannot be undone. */
export function closeDispute(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const dispute = disputeOf(call);
  if (dispute.state !== 'open')
    throw invalid('This dispute is already closed or under review.', { code: 'dispute_already_closed' });
  return jsonAnswer(200, disputeObject(call.psp.bank.closeDispute(dispute.pspReference, 'lost'), call.psp));
}

function disputeOf(call: Call): DisputeRecord {
  const id = call.params['id'] ?? '';
  const dispute = call.psp.bank.findDispute(id);
  if (dispute === undefined || !call.isVisible(dispute, 0))
    throw noSuch('dispute', id, { param: 'dispute', inPath: true });
  return dispute;
}
