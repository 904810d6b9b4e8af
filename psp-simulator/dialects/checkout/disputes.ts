/**
 * The disputes API: list, details, accept, evidence. Evidence is provided first (PUT, as often
 * as the merchant likes) and then submitted (POST); only the second counts.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { DisputeReason, DisputeRecord, PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, disputeDetails, paymentDetails } from './details.ts';
import { emptyAnswer, jsonAnswer, notFound, refusal } from './errors.ts';
import { actionIdOf, digitsFrom, idFrom } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { pageOf } from './paging.ts';
import { cleaned } from './wire.ts';

const PAGE = { usual: 50, most: 250 };

/** Evidence that Checkout.com takes: the names of files and texts. */
const EVIDENCE_FIELDS = [
  'proof_of_delivery_or_service',
  'invoice_or_receipt',
  'invoice_showing_distinct_transactions',
  'customer_communication',
  'refund_or_cancellation_policy',
  'recurring_transaction_agreement',
  'additional_evidence',
  'proof_of_delivery_or_service_date',
].flatMap((name) => [`${name}_file`, `${name}_text`]);

export function listDisputes(call: Call): PspAnswer {
  const { psp, request } = call;
  const { query } = request;
  const statuses = query.get('statuses')?.split(',').filter(Boolean);
  const matches = (dispute: DisputeRecord): boolean =>
    is(query, 'id', dispute.pspReference) &&
    is(query, 'payment_id', dispute.paymentPspReference) &&
    is(query, 'payment_reference', dispute.reference) &&
    is(query, 'payment_arn', arnOf(dispute)) &&
    (statuses === undefined || statuses.includes(statusOf(dispute))) &&
    after(query, 'from', dispute.createdAtMs, 1) &&
    after(query, 'to', dispute.createdAtMs, -1);
  const disputes = psp.bank.disputes().filter(matches).reverse();
  const { page, ...head } = pageOf(disputes, query, PAGE);
  return jsonAnswer(200, { ...head, data: page.map((dispute) => listItem(dispute, psp)) });
}

export function getDispute(call: Call): PspAnswer {
  const { psp } = call;
  const dispute = disputeIn(call);
  const payment = psp.bank.payment(dispute.paymentPspReference);
  const self = selfUrl(dispute, psp);
  return jsonAnswer(
    200,
    cleaned({
      ...facts(dispute, payment),
      payment: cleaned({
        id: payment.pspReference,
        action_id: actionIdOf(payment.pspReference, 'authorization'),
        reference: payment.reference,
        amount: checkoutAmount(payment.amountMinor, payment.currency),
        currency: payment.currency,
        method: schemeOf(payment),
        arn: arnOf(dispute),
        processed_on: isoTime(payment.createdAtMs),
      }),
      _links: {
        self: { href: self },
        ...(dispute.state === 'open'
          ? { accept: { href: `${self}/accept` }, evidence: { href: `${self}/evidence` } }
          : {}),
        payment: { href: `${psp.url}/payments/${payment.pspReference}` },
      },
    }),
  );
}

/** Accepting is losing, at once. */
export function acceptDispute(call: Call): PspAnswer {
  const dispute = openDispute(call);
  call.psp.bank.setDetails(dispute.pspReference, asDetails({ ...disputeDetails(dispute), accepted: true }));
  call.psp.bank.closeDispute(dispute.pspReference, 'lost');
  return emptyAnswer(204);
}

export function provideEvidence(call: Call): PspAnswer {
  const dispute = openDispute(call);
  const given = Object.entries(call.body).filter(
    (entry): entry is [string, string] => EVIDENCE_FIELDS.includes(entry[0]) && typeof entry[1] === 'string',
  );
  if (given.length === 0) throw refusal('evidence_required', 'evidence');
  const { evidence, ...details } = disputeDetails(dispute);
  const all = { ...evidence, ...Object.fromEntries(given) };
  call.psp.bank.setDetails(dispute.pspReference, asDetails({ ...details, evidence: all }));
  return emptyAnswer(204);
}

export function getEvidence(call: Call): PspAnswer {
  const { evidence } = disputeDetails(disputeIn(call));
  if (Object.keys(evidence).length === 0) throw notFound('evidence');
  return jsonAnswer(200, evidence);
}

export function submitEvidence(call: Call): PspAnswer {
  const dispute = openDispute(call);
  if (Object.keys(disputeDetails(dispute).evidence).length === 0) throw refusal('evidence_required', 'evidence');
  call.psp.bank.submitEvidence(dispute.pspReference);
  return emptyAnswer(204);
}

