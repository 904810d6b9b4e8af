/**
 * The official PayPal SDK over the kernel's network, and a few lines for what it has no methods
 * for (payouts). The SDK writes the requests; its sockets, its token handling (one failed token
 * would fail every later call) and its errors (the body of some is lost) are replaced by the
 * transport, and its reading of answers by ours: a field that it does not expect would make a
 * captured payment an exception.
 */
import {
  Client,
  Environment,
  OrdersController,
  PaymentsController,
  type CaptureRequest,
  type OrderRequest,
  type RefundRequest,
} from '@paypal/paypal-server-sdk';
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { ExchangeError, exchangeJson, parseObject } from '../exchange.ts';
import type { JsonAnswer, JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt } from '../failures.ts';
import { failureOfPaypal, PaypalApiError } from './failures.ts';
import { createTokenSource, NoTokenError } from './token.ts';

/** `error` keeps PayPal's own words, so that an operation may know better what they mean for it. */
export type PaypalAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; error: PaypalApiError; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

export interface PaypalClient {
  createOrder(body: OrderRequest, requestId: string): Promise<PaypalAnswer>;
  getOrder(id: string): Promise<PaypalAnswer>;
  /** Takes or authorizes, after the payer's approval, as the order was meant. */
  completeOrder(id: string, verb: 'capture' | 'authorize', requestId: string): Promise<PaypalAnswer>;
  captureAuthorization(id: string, body: CaptureRequest, requestId: string): Promise<PaypalAnswer>;
  voidAuthorization(id: string, requestId: string): Promise<PaypalAnswer>;
  refundCapture(id: string, body: RefundRequest, requestId: string): Promise<PaypalAnswer>;
  get(path: string): Promise<PaypalAnswer>;
  post(path: string, body: JsonObject, requestId: string): Promise<PaypalAnswer>;
}

/** Without it answers show little more than an id. */
const WHOLE = 'return=representation';
/** Request headers that are about the request; the SDK's others tell about this machine. */
const PASSED_HEADERS: readonly string[] = ['accept', 'content-type', 'paypal-request-id', 'prefer'];
const EMPTY_FORM = 'application/x-www-form-urlencoded';

export function createPaypalClient(config: PspConfig, ports: PspAdapterPorts): PaypalClient {
  const tokens = createTokenSource(config, ports);
  /** @throws NoTokenError, ExchangeError, PaypalApiError */
  const send = async (request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body?: string;
  }): Promise<JsonAnswer> => {
    const token = await tokens.get();
    const answer = await exchangeJson(ports.network, {
      method: request.method,
      url: `${config.baseUrl}${request.path}`,
      timeoutMs: ports.timeoutMs,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    if (answer.status === 401) tokens.forget(token);
    throw PaypalApiError.of(answer);
  };
  const sdk = new Client({
    environment: Environment.Sandbox,
    // Never sent: the transport brings its own. A token without an expiry is never refreshed by the SDK.
    clientCredentialsAuthCredentials: {
      oAuthClientId: '',
      oAuthClientSecret: '',
      oAuthToken: { accessToken: 'none', tokenType: 'Bearer' },
    },
    unstable_httpClientOptions: { adapter: createAxiosAdapter(send) },
  });
  const orders = new OrdersController(sdk);
  const payments = new PaymentsController(sdk);
  const direct = (method: string, path: string, body?: JsonObject, requestId?: string): Promise<PaypalAnswer> =>
    read(() =>
      send({
        method,
        path,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(requestId === undefined ? {} : { 'paypal-request-id': requestId }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  return {
    createOrder: (body, paypalRequestId) => readSdk(() => orders.createOrder({ body, paypalRequestId, prefer: WHOLE })),
    getOrder: (id) => readSdk(() => orders.getOrder({ id })),
    completeOrder: (id, verb, paypalRequestId) => {
      const request = { id, paypalRequestId, prefer: WHOLE };
      return readSdk(() => (verb === 'capture' ? orders.captureOrder(request) : orders.authorizeOrder(request)));
    },
    captureAuthorization: (authorizationId, body, paypalRequestId) =>
      readSdk(() => payments.captureAuthorizedPayment({ authorizationId, body, paypalRequestId, prefer: WHOLE })),
    voidAuthorization: (authorizationId, paypalRequestId) =>
      readSdk(() => payments.voidPayment({ authorizationId, paypalRequestId, prefer: WHOLE })),
    refundCapture: (captureId, body, paypalRequestId) =>
      readSdk(() => payments.refundCapturedPayment({ captureId, body, paypalRequestId, prefer: WHOLE })),
    get: (path) => direct('GET', path),
    post: (path, body, requestId) => direct('POST', path, body, requestId),
  };
}

interface AxiosRequest {
  method?: string;
  url?: string;
  headers?: object;
  data?: unknown;
}

/** The SDK's HTTP client is axios, whose transport may be replaced. */
function createAxiosAdapter(
  send: (request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body?: string;
  }) => Promise<JsonAnswer>,
) {
  return async (request: AxiosRequest) => {
    const { pathname, search } = new URL(request.url ?? '');
    const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
    const headers = Object.fromEntries(given.filter(([name = '']) => PASSED_HEADERS.includes(name))) as Record<
      string,
      string
    >;
    // axios calls a call without a body a form, which PayPal documents for none of these.
    if (headers['content-type'] === EMPTY_FORM) headers['content-type'] = 'application/json';
    const answer = await send({
      method: (request.method ?? 'GET').toUpperCase(),
      path: `${pathname}${search}`,
      headers,
      ...(typeof request.data === 'string' ? { body: request.data } : {}),
    });
    const data = JSON.stringify(answer.body);
    return { status: answer.status, statusText: '', headers: answer.headers, config: request, data };
  };
}

/** The text of the answer: also of one that the SDK will not take because it looks otherwise than it knows. */
async function readSdk(call: () => Promise<{ body: unknown }>): Promise<PaypalAnswer> {
  return read(async () => {
    const text = await call().then(
      ({ body }) => body,
      (error: unknown) => {
        // Its ResponseValidationError has no name of its own; it carries the text that it did not like.
        if (error instanceof Error && 'body' in error && typeof error.body === 'string') return error.body;
        throw error;
      },
    );
    const body = typeof text === 'string' ? parseObject(text) : null;
    if (body === null) throw new Error('bug: the transport hands out JSON objects only');
    return { body };
  });
}

async function read(call: () => Promise<{ body: JsonObject }>): Promise<PaypalAnswer> {
  try {
    return { kind: 'ok', body: (await call()).body };
  } catch (error) {
    if (error instanceof PaypalApiError) return { kind: 'error', error, failure: failureOfPaypal(error) };
    if (error instanceof NoTokenError) return { kind: 'no_answer', failure: error.failure };
    if (error instanceof ExchangeError) return { kind: 'no_answer', failure: failureOfExchange(error) };
    // The SDK threw before or after the exchange, nobody can tell which.
    return { kind: 'no_answer', failure: inDoubt(`the SDK failed: ${String(error)}`) };
  }
}
