/**
 * What PayPal's error objects mean for money: `{name, message, details: [{issue}], links}`, where
 * the issue says what it is about. Some issues say that an earlier request has done the same
 * already: those are in doubt, whatever their status.
 */
import type { DeclineClass, PspFailure } from '../../../ports/psp-adapter.ts';
import { ExchangeError } from '../exchange.ts';
import type { JsonAnswer, JsonObject } from '../exchange.ts';
import { inDoubt, refused } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';

export class PaypalApiError extends Error {
  readonly status: number;
  readonly issue: string;
  readonly body: JsonObject;
  private constructor(status: number, name: string, body: JsonObject) {
    const issue = textOf(objectsOf(body, 'details')?.[0] ?? null, 'issue') ?? name;
    super(`paypal answered ${status} ${issue}: ${textOf(body, 'message') ?? 'no message'}`);
    this.name = 'PaypalApiError';
    this.status = status;
    this.issue = issue;
    this.body = body;
  }

  /** An error without PayPal's name for it did not come from PayPal's API. */
  static of({ status, body }: JsonAnswer): PaypalApiError | ExchangeError {
    const name = textOf(body, 'name') ?? textOf(body, 'error');
    if (name !== null) return new PaypalApiError(status, name, body);
    return new ExchangeError({
      failure: 'foreign',
      status,
      requestMayHaveArrived: true,
      message: `status ${status} without PayPal's error format`,
    });
  }

  /** Address of the link with this relation. */
  link(rel: string): string | null {
    return linkOf(this.body, rel);
  }
}

/** Address of an object's link with this relation. */
export function linkOf(body: JsonObject, rel: string): string | null {
  return textOf((objectsOf(body, 'links') ?? []).find((link) => textOf(link, 'rel') === rel) ?? null, 'href');
}

/** An earlier request has the key, or has done what this one asks for. */
const SAYS_DONE: ReadonlySet<string> = new Set([
  'DUPLICATE_INVOICE_ID',
  'DUPLICATE_REQUEST_ID',
  'PAYPAL_REQUEST_ID_PREVIOUSLY_USED',
  'PREVIOUS_REQUEST_IN_PROGRESS',
]);

export function failureOfPaypal({ status, issue, message }: PaypalApiError): PspFailure {
  if (SAYS_DONE.has(issue)) return inDoubt(message);
  switch (status) {
    case 429:
      return refused('rate_limited', message);
    case 401:
    case 403:
      return refused('unauthorized', message);
    case 400:
    case 404:
    case 422:
      return refused('invalid_request', message);
    default:
      return inDoubt(message);
  }
}

/** Issues by which PayPal refuses a payer's account or card; nothing was taken. */
const DECLINES: ReadonlySet<string> = new Set([
  'INSTRUMENT_DECLINED',
  'TRANSACTION_REFUSED',
  'CARD_EXPIRED',
  'CARD_CLOSED',
  'PAYER_CANNOT_PAY',
  'PAYER_ACCOUNT_RESTRICTED',
  'PAYER_ACCOUNT_LOCKED_OR_CLOSED',
  'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING',
  'PAYMENT_DENIED',
]);

export function isDecline({ issue }: PaypalApiError): boolean {
  return DECLINES.has(issue);
}

/**
 * Processor response codes of trouble between PayPal and the issuer; all others judge the card
 * (Orders v2, `processor_response.response_code`).
 */
const TECHNICAL_CODES: ReadonlySet<string> = new Set([
  '5910',
  '5920',
  '7700',
  '8000',
  '8010',
  '8020',
  '8100',
  '8110',
  '8220',
  '9100',
]);

export function paypalDeclineClass(code: string): DeclineClass {
  return TECHNICAL_CODES.has(code) ? 'technical' : 'issuer';
}
