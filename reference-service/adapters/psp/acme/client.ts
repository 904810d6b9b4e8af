/**
 * acme's HTTP conventions: bearer key, JSON, `Idempotency-Key` on every POST, errors as
 * `{code, message}`. Turns an exchange into an answer, a refusal or a doubt; knows nothing
 * of payments. acme has no SDK, so this is the whole client.
 */
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { ExchangeError, exchangeJson } from '../exchange.ts';
import type { JsonAnswer, JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, refused } from '../failures.ts';
import { textOf } from '../fields.ts';

/** `error` keeps acme's code, so that an operation may know better what it means for it. */
export type AcmeAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; status: number; code: string; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

export interface AcmeClient {
  get(path: string): Promise<AcmeAnswer>;
  post(path: string, body: JsonObject, idempotencyKey: string): Promise<AcmeAnswer>;
  /** A file. @throws Error when it cannot be had now */
  download(path: string): Promise<Buffer>;
}

export function createAcmeClient(config: PspConfig, ports: PspAdapterPorts): AcmeClient {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${config.credentials['apiKey'] ?? ''}`,
  };
  const send = async (method: string, path: string, extra: { headers?: Record<string, string>; body?: string }) => {
    try {
      const answer = await exchangeJson(ports.network, {
        method,
        url: `${config.baseUrl}${path}`,
        timeoutMs: ports.timeoutMs,
        headers: { ...headers, ...extra.headers },
        ...(extra.body === undefined ? {} : { body: extra.body }),
      });
      return readAnswer(answer);
    } catch (error) {
      if (error instanceof ExchangeError)
        return { kind: 'no_answer', failure: failureOfExchange(error) } satisfies AcmeAnswer;
      throw error;
    }
  };
  return {
    get: (path) => send('GET', path, {}),
    post: (path, body, idempotencyKey) =>
      send('POST', path, {
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
      }),
    download: async (path) => {
      const answer = await ports.network.request({
        method: 'GET',
        url: `${config.baseUrl}${path}`,
        timeoutMs: ports.timeoutMs,
        headers: { authorization: headers.authorization },
      });
      if (answer.status !== 200) throw new Error(`acme answered ${answer.status} for ${path}`);
      return answer.body;
    },
  };
}

function readAnswer({ status, body }: JsonAnswer): AcmeAnswer {
  if (status >= 200 && status < 300) return { kind: 'ok', body };
  const code = textOf(body, 'code');
  if (code === null) {
    // Not acme's envelope: a gateway between us may have written it after acme had acted.
    return { kind: 'no_answer', failure: inDoubt(`status ${status} without acme's error code`) };
  }
  const reason = `acme answered ${status} ${code}: ${textOf(body, 'message') ?? 'no message'}`;
  return { kind: 'error', status, code, failure: failureOfError(status, code, reason) };
}

function failureOfError(status: number, code: string, reason: string): PspFailure {
  if (status === 429) return refused('rate_limited', reason);
  if (status === 401 || status === 403) return refused('unauthorized', reason);
  // Another body was sent under this key before: what that one did is unknown here.
  if (code === 'idempotency_mismatch') return inDoubt(reason);
  if (status === 400 || status === 404 || status === 422) return refused('invalid_request', reason);
  return inDoubt(reason);
}
