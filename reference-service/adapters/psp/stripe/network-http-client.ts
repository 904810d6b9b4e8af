/**
 * The official Stripe SDK's transport over the kernel's network. It exists to close four
 * doors of the SDK (stripe 23.1): a closed socket is retried even with retries switched off,
 * a 5xx or 4xx without an `error` envelope resolves as success, a JSON answer that is not an
 * object never settles, and the user agent describes the machine it runs on.
 * No timers and no sockets of its own; the SDK's time-out is ignored in favour of the network's.
 */
import Stripe from 'stripe';
import type { PspAdapterPorts } from '../../../ports/psp-adapter.ts';
import { ExchangeError, exchangeJson, isObject } from '../exchange.ts';
import type { JsonAnswer } from '../exchange.ts';

type HttpClient = Stripe.HttpClient;
type HttpClientResponse = Stripe.HttpClientResponse;

/** Answer headers that the SDK needs. `stripe-notice` would make it print, `stripe-should-retry` is not its to decide. */
const PASSED_HEADERS: readonly string[] = [
  'request-id',
  'stripe-version',
  'stripe-account',
  'idempotency-key',
  'idempotent-replayed',
];

/** Request headers that would tell about this machine instead of about the request. */
const DROPPED_HEADERS: ReadonlySet<string> = new Set([
  'x-stripe-client-user-agent',
  'x-stripe-client-telemetry',
  'user-agent',
]);

/**
 * A transport to `baseUrl` (which wins over the SDK's host, port and protocol). Its failures
 * are `ExchangeError`s, which the SDK hands on as `detail` of a StripeConnectionError: they
 * carry no `code`, so the SDK does not take them for a closed socket and does not retry.
 */
export function createNetworkHttpClient(baseUrl: string, ports: PspAdapterPorts): HttpClient {
  return {
    getClientName: () => 'network',
    makeRequest: async (_host, _port, path, method, headers, requestData) => {
      const answer = await exchangeJson(ports.network, {
        method,
        url: `${baseUrl}${path}`,
        timeoutMs: ports.timeoutMs,
        headers: wireHeaders(headers),
        ...(method === 'POST' ? { body: requestData } : {}),
      });
      refuseForeignError(answer);
      return toSdkResponse(answer);
    },
  };
}

function wireHeaders(headers: object): Record<string, string> {
  const wire: Record<string, string> = { 'user-agent': `Stripe/v1 NodeBindings/${Stripe.PACKAGE_VERSION}` };
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!DROPPED_HEADERS.has(key)) wire[key] = String(value);
  }
  return wire;
}

/** An error status without Stripe's envelope did not come from Stripe's API; the SDK would call it a success. */
function refuseForeignError({ status, body }: JsonAnswer): void {
  if (status >= 200 && status < 300) return;
  if (isObject(body['error'])) return;
  throw new ExchangeError({
    failure: 'foreign',
    status,
    requestMayHaveArrived: true,
    message: `status ${status} without Stripe's error envelope`,
  });
}

function toSdkResponse({ status, headers, body }: JsonAnswer): HttpClientResponse {
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => PASSED_HEADERS.includes(name)));
  return {
    getStatusCode: () => status,
    getHeaders: () => passed,
    getRawResponse: () => ({ statusCode: status, headers: passed }),
    toStream: () => {
      throw new Error('bug: this transport does not stream');
    },
    toJSON: () => Promise.resolve(body),
  };
}
