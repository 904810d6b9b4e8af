/**
 * What an error of an Adyen call means for money. Refusals by the issuer are not errors here
 * (Adyen answers them with 200); these are requests that Adyen did not execute, or doubts.
 */
import type { DeclineClass, PspFailure } from '../../../ports/psp-adapter.ts';
import { ExchangeError } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, refused } from '../failures.ts';
import { AdyenApiError } from './network-http-client.ts';

/** "Request already processed or in progress": another request under this key exists. */
const SAME_KEY_IN_USE = '704';

export type AdyenAnswer =
  { kind: 'ok'; body: JsonObject } | { kind: 'failed'; failure: PspFailure; error: AdyenApiError | null };

/** Runs an SDK call and reads its answer as untrusted JSON: the SDK checks no field of it. */
export async function callAdyen(call: () => Promise<object>): Promise<AdyenAnswer> {
  try {
    return { kind: 'ok', body: { ...(await call()) } };
  } catch (error) {
    if (error instanceof ExchangeError) return { kind: 'failed', failure: failureOfExchange(error), error: null };
    if (error instanceof AdyenApiError) return { kind: 'failed', failure: failureOfAdyen(error), error };
    throw error;
  }
}

/** Classifies an answer in Adyen's error format. Only a listed status is a refusal. */
export function failureOfAdyen(error: AdyenApiError): PspFailure {
  if (error.errorCode === SAME_KEY_IN_USE) return inDoubt(error.message);
  // Before the header is looked at: a rate limit is transient too, but certain.
  if (error.status === 429) return refused('rate_limited', error.message);
  if (error.transient) return inDoubt(error.message);
  switch (error.status) {
    case 401:
    case 403:
      return refused('unauthorized', error.message);
    case 400:
    case 404:
    case 422:
      return refused('invalid_request', error.message);
    default:
      return inDoubt(error.message);
  }
}

/**
 * Refusal codes in which the issuer did not judge the card: 4 acquirer error, 9 issuer
 * unavailable, 21 not submitted (docs.adyen.com, refusal reasons).
 */
const TECHNICAL_REFUSALS: ReadonlySet<string> = new Set(['4', '9', '21']);

export function adyenDeclineClass(resultCode: string, refusalReasonCode: string | null): DeclineClass {
  return resultCode === 'Error' || TECHNICAL_REFUSALS.has(refusalReasonCode ?? '') ? 'technical' : 'issuer';
}
