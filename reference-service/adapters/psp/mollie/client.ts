/**
 * The official Mollie SDK over the kernel's network. The SDK makes the request (paths, fields,
 * authorization); the answer is read here, not by the SDK: its models refuse a whole answer for
 * one field that they do not expect, and a paid payment must not become a doubt because Mollie
 * added something. Also closed here: the SDK's own retries, its time-outs, and the random key that
 * it puts on every call. No timers and no sockets of its own.
 */
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { asExchangeError, ExchangeError, parseObject } from '../exchange.ts';
import type { JsonAnswer, JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, refused } from '../failures.ts';
import { integerOf, textOf } from '../fields.ts';
import type * as Sdk from './sdk.ts';

export type MollieSdk = typeof Sdk;
export type MollieCore = InstanceType<MollieSdk['ClientCore']>;

/** `error` keeps Mollie's sentence, so that an operation may know better what it means for it. */
export type MollieAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; status: number; detail: string; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

export interface MollieClient {
  /** Settles when the SDK is loaded. */
  ready(): Promise<void>;
  /** One call of the SDK. `make` returns what the SDK makes of the answer, which is not used. */
  call(make: (sdk: MollieSdk, core: MollieCore) => PromiseLike<unknown>): Promise<MollieAnswer>;
}

export function createMollieClient(config: PspConfig, ports: PspAdapterPorts): MollieClient {
  const loading = import('./sdk.ts');
  return {
    async ready() {
      await loading;
    },
    async call(make) {
      const sdk = await loading;
      const seen: { answer?: JsonAnswer; error?: ExchangeError } = {};
      const httpClient = new sdk.HTTPClient({
        fetcher: async (input, init) => {
          try {
            seen.answer = await send(new Request(input, init), ports);
          } catch (error) {
            seen.error = asExchangeError(error);
          }
          return new Response(null, { status: 204 });
        },
      });
      const core = new sdk.ClientCore({
        serverURL: config.baseUrl,
        security: { apiKey: config.credentials['apiKey'] ?? '' },
        retryConfig: { strategy: 'none' },
        httpClient,
      });
      const made = await make(sdk, core);
      if (seen.error !== undefined) return { kind: 'no_answer', failure: failureOfExchange(seen.error) };
      if (seen.answer !== undefined) return readAnswer(seen.answer);
      // Nothing was sent: the SDK did not accept what it was given.
      return { kind: 'no_answer', failure: refused('invalid_request', `mollie's SDK made no request: ${said(made)}`) };
    },
  };
}

/** The SDK's functions give `{ok: false, error}` and do not throw. */
function said(made: unknown): string {
  const error = typeof made === 'object' && made !== null && 'error' in made ? made.error : null;
  return error instanceof Error ? error.message : 'it did not say why';
}

/** Request headers that say something about the request; the others are about this machine, or random. */
const SENT_HEADERS: readonly string[] = ['accept', 'authorization', 'content-type'];

/** @throws whatever the network throws, and ExchangeError for an answer that is not Mollie's */
async function send(request: Request, ports: PspAdapterPorts): Promise<JsonAnswer> {
  const { method, url } = request;
  const headers = Object.fromEntries([...request.headers].filter(([name]) => SENT_HEADERS.includes(name)));
  // Mollie deduplicates POST only; on every other call the SDK's key is a random one.
  const key = request.headers.get('idempotency-key');
  if (method === 'POST' && key !== null) headers['idempotency-key'] = key;
  const body = await request.text();
  const answer = await ports.network.request({
    method,
    url,
    timeoutMs: ports.timeoutMs,
    headers,
    ...(body === '' ? {} : { body }),
  });
  const text = answer.body.toString('utf8');
  // Accepted, without a body: the release of an authorization.
  const read = answer.status === 202 && text === '' ? {} : parseObject(text);
  if (read === null) {
    throw new ExchangeError({
      failure: 'unreadable',
      status: answer.status,
      requestMayHaveArrived: true,
      message: `status ${answer.status} with a body that is not a JSON object: ${JSON.stringify(text.slice(0, 80))}`,
    });
  }
  return { status: answer.status, headers: answer.headers, body: read };
}

function readAnswer({ status, body }: JsonAnswer): MollieAnswer {
  if (status >= 200 && status < 300) return { kind: 'ok', body };
  const title = textOf(body, 'title');
  if (integerOf(body, 'status') !== status || title === null) {
    // Not Mollie's error object: a gateway between us may have written it after Mollie had acted.
    return { kind: 'no_answer', failure: inDoubt(`status ${status} without mollie's error object`) };
  }
  const detail = textOf(body, 'detail') ?? title;
  const field = textOf(body, 'field');
  const reason = `mollie answered ${status}: ${detail}${field === null ? '' : ` (${field})`}`;
  return { kind: 'error', status, detail, failure: failureOfError(status, detail, reason) };
}

function failureOfError(status: number, detail: string, reason: string): PspFailure {
  if (status === 429) return refused('rate_limited', reason);
  if (status === 401 || status === 403) return refused('unauthorized', reason);
  // Another request ran under this key before: what that one did is unknown here.
  if (status === 400 && /idempotency/i.test(detail)) return inDoubt(reason);
  if (status === 400 || status === 404 || status === 422) return refused('invalid_request', reason);
  return inDoubt(reason);
}
