/**
 * Disputes v1: list, show, provide evidence, accept the claim, send a message, and the sandbox's
 * own adjudicate. The money is taken back when the dispute is opened.
 */
import type { DisputeReason, DisputeRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, disputeDetails, orderDetails } from './details.ts';
import { jsonAnswer, missing, notSimulated, unknownResource, unprocessable, wrongValue } from './errors.ts';
import { arrayAt, choiceAt, countIn, isoSeconds, textAt, timeIn } from './fields.ts';
import { paypalMoney } from './money.ts';
import { payerId } from './wire.ts';
import { payeeOf } from './wire-payments.ts';

type JsonObject = Record<string, unknown>;

const DEFAULT_PAGE_SIZE = 10;
const MOST_PER_PAGE = 50;

const REASONS: Readonly<Record<DisputeReason, string>> = {
  fraudulent: 'UNAUTHORISED',
  product_not_received: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
  product_unacceptable: 'MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED',
  duplicate: 'DUPLICATE_TRANSACTION',
  credit_not_processed: 'CREDIT_NOT_PROCESSED',
  general: 'OTHER',
};

const STATUS: Readonly<Record<DisputeRecord['state'], readonly [status: string, disputeState: string]>> = {
  open: ['WAITING_FOR_SELLER_RESPONSE', 'REQUIRED_ACTION'],
  under_review: ['UNDER_REVIEW', 'UNDER_PAYPAL_REVIEW'],
  won: ['RESOLVED', 'RESOLVED'],
  lost: ['RESOLVED', 'RESOLVED'],
  reversed: ['RESOLVED', 'RESOLVED'],
};

/** Newest first; the token is the position of the next page. */
export function listDisputes(call: Call): PspAnswer {
  const { psp, request } = call;
  const size = countIn(call, 'page_size', { least: 1, most: MOST_PER_PAGE, fallback: DEFAULT_PAGE_SIZE });
  const token = request.query.get('next_page_token');
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(start) || start < 0) throw wrongValue('next_page_token', token ?? '', 'query');
  const found = psp.bank.disputes().filter(filterOf(call)).reverse();
  const more = found.length > start + size;
  const url = `${psp.url}/v1/customer/disputes`;
  const next = Buffer.from(String(start + size)).toString('base64url');
  return jsonAnswer(200, {
    items: found.slice(start, start + size).map((dispute) => summary(dispute, psp)),
    links: [
      { href: url, rel: 'self', method: 'GET' },
      { href: `${url}?page_size=${size}`, rel: 'first', method: 'GET' },
      ...(more ? [{ href: `${url}?page_size=${size}&next_page_token=${next}`, rel: 'next', method: 'GET' }] : []),
    ],
  });
}

export function showDispute(call: Call): PspAnswer {
  const dispute = disputeOf(call);
  if (!call.isVisible(dispute, 0)) throw unknownResource();
  return jsonAnswer(200, disputeObject(dispute, call.psp));
}

export function provideEvidence(call: Call): PspAnswer {
  const { body, psp } = call;
  const dispute = disputeOf(call);
  if (dispute.state !== 'open') throw notPossible('Evidence can be provided only while PayPal waits for the seller.');
  const given = arrayAt(body, 'evidences') ?? arrayAt(body, 'evidence') ?? [];
  const evidence = given.map((entry, index) => ({
    type: textAt(entry, 'evidence_type', `/evidences/${index}`) ?? 'OTHER',
    note: textAt(entry, 'notes', `/evidences/${index}`) ?? null,
  }));
  psp.bank.submitEvidence(dispute.pspReference, asDetails({ evidence }));
  return linkAnswer(dispute, psp);
}

/** Refunding the customer ends the dispute for him. */
export function acceptClaim(call: Call): PspAnswer {
  const { psp } = call;
  const dispute = disputeOf(call);
  if (dispute.state !== 'open' && dispute.state !== 'under_review') throw notPossible('The dispute is resolved.');
  psp.bank.setDetails(dispute.pspReference, { ...dispute.details, accepted: true });
  psp.bank.closeDispute(dispute.pspReference, 'lost');
  return linkAnswer(dispute, psp);
}

/** Sandbox only: PayPal's own decision. */
export function adjudicate(call: Call): PspAnswer {
  const { body, psp } = call;
  const dispute = disputeOf(call);
  const outcome = choiceAt(body, 'adjudication_outcome', { choices: ['BUYER_FAVOR', 'SELLER_FAVOR'] as const });
  if (outcome === undefined) throw missing('/adjudication_outcome');
  if (dispute.state !== 'open' && dispute.state !== 'under_review') throw notPossible('The dispute is resolved.');
  psp.bank.closeDispute(dispute.pspReference, outcome === 'SELLER_FAVOR' ? 'won' : 'lost');
  return linkAnswer(dispute, psp);
}

export function sendMessage(call: Call): PspAnswer {
  const { body, psp } = call;
  const dispute = disputeOf(call);
  const message = textAt(body, 'message');
  if (message === undefined) throw missing('/message');
  const { messages } = disputeDetails(dispute);
  psp.bank.setDetails(dispute.pspReference, { ...dispute.details, messages: [...messages, message] });
  return linkAnswer(dispute, psp);
}

