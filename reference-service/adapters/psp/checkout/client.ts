/**
 * Checkout.com's HTTP conventions: bearer key, JSON, `Cko-Idempotency-Key` on POST, errors as
 * `{request_id, error_type, error_codes}`. Turns an exchange into an answer, a refusal or a
 * doubt; knows nothing of payments.
 *
 * The official SDK (checkout-sdk-node 5.2) is not used: it sends through the global `fetch` or
 * through axios' own sockets, and neither can be replaced from outside.
 */
import type { HttpResponse } from '../../../../kernel/index.ts';
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { asExchangeError, parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, refused } from '../failures.ts';
import { textOf } from '../fields.ts';

/** `error` keeps Checkout.com's codes, so that an operation may know better what they mean for it. */
export type CheckoutAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; status: number; codes: readonly string[]; bare: boolean; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

export interface CheckoutClient {
  get(path: string): Promise<CheckoutAnswer>;
  post(path: string, body: JsonObject, idempotencyKey: string): Promise<CheckoutAnswer>;
  /** The bytes of a 200, whatever they are; null when they cannot be had. */
  download(path: string): Promise<Buffer | null>;
}

export function createCheckoutClient(config: PspConfig, ports: PspAdapterPorts): CheckoutClient {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${config.credentials['secretKey'] ?? ''}`,
  };
  const exchange = (method: string, path: string, extra: { headers?: Record<string, string>; body?: string }) =>
    ports.network.request({
      method,
      url: `${config.baseUrl}${path}`,
      timeoutMs: ports.timeoutMs,
      headers: { ...headers, ...extra.headers },
      ...(extra.body === undefined ? {} : { body: extra.body }),
    });
  const send = async (...request: Parameters<typeof exchange>): Promise<CheckoutAnswer> => {
    try {
      return readAnswer(await exchange(...request));
    } catch (error) {
      return { kind: 'no_answer', failure: failureOfExchange(asExchangeError(error)) };
    }
  };
  return {
    get: (path) => send('GET', path, {}),
    post: (path, body, idempotencyKey) =>
      send('POST', path, {
        headers: { 'content-type': 'application/json', 'cko-idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
    download: async (path) => {
      const answer = await exchange('GET', path, { headers: { accept: '*/*' } }).catch(() => null);
      return answer?.status === 200 ? answer.body : null;
    },
  };
}

/** Checkout.com answers these without a body (its own words end up in a header only). */
const BARE_STATUSES: ReadonlySet<number> = new Set([401, 403, 404]);

function readAnswer({ status, headers, body: bytes }: HttpResponse): CheckoutAnswer {
  const text = bytes.toString('utf8');
  // Without its request id an empty answer could come from anybody on the way.
  if (text === '' && BARE_STATUSES.has(status) && headers['cko-request-id'] !== undefined) {
    return { kind: 'error', status, codes: [], bare: true, failure: failureOfError(status, []) };
  }
  const body = parseObject(text);
  if (body === null) return noAnswer(`unreadable: status ${status} with a body that is not a JSON object`);
  if (status >= 200 && status < 300) return { kind: 'ok', body };
  if (textOf(body, 'error_type') === null)
    return noAnswer(`foreign: status ${status} without Checkout.com's error type`);
  const given: unknown = body['error_codes'];
  const codes = Array.isArray(given) ? given.filter((code): code is string => typeof code === 'string') : [];
  return { kind: 'error', status, codes, bare: false, failure: failureOfError(status, codes) };
}

function noAnswer(reason: string): CheckoutAnswer {
  return { kind: 'no_answer', failure: inDoubt(reason) };
}

/** Refusals are not kept under their key: the same request may be sent again. */
function failureOfError(status: number, codes: readonly string[]): PspFailure {
  const reason = `checkout answered ${status} ${codes.join(', ')}`.trim();
  switch (status) {
    case 429:
      return refused('rate_limited', reason);
    case 401:
    case 403:
      return refused('unauthorized', reason);
    case 400:
    case 404:
    case 422:
      return refused('invalid_request', reason);
    default:
      return inDoubt(reason);
  }
}
