/**
 * TrueLayer's HTTP conventions: an OAuth token by client credentials, JSON, and on every POST an
 * `Idempotency-Key` and a signature over path, key and body. Errors are problem details. There is
 * no official Node SDK to build on. Turns an exchange into an answer, a refusal or a doubt; knows
 * nothing of payments.
 */
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { asExchangeError, parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';
import { failureOfExchange, inDoubt, notReached, refused } from '../failures.ts';
import { integerOf, textOf } from '../fields.ts';
import { signingKey, signRequest } from './jws.ts';
import type { SigningKey } from './jws.ts';

/** `error` keeps the title, so that an operation may know better what it means for it. */
export type BankAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'error'; status: number; title: string; failure: PspFailure }
  | { kind: 'no_answer'; failure: PspFailure };

export interface BankClient {
  get(path: string): Promise<BankAnswer>;
  post(path: string, body: JsonObject, idempotencyKey: string): Promise<BankAnswer>;
  /** The bytes of a 200, whatever they are. @throws Error for everything else */
  download(path: string): Promise<Buffer>;
}

/** A token is not used in its last minute: the call that carries it takes a while. */
const TOKEN_MARGIN_MS = 60_000;

export function createBankClient(config: PspConfig, ports: PspAdapterPorts): BankClient {
  const { clock, network, timeoutMs } = ports;
  const { clientId = '', clientSecret = '', authUrl = config.baseUrl } = config.credentials;
  const key = signingKeyOf(config);
  let token: { text: string; untilMs: number } | null = null;

  /** A token that will hold for this call. Nothing of the call itself has been sent when there is none. */
  async function authorize(): Promise<{ authorization: string } | PspFailure> {
    const fixed = config.credentials['accessToken'];
    if (clientSecret === '' && fixed !== undefined) return { authorization: `Bearer ${fixed}` };
    if (token === null || token.untilMs <= clock.now()) {
      const fetched = await fetchToken();
      if ('kind' in fetched) return fetched;
      token = fetched;
    }
    return { authorization: `Bearer ${token.text}` };
  }

  // Several calls may fetch one each at the beginning: waiting for each other's would be no faster.
  async function fetchToken(): Promise<{ text: string; untilMs: number } | PspFailure> {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, scope: 'payments' });
    form.set('client_secret', clientSecret);
    try {
      const { status, body } = await network.request({
        method: 'POST',
        url: `${authUrl}/connect/token`,
        timeoutMs,
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });
      const answer = parseObject(body.toString('utf8'));
      const text = textOf(answer, 'access_token');
      if (status === 200 && text !== null)
        return { text, untilMs: clock.now() + (integerOf(answer, 'expires_in') ?? 0) * 1000 - TOKEN_MARGIN_MS };
      const isOurs = status === 400 || status === 401 || status === 403;
      const reason = `no access token: status ${status} ${textOf(answer, 'error') ?? ''}`;
      return isOurs ? refused('unauthorized', reason) : notReached(reason);
    } catch (error) {
      return notReached(`no access token: ${asExchangeError(error).message}`);
    }
  }

  async function send(
    method: 'GET' | 'POST',
    path: string,
    more: { body?: string; headers?: Record<string, string> } = {},
  ): Promise<BankAnswer> {
    const authorized = await authorize();
    if ('kind' in authorized) return { kind: 'no_answer', failure: authorized };
    try {
      const { status, body } = await network.request({
        method,
        url: `${config.baseUrl}${path}`,
        timeoutMs,
        headers: { accept: 'application/json', ...authorized, ...more.headers },
        ...(more.body === undefined ? {} : { body: more.body }),
      });
      // It was taken back, or never was one; the next call asks for another.
      if (status === 401) token = null;
      return readAnswer(status, body.toString('utf8'));
    } catch (error) {
      return { kind: 'no_answer', failure: failureOfExchange(asExchangeError(error)) };
    }
  }

  return {
    get: (path) => send('GET', path),
    async post(path, content, idempotencyKey) {
      if (key === null)
        return { kind: 'no_answer', failure: refused('unauthorized', 'signingPrivateKey is no EC key in PEM') };
      const body = JSON.stringify(content);
      const signed = {
        method: 'POST',
        path: new URL(`${config.baseUrl}${path}`).pathname,
        headers: [['Idempotency-Key', idempotencyKey] as const],
        body,
      };
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        'tl-signature': signRequest(signed, key),
      };
      return send('POST', path, { body, headers });
    },
    async download(path) {
      const authorized = await authorize();
      if ('kind' in authorized) throw new Error(authorized.reason);
      const answer = await network.request({
        method: 'GET',
        url: `${config.baseUrl}${path}`,
        timeoutMs,
        headers: { accept: '*/*', ...authorized },
      });
      if (answer.status !== 200) throw new Error(`status ${answer.status} for ${path}`);
      return answer.body;
    },
  };
}

function signingKeyOf({ credentials }: PspConfig): SigningKey | null {
  try {
    return signingKey(credentials['signingKeyId'] ?? '', credentials['signingPrivateKey'] ?? '');
  } catch {
    return null;
  }
}

function readAnswer(status: number, text: string): BankAnswer {
  const body = status === 202 && text === '' ? {} : parseObject(text);
  if (status >= 200 && status < 300 && body !== null) return { kind: 'ok', body };
  const title = textOf(body, 'title');
  if (body === null || title === null || integerOf(body, 'status') !== status) {
    // Not the provider's problem document: a gateway between us may have written it after the call was executed.
    return { kind: 'no_answer', failure: inDoubt(`status ${status} without a problem document`) };
  }
  const reason = `the provider answered ${status} ${title}: ${textOf(body, 'detail') ?? ''}${fieldsOf(body)}`;
  return { kind: 'error', status, title, failure: failureOfProblem(status, title, reason) };
}

function fieldsOf(body: JsonObject): string {
  return body['errors'] === undefined ? '' : ` ${JSON.stringify(body['errors']).slice(0, 200)}`;
}

function failureOfProblem(status: number, title: string, reason: string): PspFailure {
  if (status === 429) return refused('rate_limited', reason);
  if (status === 401 || status === 403) return refused('unauthorized', reason);
  // Another request ran under this key before: what that one did is unknown here.
  if (/idempotency-key/i.test(title)) return inDoubt(reason);
  if (status === 400 || status === 404 || status === 422) return refused('invalid_request', reason);
  return inDoubt(reason);
}