/** Checkout.com's word for where a dispute stands. */
export function statusOf(dispute: DisputeRecord): string {
  switch (dispute.state) {
    case 'open':
      return 'evidence_required';
    case 'under_review':
      return 'evidence_under_review';
    case 'won':
      return 'won';
    case 'reversed':
      return 'arbitration_won';
    case 'lost':
      if (disputeDetails(dispute).accepted) return 'accepted';
      // What nobody answered is lost by the lapse of time, whenever the books say so.
      return wasAnswered(dispute) ? 'lost' : 'expired';
  }
}

const CATEGORIES: Readonly<Record<DisputeReason, { category: string; visa: string; mastercard: string }>> = {
  fraudulent: { category: 'fraudulent', visa: '10.4', mastercard: '4837' },
  product_not_received: { category: 'product_service_not_received', visa: '13.1', mastercard: '4853' },
  product_unacceptable: { category: 'not_as_described', visa: '13.3', mastercard: '4853' },
  duplicate: { category: 'duplicate', visa: '12.6.1', mastercard: '4834' },
  credit_not_processed: { category: 'credit_not_issued', visa: '13.6', mastercard: '4853' },
  general: { category: 'general', visa: '13.5', mastercard: '4853' },
};

/** Category and scheme reason code of a dispute. */
export function categoryOf(dispute: DisputeRecord, payment: PaymentRecord): { category: string; reasonCode: string } {
  const { category, visa, mastercard } = CATEGORIES[dispute.reason];
  return { category, reasonCode: schemeOf(payment) === 'Mastercard' ? mastercard : visa };
}

export function schemeOf(payment: PaymentRecord): string {
  return paymentDetails(payment).card?.scheme ?? 'Visa';
}

/** An id of a dispute, derived from any text. */
export function disputeIdFrom(text: string): string {
  return `dsp_${idFrom('dsp', text).slice(4, 24)}`;
}

function listItem(dispute: DisputeRecord, psp: PspContext): Record<string, unknown> {
  const payment = psp.bank.payment(dispute.paymentPspReference);
  return cleaned({
    ...facts(dispute, payment),
    payment_id: payment.pspReference,
    payment_action_id: actionIdOf(payment.pspReference, 'authorization'),
    payment_reference: payment.reference,
    payment_arn: arnOf(dispute),
    payment_method: schemeOf(payment),
    _links: {
      self: { href: selfUrl(dispute, psp) },
      payment: { href: `${psp.url}/payments/${payment.pspReference}` },
    },
  });
}

function facts(dispute: DisputeRecord, payment: PaymentRecord): Record<string, unknown> {
  const { category, reasonCode } = categoryOf(dispute, payment);
  return {
    id: dispute.pspReference,
    category,
    amount: checkoutAmount(dispute.amountMinor, dispute.currency),
    currency: dispute.currency,
    reason_code: reasonCode,
    status: statusOf(dispute),
    received_on: isoTime(dispute.createdAtMs),
    last_update: isoTime(dispute.updatedAtMs),
    evidence_required_by: dispute.state === 'open' ? isoTime(dispute.evidenceDueMs) : null,
  };
}

function disputeIn(call: Call): DisputeRecord {
  const dispute = call.psp.bank.findDispute(call.params['id'] ?? '');
  if (dispute === undefined) throw notFound('dispute');
  return dispute;
}

/** A dispute that the merchant can still answer; else the refusal names what became of it. */
function openDispute(call: Call): DisputeRecord {
  const dispute = disputeIn(call);
  if (dispute.state === 'open') return dispute;
  throw refusal(`dispute_already_${dispute.state === 'under_review' ? 'submitted' : statusOf(dispute)}`, 'dispute');
}

function wasAnswered(dispute: DisputeRecord): boolean {
  return dispute.steps.some((step) => step.state === 'under_review');
}

function arnOf(dispute: DisputeRecord): string {
  return digitsFrom(`${dispute.paymentPspReference} arn`, 23);
}

function selfUrl(dispute: DisputeRecord, psp: PspContext): string {
  return `${psp.url}/disputes/${dispute.pspReference}`;
}

function is(query: URLSearchParams, name: string, value: string | null): boolean {
  const wanted = query.get(name);
  return wanted === null || wanted === '' || wanted === value;
}

/** Is `atMs` on the right side of the time in the query? `sign` 1: not before it; -1: not after it. */
function after(query: URLSearchParams, name: string, atMs: number, sign: 1 | -1): boolean {
  const text = query.get(name);
  if (text === null || text === '') return true;
  const boundMs = Date.parse(text);
  if (Number.isNaN(boundMs)) throw refusal(`${name}_invalid`, name);
  return (atMs - boundMs) * sign >= 0;
}