export function appeal(): PspAnswer {
  throw notSimulated('An appeal against a resolved dispute');
}

export function disputeObject(dispute: DisputeRecord, psp: PspContext): JsonObject {
  const { evidence, messages } = disputeDetails(dispute);
  const posted = messages.map((content) => ({
    posted_by: 'SELLER',
    time_posted: isoSeconds(dispute.updatedAtMs),
    content,
  }));
  return {
    ...summary(dispute, psp),
    disputed_transactions: [transaction(dispute, psp)],
    ...(dispute.state === 'open' ? { seller_response_due_date: isoSeconds(dispute.evidenceDueMs) } : {}),
    ...outcomeOf(dispute),
    ...(evidence.length === 0
      ? {}
      : { evidences: evidence.map(({ type, note }) => ({ evidence_type: type, notes: note ?? '' })) }),
    ...(posted.length === 0 ? {} : { messages: posted }),
    extensions: { merchant_contacted: true },
    links: disputeLinks(dispute, psp),
  };
}

function summary(dispute: DisputeRecord, psp: PspContext): JsonObject {
  const [status, disputeState] = STATUS[dispute.state];
  return {
    dispute_id: dispute.pspReference,
    create_time: isoSeconds(dispute.createdAtMs),
    update_time: isoSeconds(dispute.updatedAtMs),
    reason: REASONS[dispute.reason],
    status,
    dispute_state: disputeState,
    dispute_amount: paypalMoney(dispute.amountMinor, dispute.currency),
    dispute_life_cycle_stage: 'CHARGEBACK',
    dispute_channel: 'INTERNAL',
    links: [{ href: `${psp.url}/v1/customer/disputes/${dispute.pspReference}`, rel: 'self', method: 'GET' }],
  };
}

function transaction(dispute: DisputeRecord, psp: PspContext): JsonObject {
  const payment = psp.bank.findPayment(dispute.paymentPspReference);
  const { email_address: email, merchant_id: merchantId } = payeeOf(psp);
  const details = payment === undefined ? null : orderDetails(payment);
  return {
    seller_transaction_id: disputeDetails(dispute).captureId,
    ...(payment === undefined
      ? {}
      : {
          create_time: isoSeconds(payment.captures[0]?.atMs ?? payment.createdAtMs),
          gross_amount: paypalMoney(payment.capturedMinor, payment.currency),
        }),
    ...(details?.customId == null ? {} : { custom: details.customId }),
    ...(details?.invoiceId == null ? {} : { invoice_number: details.invoiceId }),
    buyer: { name: 'Sam Sample', payer_id: payerId('payer@assay.example') },
    seller: { email, merchant_id: merchantId, name: psp.name },
    seller_protection_eligible: payment?.method === 'paypal',
  };
}

function outcomeOf(dispute: DisputeRecord): JsonObject {
  if (dispute.state === 'open' || dispute.state === 'under_review') return {};
  const forSeller = dispute.state !== 'lost';
  const code = disputeDetails(dispute).accepted
    ? 'ACCEPTED'
    : forSeller
      ? 'RESOLVED_SELLER_FAVOUR'
      : 'RESOLVED_BUYER_FAVOUR';
  const refunded = forSeller ? {} : { amount_refunded: paypalMoney(dispute.amountMinor, dispute.currency) };
  return { dispute_outcome: { outcome_code: code, ...refunded } };
}

function disputeLinks(dispute: DisputeRecord, psp: PspContext): unknown[] {
  const url = `${psp.url}/v1/customer/disputes/${dispute.pspReference}`;
  const actions = {
    open: ['provide-evidence', 'accept-claim', 'send-message', 'adjudicate'],
    under_review: ['accept-claim', 'adjudicate'],
    won: [],
    lost: [],
    reversed: [],
  }[dispute.state];
  return [
    { href: url, rel: 'self', method: 'GET' },
    ...actions.map((action) => ({ href: `${url}/${action}`, rel: action.replace('-', '_'), method: 'POST' })),
  ];
}

function linkAnswer(dispute: DisputeRecord, psp: PspContext): PspAnswer {
  const href = `${psp.url}/v1/customer/disputes/${dispute.pspReference}`;
  return jsonAnswer(200, { links: [{ href, rel: 'self', method: 'GET' }] });
}

function filterOf(call: Call): (dispute: DisputeRecord) => boolean {
  const { query } = call.request;
  const states = query.get('dispute_state')?.split(',');
  const transactionId = query.get('disputed_transaction_id');
  const startMs = timeIn(call, 'start_time') ?? timeIn(call, 'create_time_after');
  const endMs = timeIn(call, 'create_time_before');
  return (dispute) =>
    call.isVisible(dispute, 0) &&
    (states === undefined || states.includes(STATUS[dispute.state][1])) &&
    (transactionId === null || disputeDetails(dispute).captureId === transactionId) &&
    (startMs === undefined || dispute.createdAtMs >= startMs) &&
    (endMs === undefined || dispute.createdAtMs <= endMs);
}

function disputeOf({ psp, params }: Call): DisputeRecord {
  const dispute = psp.bank.findDispute(params['id'] ?? '');
  if (dispute === undefined) throw unknownResource();
  return dispute;
}

function notPossible(why: string): Error {
  return unprocessable('ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE', why);
}
