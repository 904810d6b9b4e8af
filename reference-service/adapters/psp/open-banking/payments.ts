/**
 * Payments by bank: created first, then handed to the payer's bank, whose page the payer goes to.
 * Until we have the address of that page nobody can authorize the payment, so a doubt about the
 * creation is settled by repeating it under its key: at worst a payment is made that nobody pays.
 * The provider cannot be asked by our reference.
 */
import type {
  CancelPaymentResult,
  CreatePaymentResult,
  PspFailure,
  PspPaymentAttempt,
  PspPaymentReport,
  PspRefundRequest,
  QueryPaymentResult,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, inDoubt, isFailure, refused } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import type { BankAnswer, BankClient } from './client.ts';
import { paymentReport, redirectOf, referenceOf, refundResult } from './reports.ts';
import { providerOf, userIdOf } from './tokens.ts';

/** Our merchant accounts by currency. */
export type MerchantAccounts = (currency: string) => string | null;

export async function createPayment(
  client: BankClient,
  attempt: PspPaymentAttempt,
  { returnUrl, accounts, nextKey }: { returnUrl: string; accounts: MerchantAccounts; nextKey: () => string },
): Promise<CreatePaymentResult> {
  const provider = providerOf(attempt);
  if (typeof provider !== 'string') return provider;
  const account = accounts(attempt.currency);
  if (account === null) return refused('unsupported', `there is no merchant account in ${attempt.currency}`);
  const created = await client.post(
    '/v3/payments',
    {
      amount_in_minor: attempt.amountMinor,
      currency: attempt.currency,
      payment_method: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: provider },
        beneficiary: { type: 'merchant_account', merchant_account_id: account },
      },
      user: { id: userIdOf(attempt.playerId), name: attempt.playerId },
      metadata: { reference: attempt.attemptId, payment_id: attempt.paymentId, player_id: attempt.playerId },
    },
    attempt.idempotencyKey,
  );
  if (created.kind !== 'ok') return created.failure;
  const id = textOf(created.body, 'id');
  if (id === null) return inDoubt('the provider answered without an id');
  // The answer to a creation need not repeat the metadata; where it does, they must be ours.
  const reference = referenceOf(created.body);
  if (reference !== null && reference !== attempt.attemptId)
    return aboutAnother('the provider answered about another reference');
  return startFlow(client, attempt, { id, returnUrl, key: nextKey() });
}

/**
 * Leads to the bank's page. A failure here leaves a payment behind: it is in doubt, whatever the
 * failure was. A fresh key each time: a stored refusal would be replayed when the call is repeated,
 * and a flow that was started already is no harm.
 */
async function startFlow(
  client: BankClient,
  attempt: PspPaymentAttempt,
  { id, returnUrl, key }: { id: string; returnUrl: string; key: string },
): Promise<CreatePaymentResult> {
  const flow = await client.post(
    `/v3/payments/${encodeURIComponent(id)}/authorization-flow`,
    { redirect: { return_uri: returnUrl } },
    key,
  );
  if (flow.kind === 'no_answer') return inDoubt(flow.failure.reason);
  if (flow.kind === 'ok') {
    const redirectUrl = redirectOf(flow.body);
    if (redirectUrl !== null) return { kind: 'requires_action', pspReference: id, redirectUrl };
  }
  // It may be further than its beginning already: the payment itself is the answer.
  const answer = await client.get(`/v3/payments/${encodeURIComponent(id)}`);
  const isStarted = answer.kind === 'ok' && textOf(answer.body, 'status') !== 'authorization_required';
  return isStarted ? reportOf(answer.body, attempt.attemptId) : inDoubt('the payment was created and not started');
}

export async function queryPayment(client: BankClient, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  if (attempt.pspReference === null) return inDoubt('the provider can be asked by its own id only');
  const answer = await client.get(`/v3/payments/${encodeURIComponent(attempt.pspReference)}`);
  if (answer.kind === 'ok') return reportOf(answer.body, attempt.attemptId);
  return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
}

function reportOf(payment: JsonObject, attemptId: string): PspPaymentReport | PspFailure {
  const report = paymentReport(payment);
  if (report === null) return inDoubt('the provider answered without an id or a status');
  return referenceOf(payment) === attemptId ? report : aboutAnother('the provider answered about another reference');
}

/** Only what the payer has not authorized can be cancelled. */
export async function cancelPayment(
  client: BankClient,
  attempt: PspPaymentAttempt,
  nextKey: () => string,
): Promise<CancelPaymentResult> {
  const before = await queryPayment(client, attempt);
  if (before.kind === 'not_found' || isFailure(before)) return before;
  if (before.kind !== 'pending' && before.kind !== 'requires_action') return ended(before.kind);
  const path = `/v3/payments/${encodeURIComponent(attempt.pspReference ?? '')}/actions/cancel`;
  const answer = await client.post(path, {}, nextKey());
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error' && answer.status !== 400) return answer.failure;
  const after = await queryPayment(client, attempt);
  if (after.kind === 'not_found' || isFailure(after)) return after;
  return after.kind === 'pending' || after.kind === 'requires_action' ? { kind: 'received' } : ended(after.kind);
}

function ended(state: PspPaymentReport['kind']): CancelPaymentResult {
  return state === 'canceled' ? { kind: 'canceled' } : { kind: 'too_late', reason: `the payment is ${state}` };
}

/**
 * Looks first whether the refund is there: keys live for some hours, and a refund may have to be
 * repeated later. The key guards against two that run at once.
 */
export async function refundPayment(client: BankClient, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const path = `/v3/payments/${encodeURIComponent(refund.pspReference)}/refunds`;
  const listed = await client.get(path);
  if (listed.kind === 'error' && listed.status === 404) return { kind: 'rejected', reason: listed.failure.reason };
  if (listed.kind !== 'ok') return listed.failure;
  const refunds = objectsOf(listed.body, 'items');
  if (refunds === null) return inDoubt('the provider answered a list without items');
  const made = refunds.find((one) => referenceOf(one) === refund.refundId);
  if (made !== undefined) return refundResult(made) ?? inDoubt('the provider listed a refund without an id');
  const answer = await client.post(
    path,
    {
      amount_in_minor: refund.amountMinor,
      reference: refund.refundId.replace(/[^A-Za-z0-9]/g, '-').slice(-18),
      metadata: { reference: refund.refundId, attempt_id: refund.attemptId },
    },
    refund.idempotencyKey,
  );
  if (answer.kind !== 'ok') return rejectedOr(answer);
  return refundResult(answer.body) ?? inDoubt('the provider answered a refund without an id');
}

function rejectedOr(answer: Exclude<BankAnswer, { kind: 'ok' }>): RefundPaymentResult {
  const isFinal = answer.failure.kind === 'refused' && answer.failure.code === 'invalid_request';
  return isFinal ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
}
