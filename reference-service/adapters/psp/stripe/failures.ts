/**
 * What an error of the Stripe SDK means for money. Stripe stores the answer to an executed
 * request under its key, 500s included, so a 5xx may hide a captured payment; an idempotency
 * error says that ANOTHER request ran under our key. Both are in doubt.
 */
import Stripe from 'stripe';
import type { DeclineClass, PspFailure } from '../../../ports/psp-adapter.ts';
import { ExchangeError } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, refused } from '../failures.ts';

export type StripeError = InstanceType<typeof Stripe.errors.StripeError>;

/** `error` keeps Stripe's own words, so that an operation may know better what they mean for it. */
export type StripeAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; error: StripeError; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

/** Runs an SDK call and reads its answer as untrusted JSON: the SDK checks no field of it. */
export async function callStripe(call: () => Promise<object>): Promise<StripeAnswer> {
  try {
    return { kind: 'ok', body: { ...(await call()) } };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error.detail instanceof ExchangeError) return { kind: 'no_answer', failure: failureOfExchange(error.detail) };
    return { kind: 'error', error, failure: failureOfStripe(error) };
  }
}

/** Classifies an answer with Stripe's error envelope. Only a listed status is a refusal. */
export function failureOfStripe(error: StripeError): PspFailure {
  const reason = `stripe answered ${error.statusCode ?? 'nothing'} ${error.code ?? error.rawType ?? ''}: ${error.message}`;
  // Stripe's own words for "a request under this key exists": in flight (409), or with other parameters (400).
  if (error.rawType === 'idempotency_error' || error.code === 'idempotency_key_in_use') return inDoubt(reason);
  switch (error.statusCode) {
    case 429:
      return refused('rate_limited', reason);
    case 401:
    case 403:
      return refused('unauthorized', reason);
    case 400:
      return error.code === 'rate_limit' ? refused('rate_limited', reason) : refused('invalid_request', reason);
    case 404:
    case 422:
      return refused('invalid_request', reason);
    default:
      return inDoubt(reason);
  }
}

/** Declines in which the issuer did not judge the card; Stripe's advice for them is to try again (docs.stripe.com/declines/codes). */
const TECHNICAL_DECLINES: ReadonlySet<string> = new Set([
  'processing_error',
  'issuer_not_available',
  'reenter_transaction',
  'try_again_later',
]);

export function stripeDeclineClass(code: string): DeclineClass {
  return TECHNICAL_DECLINES.has(code) ? 'technical' : 'issuer';
}
