/**
 * Payments at Mollie: make, ask, cancel. Mollie cannot be searched by our reference, so a payment
 * whose id we never got is looked for in the list of recent ones, page by page, up to a limit;
 * past the limit the answer is a doubt, never an absence.
 */
import type {
  CancelPaymentResult,
  CreatePaymentOptions,
  CreatePaymentResult,
  PspFailure,
  PspPaymentAttempt,
  PspPaymentReport,
  QueryPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, derivedKey, inDoubt, isFailure, weighReports } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import type { MollieAnswer, MollieClient } from './client.ts';
import { instrumentOf } from './instrument.ts';
import { toMollieAmount } from './money.ts';
import { paymentReport, referenceOf } from './reports.ts';

/** Mollie's largest page. */
const PAGE_SIZE = 250;
/** 2,000 payments back: a payment in doubt is asked for within minutes. */
const MAX_PAGES = 8;

/** What is embedded where a payment is read: only these tell what went back. */
export const EMBEDDED = 'refunds,chargebacks';

export async function createPayment(
  client: MollieClient,
  attempt: PspPaymentAttempt,
  { returnUrl, webhookUrl }: CreatePaymentOptions,
): Promise<CreatePaymentResult> {
  const instrument = instrumentOf(attempt);
  if (isFailure(instrument)) return instrument;
  const customerId = attempt.storeMethod && instrument.kind !== 'mandate' ? await newCustomer(client, attempt) : null;
  if (customerId !== null && typeof customerId !== 'string') return customerId;
  const outcome = instrument.kind === 'page' ? instrument.outcome : null;
  const paymentRequest = {
    amount: toMollieAmount(attempt),
    // Mollie's settlements name a payment by its id and this text, by nothing else of ours.
    description: attempt.attemptId,
    redirectUrl: returnUrl,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(attempt.capture === 'manual' ? { captureMode: 'manual' as const } : {}),
    ...(customerId === null ? {} : { sequenceType: 'first' as const, customerId }),
    ...(instrument.kind === 'card_token' ? { method: 'creditcard' as const, cardToken: instrument.cardToken } : {}),
    ...(instrument.kind === 'page' ? { method: instrument.method as 'creditcard' } : {}),
    ...(instrument.kind === 'mandate'
      ? { sequenceType: 'recurring' as const, customerId: instrument.customerId, mandateId: instrument.mandateId }
      : {}),
    metadata: {
      reference: attempt.attemptId,
      payment_id: attempt.paymentId,
      player_id: attempt.playerId,
      ...(outcome === null ? {} : { assay_outcome: outcome }),
    },
  };
  const answer = await client.call((sdk, core) =>
    sdk.paymentsCreate(core, { idempotencyKey: attempt.idempotencyKey, paymentRequest }),
  );
  return answer.kind === 'ok' ? reportOf(answer.body, attempt.attemptId) : answer.failure;
}

/** A kept method belongs to a customer. Nothing is charged here, but a failure of it is told as carefully as one of the payment. */
async function newCustomer(client: MollieClient, attempt: PspPaymentAttempt): Promise<string | PspFailure> {
  const answer = await client.call((sdk, core) =>
    sdk.customersCreate(core, {
      idempotencyKey: derivedKey(attempt.idempotencyKey, 'customer'),
      entityCustomer: { metadata: { player_id: attempt.playerId } },
    }),
  );
  if (answer.kind !== 'ok') return answer.failure;
  return textOf(answer.body, 'id') ?? inDoubt('mollie answered a customer without an id');
}

export async function queryPayment(client: MollieClient, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  if (attempt.pspReference !== null) {
    const answer = await getPayment(client, attempt.pspReference);
    if (answer.kind === 'ok') return reportOf(answer.body, attempt.attemptId);
    return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
  }
  const found = await findByReference(client, attempt.attemptId);
  if (!Array.isArray(found)) return found;
  const reports: PspPaymentReport[] = [];
  for (const id of found) {
    // The list embeds no refunds, so the payment itself is read.
    const answer = await getPayment(client, id);
    const report = answer.kind === 'ok' ? reportOf(answer.body, attempt.attemptId) : answer.failure;
    if (isFailure(report)) return report;
    reports.push(report);
  }
  return weighReports(reports) ?? { kind: 'not_found' };
}

