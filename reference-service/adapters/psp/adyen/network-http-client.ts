/**
 * The official Adyen SDK's transport over the kernel's network. The SDK's own client speaks
 * only https to hard-coded hosts; this one sends the same request to the configured root,
 * hands back only JSON objects with a 2xx status (the SDK would pass an HTML page on as the
 * payment), and turns everything else into an error that says what it means for money.
 * It follows no redirects: a money request goes where it was configured to go.
 */
import type AdyenClientModule from '@adyen/api-library/lib/src/client.js';
import type { PspAdapterPorts } from '../../../ports/psp-adapter.ts';
import { ExchangeError, exchangeJson } from '../exchange.ts';
import type { JsonAnswer } from '../exchange.ts';
import { integerOf, textOf } from '../fields.ts';

type AdyenClient = InstanceType<typeof AdyenClientModule.default>;
type HttpClient = AdyenClient['httpClient'];

/** An answer in Adyen's own error format (`status`, `errorCode`, `message`). */
export class AdyenApiError extends Error {
  readonly status: number;
  readonly errorCode: string | null;
  /** Adyen says that the same request may be sent again later; the first one may still run. */
  readonly transient: boolean;
  constructor(answer: JsonAnswer) {
    const errorCode = textOf(answer.body, 'errorCode');
    super(`adyen answered ${answer.status} ${errorCode ?? ''}: ${textOf(answer.body, 'message') ?? 'no message'}`);
    this.name = 'AdyenApiError';
    this.status = answer.status;
    this.errorCode = errorCode;
    this.transient = answer.headers['transient-error'] === 'true';
  }
}

export function createNetworkHttpClient(baseUrl: string, ports: PspAdapterPorts): HttpClient {
  return {
    request: async (endpoint, json, config, _isApiKeyRequired, options) => {
      const answer = await exchangeJson(ports.network, {
        method: options?.method ?? 'POST',
        url: endpointAt(endpoint, baseUrl),
        timeoutMs: ports.timeoutMs,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-api-key': config.apiKey ?? '',
          ...(options?.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
        },
        body: json,
      });
      if (answer.status >= 200 && answer.status < 300) return JSON.stringify(answer.body);
      throw errorOf(answer);
    },
  };
}

/** Real Adyen has a host per service, which the SDK knows; any other root serves all of them by path. */
function endpointAt(endpoint: string, baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  if (/\.(adyen|adyenpayments)\.com$/.test(hostname)) return endpoint;
  const { pathname, search } = new URL(endpoint);
  return `${baseUrl}${pathname}${search}`;
}

function errorOf(answer: JsonAnswer): AdyenApiError | ExchangeError {
  const isAdyens = integerOf(answer.body, 'status') !== null || textOf(answer.body, 'errorCode') !== null;
  if (isAdyens) return new AdyenApiError(answer);
  return new ExchangeError({
    failure: 'foreign',
    status: answer.status,
    requestMayHaveArrived: true,
    message: `status ${answer.status} without Adyen's error format`,
  });
}
