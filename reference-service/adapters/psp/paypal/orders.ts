/**
 * Orders: created with what is paid with, approved by the payer on PayPal's page or by his bank,
 * then completed by our own call, which is what moves money. Whoever finds an approved order
 * completes it: the payer's return, the event of the approval, the status query. All of them use
 * one key, and an order is completed once.
 */
import { CheckoutPaymentIntent } from '@paypal/paypal-server-sdk';
import type {
  CreatePaymentResult,
  PspFailure,
  PspPaymentAttempt,
  QueryPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, derivedKey, inDoubt, isFailure, refused } from '../failures.ts';
import { unknownToken } from '../neutral.ts';
import type { PaypalAnswer, PaypalClient } from './client.ts';
import { isDecline, paypalDeclineClass } from './failures.ts';
import { toPaypalValue } from './money.ts';
import { orderReference, orderReport, passedThreeDs } from './reports.ts';
import type { OrderReport } from './reports.ts';
import { paymentSource } from './sources.ts';

export async function createPayment(
  client: PaypalClient,
  attempt: PspPaymentAttempt,
  returnUrl: string,
): Promise<CreatePaymentResult> {
  const value = toPaypalValue(attempt);
  if (value === null) return refused('invalid_request', cannotExpress('paypal', attempt));
  const source = paymentSource(attempt, returnUrl);
  if (source === null) return unknownToken('paypal', attempt.token);
  const answer = await client.createOrder(
    {
      intent: attempt.capture === 'manual' ? CheckoutPaymentIntent.Authorize : CheckoutPaymentIntent.Capture,
      purchaseUnits: [
        {
          customId: attempt.attemptId,
          // PayPal pays an invoice once: this holds beyond the life of the key.
          invoiceId: attempt.attemptId,
          amount: { currencyCode: attempt.currency, value },
        },
      ],
      paymentSource: source,
    },
    attempt.idempotencyKey,
  );
  const result = await readOrder(client, attempt, answer);
  // The order is there, and whoever asks about it completes it: the refusal of a later call refuses nothing.
  const isLeftOpen = answer.kind === 'ok' && isFailure(result) && result.kind !== 'in_doubt';
  return isLeftOpen ? inDoubt(result.reason) : result;
}

/** Asks by the order's id; PayPal knows no other question. */
export async function queryPayment(client: PaypalClient, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  if (attempt.pspReference === null)
    return refused('unsupported', 'paypal is asked by the id of its order, which is not known');
  const answer = await client.getOrder(attempt.pspReference);
  if (answer.kind === 'error' && answer.error.status === 404) return { kind: 'not_found' };
  return readOrder(client, attempt, answer);
}

/** The payer is back. PayPal's query names the order as `token`; it is believed only as far as PayPal says the same. */
export async function submitReturn(
  client: PaypalClient,
  attempt: PspPaymentAttempt,
  query: Record<string, string>,
): Promise<CreatePaymentResult> {
  const id = attempt.pspReference ?? query['token'] ?? '';
  if (id === '') return refused('invalid_request', 'the payer came back without the id of an order');
  const result = await queryPayment(client, { ...attempt, pspReference: id });
  return result.kind === 'not_found' ? refused('invalid_request', 'paypal knows no such order') : result;
}

async function readOrder(
  client: PaypalClient,
  attempt: PspPaymentAttempt,
  answer: PaypalAnswer,
): Promise<CreatePaymentResult> {
  if (answer.kind === 'error') return declineOf(answer, attempt.pspReference) ?? answer.failure;
  if (answer.kind === 'no_answer') return answer.failure;
  const report = reportOf(answer.body, attempt);
  if (isFailure(report) || report.kind !== 'approved_by_payer') return report;
  const { pspReference } = report;
  // Never completed, it comes to nothing by itself.
  if (!passedThreeDs(answer.body))
    return { kind: 'declined', pspReference, code: 'authentication_failed', declineClass: 'issuer' };
  return complete(client, { ...attempt, pspReference });
}

async function complete(
  client: PaypalClient,
  attempt: PspPaymentAttempt & { pspReference: string },
): Promise<CreatePaymentResult> {
  const { pspReference } = attempt;
  const verb = attempt.capture === 'manual' ? 'authorize' : 'capture';
  const answer = await client.completeOrder(pspReference, verb, derivedKey(attempt.idempotencyKey, verb));
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'ok') return settled(reportOf(answer.body, attempt), pspReference);
  const { error, failure } = answer;
  const declined = declineOf(answer, pspReference);
  if (declined !== null) return declined;
  switch (error.issue) {
    case 'ORDER_ALREADY_CAPTURED':
    case 'ORDER_ALREADY_AUTHORIZED':
    case 'ORDER_EXPIRED': {
      const now = await client.getOrder(pspReference);
      return now.kind === 'ok' ? settled(reportOf(now.body, attempt), pspReference) : now.failure;
    }
    case 'PAYER_ACTION_REQUIRED': {
      const redirectUrl = error.link('payer-action');
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    case 'ORDER_NOT_APPROVED':
      return { kind: 'pending', pspReference };
    default:
      return failure;
  }
}

function settled(report: OrderReport | PspFailure, pspReference: string): CreatePaymentResult {
  return report.kind === 'approved_by_payer' ? { kind: 'pending', pspReference } : report;
}

/**
 * A refused account. PayPal would let the payer choose another one on the same page, but nothing
 * is taken without our next call, which is not made: the decline is final for this attempt.
 */
function declineOf(
  { error }: Extract<PaypalAnswer, { kind: 'error' }>,
  pspReference: string | null,
): CreatePaymentResult | null {
  if (!isDecline(error)) return null;
  return { kind: 'declined', pspReference, code: error.issue, declineClass: paypalDeclineClass(error.issue) };
}

/** A 2xx without id or status, or about another reference, proves only that PayPal was reached. */
export function reportOf(order: JsonObject, attempt: PspPaymentAttempt): OrderReport | PspFailure {
  const report = orderReport(order, attempt);
  if (report === null) return inDoubt('paypal answered without an id or a status');
  return orderReference(order) === attempt.attemptId ? report : aboutAnother('paypal answered about another reference');
}
