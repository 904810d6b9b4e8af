/**
 * Adyen's Disputes API (v30): why a dispute may be defended, documents for it, defending and
 * accepting. There is no list and no status query: a merchant learns of disputes by webhook.
 *
 * What is wrong with a well-formed request is said with HTTP 200 and `success: false`. Documents
 * are counted by their type; what stands in them is not kept.
 */
import type { DisputeRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, disputeDetails } from './details.ts';
import { jsonAnswer, missing } from './errors.ts';
import { checkMerchantAccount, objectAt, textAt } from './fields.ts';

/** One defense per kind of reason, with the documents that it takes; the names are Adyen's. */
const FRAUD = { code: 'FraudCompellingEvidence', required: 'TIDorInvoice', optional: 'CompellingEvidence' };
const OTHER = { code: 'ServicesProvided', required: 'DefenseMaterial', optional: 'TIDorInvoice' };

export function defenseReasons(call: Call): PspAnswer {
  return withDispute(call, (dispute) => {
    const { code, required, optional } = defenseOf(dispute);
    const { documents } = disputeDetails(dispute);
    const type = (name: string, requirementLevel: string): Record<string, unknown> => ({
      available: documents.includes(name),
      defenseDocumentTypeCode: name,
      requirementLevel,
    });
    return {
      defenseReasons: [
        {
          defenseDocumentTypes: [type(required, 'Required'), type(optional, 'Optional')],
          defenseReasonCode: code,
          satisfied: documents.includes(required),
        },
      ],
    };
  });
}

export function supplyDocument(call: Call): PspAnswer {
  return withDispute(call, (dispute) => {
    const given = call.body['defenseDocuments'];
    if (!Array.isArray(given) || given.length === 0) throw missing('defenseDocuments');
    const types = given.map((document: unknown) => {
      const fields = objectAt({ document }, 'document') ?? {};
      const type = textAt(fields, 'defenseDocumentTypeCode');
      if (type === undefined || textAt(fields, 'content') === undefined)
        throw missing('defenseDocuments.defenseDocumentTypeCode');
      return type;
    });
    const { required, optional } = defenseOf(dispute);
    const unknown = types.find((type) => type !== required && type !== optional);
    if (unknown !== undefined) return `The document type ${unknown} does not fit this dispute`;
    note(call, dispute, [...new Set([...disputeDetails(dispute).documents, ...types])]);
    return {};
  });
}

export function deleteDocument(call: Call): PspAnswer {
  return withDispute(call, (dispute) => {
    const type = textAt(call.body, 'defenseDocumentType');
    if (type === undefined) throw missing('defenseDocumentType');
    const { documents } = disputeDetails(dispute);
    if (!documents.includes(type)) return `There is no document of type ${type}`;
    note(
      call,
      dispute,
      documents.filter((known) => known !== type),
    );
    return {};
  });
}

export function defendDispute(call: Call): PspAnswer {
  return withDispute(call, (dispute) => {
    const { code, required } = defenseOf(dispute);
    if (textAt(call.body, 'defenseReasonCode') !== code) return `The defense reason does not fit: ${code} would`;
    if (!disputeDetails(dispute).documents.includes(required)) return `The required document ${required} is missing`;
    call.psp.bank.submitEvidence(dispute.pspReference);
    return {};
  });
}

/** Accepting is losing, at once. */
export function acceptDispute(call: Call): PspAnswer {
  return withDispute(call, (dispute) => {
    call.psp.bank.setDetails(dispute.pspReference, asDetails({ ...disputeDetails(dispute), accepted: true }));
    call.psp.bank.closeDispute(dispute.pspReference, 'lost');
    return {};
  });
}

export function referenceOfDispute({ body, psp }: Call): string | null {
  const id = body['disputePspReference'];
  return typeof id === 'string' ? (psp.bank.findDispute(id)?.reference ?? null) : null;
}

/** `work` answers what stands beside the result, or why it cannot be done. */
function withDispute(call: Call, work: (dispute: DisputeRecord) => Record<string, unknown> | string): PspAnswer {
  checkMerchantAccount(call, 'merchantAccountCode');
  const id = textAt(call.body, 'disputePspReference');
  if (id === undefined) throw missing('disputePspReference');
  const dispute = call.psp.bank.findDispute(id);
  if (dispute === undefined) return refused('The dispute does not exist');
  if (dispute.state !== 'open') return refused(`The dispute cannot be changed any more: it is ${dispute.state}`);
  const done = work(dispute);
  return typeof done === 'string'
    ? refused(done)
    : jsonAnswer(200, { ...done, disputeServiceResult: { success: true } });
}

function refused(errorMessage: string): PspAnswer {
  return jsonAnswer(200, { disputeServiceResult: { errorMessage, success: false } });
}

function defenseOf(dispute: DisputeRecord): typeof FRAUD {
  return dispute.reason === 'fraudulent' ? FRAUD : OTHER;
}

function note(call: Call, dispute: DisputeRecord, documents: string[]): void {
  call.psp.bank.setDetails(dispute.pspReference, asDetails({ ...disputeDetails(dispute), documents }));
}
