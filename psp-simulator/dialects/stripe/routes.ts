/**
 * The map of what is simulated of Stripe: path → neutral operation → handler. Everything else
 * is answered as an unrecognized URL. The literal `search` stands before `{id}`: first match wins.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { intentIdOfCharge } from './details.ts';
import { referenceIn } from './fields.ts';
import { text, textMap, type FormFields } from './form.ts';
import { listIntents, retrieveIntent, searchIntents } from './intent-reads.ts';
import { cancelIntent, captureIntent, confirmIntent, createIntent, updateIntent } from './payment-intents.ts';
import { cancelPayout, createPayout, listPayouts, retrievePayout } from './payouts.ts';
import { createRefund, listRefunds, refundedPayment, retrieveRefund } from './refunds.ts';
import { listCharges, listEvents, retrieveBalance, retrieveCharge, retrieveEvent } from './side-reads.ts';

type ReferenceOf = (call: Call) => string | null;

const none: ReferenceOf = () => null;
const ofMetadata: ReferenceOf = (call) => referenceIn(textMap(call.body as FormFields, 'metadata'));
const ofIntent: ReferenceOf = (call) => call.psp.bank.findPayment(call.params['id'] ?? '')?.reference ?? null;
const ofCharge: ReferenceOf = (call) =>
  call.psp.bank.findPayment(intentIdOfCharge(call.params['id'] ?? ''))?.reference ?? null;
const ofRefund: ReferenceOf = (call) => {
  const refund = call.psp.bank.findRefund(call.params['id'] ?? '');
  return refund === undefined ? null : (call.psp.bank.findPayment(refund.paymentPspReference)?.reference ?? null);
};
const ofPayout: ReferenceOf = (call) => call.psp.bank.findPayout(call.params['id'] ?? '')?.reference ?? null;
const ofNewRefund: ReferenceOf = (call) => refundedPayment(call)?.reference ?? ofMetadata(call);
const ofQuery: ReferenceOf = (call) => {
  const query = text({ query: call.request.query.get('query') ?? '' }, 'query');
  return /metadata\[['"](?:reference|order)['"]\]:['"]([^'"]*)['"]/.exec(query ?? '')?.[1] ?? null;
};

function route(
  method: 'GET' | 'POST',
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: ReferenceOf,
): Route {
  return { method, path, operation, handle, referenceOf };
}

export const stripeRoutes: readonly Route[] = [
  route('POST', '/v1/payment_intents', 'create-payment', createIntent, ofMetadata),
  route('GET', '/v1/payment_intents', 'list-payments', listIntents, none),
  route('GET', '/v1/payment_intents/search', 'list-payments', searchIntents, ofQuery),
  route('GET', '/v1/payment_intents/{id}', 'get-payment', retrieveIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}', 'write-other', updateIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/confirm', 'confirm-payment', confirmIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/capture', 'capture', captureIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/cancel', 'void', cancelIntent, ofIntent),
  route('POST', '/v1/refunds', 'refund', createRefund, ofNewRefund),
  route('GET', '/v1/refunds', 'list-refunds', listRefunds, none),
  route('GET', '/v1/refunds/{id}', 'get-refund', retrieveRefund, ofRefund),
  route('POST', '/v1/payouts', 'create-payout', createPayout, ofMetadata),
  route('GET', '/v1/payouts', 'list-payouts', listPayouts, none),
  route('GET', '/v1/payouts/{id}', 'get-payout', retrievePayout, ofPayout),
  route('POST', '/v1/payouts/{id}/cancel', 'write-other', cancelPayout, ofPayout),
  route('GET', '/v1/charges', 'read-other', listCharges, none),
  route('GET', '/v1/charges/{id}', 'read-other', retrieveCharge, ofCharge),
  route('GET', '/v1/events', 'read-other', listEvents, none),
  route('GET', '/v1/events/{id}', 'read-other', retrieveEvent, none),
  route('GET', '/v1/balance', 'read-other', retrieveBalance, none),
];