export function getPayment(client: MollieClient, paymentId: string): Promise<MollieAnswer> {
  return client.call((sdk, core) => sdk.paymentsGet(core, { paymentId, embed: EMBEDDED }));
}

/** The ids of the payments under our reference on the latest pages that there are, newest first. */
async function findByReference(client: MollieClient, attemptId: string): Promise<string[] | PspFailure> {
  const ids: string[] = [];
  let from: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const cursor = from === undefined ? {} : { from };
    const answer = await client.call((sdk, core) => sdk.paymentsList(core, { limit: PAGE_SIZE, ...cursor }));
    if (answer.kind !== 'ok') return answer.failure;
    const payments = objectsOf(objectOf(answer.body, '_embedded'), 'payments');
    if (payments === null) return inDoubt('mollie answered a list without payments');
    const foundBefore = ids.length > 0;
    for (const payment of payments.filter((one) => referenceOf(one) === attemptId)) {
      const id = textOf(payment, 'id');
      if (id === null) return inDoubt('mollie listed the payment without an id');
      ids.push(id);
    }
    const next = textOf(objectOf(objectOf(answer.body, '_links'), 'next'), 'href');
    // Two payments of one attempt are made soon after each other: the next page is as far as the second can be.
    if (foundBefore || next === null) return ids;
    from = URL.canParse(next) ? (new URL(next).searchParams.get('from') ?? undefined) : undefined;
    if (from === undefined) return inDoubt('mollie lists more payments but does not say from where');
  }
  return inDoubt(`not among the latest ${PAGE_SIZE * MAX_PAGES} payments at mollie`);
}

/** An open payment is deleted, an authorized one released; some methods let nobody but the payer end what he began. */
export async function cancelPayment(
  client: MollieClient,
  attempt: PspPaymentAttempt,
  nextKey: () => string,
): Promise<CancelPaymentResult> {
  const before = await queryPayment(client, attempt);
  if (before.kind === 'not_found' || isFailure(before)) return before;
  if (before.kind === 'canceled') return { kind: 'canceled' };
  const pspReference = before.pspReference ?? attempt.pspReference;
  if (before.kind !== 'pending' && before.kind !== 'requires_action' && before.kind !== 'authorized')
    return tooLate(before.kind);
  if (pspReference === null) return inDoubt('mollie reported a payment without its id');
  const answer = await client.call((sdk, core) =>
    before.kind === 'authorized'
      ? sdk.paymentsReleaseAuthorization(core, { paymentId: pspReference, idempotencyKey: nextKey() })
      : sdk.paymentsCancel(core, { paymentId: pspReference }),
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error' && answer.status === 404) return { kind: 'not_found' };
  if (answer.kind === 'error' && answer.status !== 422) return answer.failure;
  // A release is only accepted, and a refusal says nothing of the state: the payment itself is the answer.
  const after = await queryPayment(client, { ...attempt, pspReference });
  if (after.kind === 'canceled') return { kind: 'canceled' };
  if (after.kind === 'not_found' || isFailure(after)) return after;
  const isOpen = after.kind === 'pending' || after.kind === 'requires_action' || after.kind === 'authorized';
  return isOpen ? { kind: 'received' } : tooLate(after.kind);
}

function tooLate(state: string): CancelPaymentResult {
  return { kind: 'too_late', reason: `the payment is ${state} at mollie` };
}

/** A 2xx without id or status, or about another reference, proves only that Mollie was reached. */
function reportOf(payment: JsonObject, attemptId: string): PspPaymentReport | PspFailure {
  const report = paymentReport(payment);
  if (report === null) return inDoubt('mollie answered without an id or a status');
  return referenceOf(payment) === attemptId ? report : aboutAnother('mollie answered about another reference');
}
