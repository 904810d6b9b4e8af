/**
 * One JSON exchange with a PSP over the kernel's network, and the single place that says
 * what an unusable answer means for money: every failure carries `requestMayHaveArrived`.
 * The SDKs of Stripe, Adyen and PayPal get this as their transport, the acme client uses it directly.
 * It never retries and never sleeps: repeating a money request is the application's decision.
 */
import { NetworkError } from '../../../kernel/index.ts';
import type { HttpRequest, Network, NetworkErrorKind } from '../../../kernel/index.ts';

export type JsonObject = Record<string, unknown>;

export interface JsonAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: JsonObject;
}

/**
 * Why there is no usable answer. A `NetworkErrorKind` when the exchange itself failed;
 * `unreadable` when bytes came back that are not a JSON object (an HTML error page, a
 * truncated document); `foreign` when the JSON is not in the PSP's own format, so somebody
 * between us and the PSP may have written it.
 */
export type ExchangeFailure = NetworkErrorKind | 'unreadable' | 'foreign';

/** A PSP exchange without a usable answer. `status` is null when no status line arrived. */
export class ExchangeError extends Error {
  readonly failure: ExchangeFailure;
  readonly status: number | null;
  readonly requestMayHaveArrived: boolean;
  constructor(options: { failure: ExchangeFailure; message: string; requestMayHaveArrived: boolean; status?: number }) {
    super(options.message);
    this.name = 'ExchangeError';
    this.failure = options.failure;
    this.status = options.status ?? null;
    this.requestMayHaveArrived = options.requestMayHaveArrived;
  }
}

/** How much of an unreadable body goes into a message: enough to recognise a proxy's page. */
const EXCERPT_LENGTH = 80;

/**
 * Sends `request` and reads a JSON object back, whatever the status.
 * @throws ExchangeError for everything else; nothing but that is ever thrown.
 */
export async function exchangeJson(network: Network, request: HttpRequest): Promise<JsonAnswer> {
  const answer = await network.request(request).catch((error: unknown) => {
    throw asExchangeError(error);
  });
  const text = answer.body.toString('utf8');
  const body = parseObject(text);
  if (body === null) {
    throw new ExchangeError({
      failure: 'unreadable',
      status: answer.status,
      requestMayHaveArrived: true,
      message: `status ${answer.status} with a body that is not a JSON object: ${JSON.stringify(text.slice(0, EXCERPT_LENGTH))}`,
    });
  }
  return { status: answer.status, headers: answer.headers, body };
}

/** A JSON object, or null for anything else: broken JSON, an array, a bare string, `null`. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error of unknown make counts as "may have arrived": the careful reading. */
export function asExchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  if (error instanceof NetworkError) {
    return new ExchangeError({
      failure: error.kind,
      message: error.message,
      requestMayHaveArrived: error.requestMayHaveArrived,
    });
  }
  return new ExchangeError({ failure: 'protocol', message: String(error), requestMayHaveArrived: true });
}
