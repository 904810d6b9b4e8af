/**
 * The provider states of all pacts, in words that a PSP's engineer can act on. `reference` is
 * what we called the thing when it was made; `psp_reference` is the id that the pact's text
 * writes for it, to be replaced by the one that the provider gave.
 */
import type { PactState } from '../index.ts';
import { MONEY } from './examples.ts';

interface Named {
  /** Of what was authorized or captured of a payment, where that has an id of its own. */
  part_reference?: string;
  reference: string;
  psp_reference: string;
}

const money = { amount_minor: MONEY.amountMinor, currency: MONEY.currency };
const about =
  (name: string) =>
  (params: Named): PactState => ({ name, params: { ...params, ...money } });
const about3ds =
  (name: string) =>
  (params: Named & { redirect_result?: string }): PactState => ({ name, params: { ...params, ...money } });
const byKey =
  (name: string) =>
  (idempotency_key: string): PactState => ({ name, params: { idempotency_key } });

export const capturedPayment = about('a captured payment');
export const declinedPayment = about('a declined payment');
export const createdPayment = about('a payment whose payer was not sent to his bank yet');
export const waitingPayment = about('a payment that waits for the cardholder');
export const canceledPayment = about('a canceled payment');
export const refundedPayment = about('a refunded payment');
export const expiredPayment = about('a payment whose cardholder never came back');
export const authorizedPayment = about('an authorized payment that is not captured yet');
export const capturedLater = about('an authorized payment that was captured later');
export const challengePassed = about3ds('a payment whose cardholder passed the challenge');
export const challengeFailed = about3ds('a payment whose cardholder failed the challenge');
export const declinedAfterChallenge = about3ds('a payment that the issuer declined after the challenge');

export const failedRefund = about('a payment whose refund failed');
export const disputed = about('a disputed payment');
export const disputeDefended = about('a disputed payment with our evidence handed in');
export const disputeWon = about('a payment whose dispute was won');
export const disputeLost = about('a payment whose dispute was lost');
export const disputeReversed = about('a payment whose lost dispute was reversed');

/** For events that no ordinary course of a payment brings. */
export const happened =
  (event: string) =>
  (params: Named): PactState => ({ name: 'what the event tells has happened', params: { event, ...params, ...money } });

export const openPayout = about('a payout on its way');
export const paidPayout = about('a paid payout');
export const failedPayout = about('a failed payout');
export const returnedPayout = about('a payout that came back after it was paid');

export const answeredBefore = byKey('the same request was answered before');
export const otherRequestBefore = byKey('another request used this idempotency key');
export const stillAnswering = byKey('the same request is still being answered');

export const rateLimited: PactState = { name: 'calls are rate limited' };
export const failing: PactState = { name: 'the provider fails on every call' };
export const outOfService: PactState = { name: 'the provider is out of service' };
