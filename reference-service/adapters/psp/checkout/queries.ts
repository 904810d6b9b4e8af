/** Asking Checkout.com what became of a payment: by its id, or by our reference, newest first. */
import type {
  PspFailure,
  PspPaymentAttempt,
  PspPaymentReport,
  QueryPaymentResult,
} from '../../../ports/psp-adapter.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, inDoubt, isFailure, weighReports } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import type { CheckoutClient } from './client.ts';
import { declineClassOf, paymentReport } from './reports.ts';

/** One attempt has one payment; a page leaves room to see that it does not. */
const SEARCH_LIMIT = 100;

export async function queryPayment(client: CheckoutClient, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  if (attempt.pspReference !== null) return retrieve(client, attempt.pspReference, attempt);
  const found = await listByReference(client, attempt.attemptId);
  if (!Array.isArray(found)) return found;
  const reports = found
    .filter((payment) => objectOf(payment, 'destination') === null)
    .map((payment) => reportOf(payment, attempt));
  const unreadable = reports.find(isFailure);
  if (unreadable !== undefined) return unreadable;
  const result = weighReports(reports.filter((report): report is PspPaymentReport => !isFailure(report)));
  return result === null ? { kind: 'not_found' } : withDeclineCode(client, result);
}

/** Payments and payouts under a reference; payouts have a `destination`. */
export async function listByReference(client: CheckoutClient, reference: string): Promise<JsonObject[] | PspFailure> {
  const answer = await client.get(`/payments?reference=${encodeURIComponent(reference)}&limit=${SEARCH_LIMIT}`);
  if (answer.kind !== 'ok') return answer.failure;
  return objectsOf(answer.body, 'data') ?? inDoubt('checkout answered a search without a list');
}

async function retrieve(client: CheckoutClient, id: string, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  const answer = await client.get(`/payments/${encodeURIComponent(id)}`);
  if (answer.kind === 'ok') {
    const report = reportOf(answer.body, attempt);
    return isFailure(report) ? report : withDeclineCode(client, report);
  }
  return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
}

/** The payment itself says only that it was declined; why is in its actions. Without them the word stays `declined`. */
async function withDeclineCode(client: CheckoutClient, report: QueryPaymentResult): Promise<QueryPaymentResult> {
  if (report.kind !== 'declined' || report.code !== 'declined' || report.pspReference === null) return report;
  const bytes = await client.download(`/payments/${encodeURIComponent(report.pspReference)}/actions`);
  const codes = actionsIn(bytes).map((action) => textOf(action, 'response_code'));
  const code = codes.find((one) => one !== null && one !== APPROVED);
  return code === undefined || code === null ? report : { ...report, code, declineClass: declineClassOf(code) };
}

const APPROVED = '10000';

/** The API's only answer that is a bare list. */
function actionsIn(bytes: Buffer | null): JsonObject[] {
  const wrapped = bytes === null ? null : parseObject(`{"actions":${bytes.toString('utf8')}}`);
  return objectsOf(wrapped, 'actions') ?? [];
}

/** A 2xx without id or status, or about another reference, proves only that Checkout.com was reached. */
export function reportOf(payment: JsonObject, attempt: PspPaymentAttempt): PspPaymentReport | PspFailure {
  const report = paymentReport(payment, attempt);
  if (report === null) return inDoubt('checkout answered without an id or a status');
  return textOf(payment, 'reference') === attempt.attemptId
    ? report
    : aboutAnother('checkout answered about another reference');
}
