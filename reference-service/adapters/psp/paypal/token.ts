/**
 * PayPal's access token: fetched with client id and secret, used until shortly before it ends.
 * Several calls may fetch one each at the beginning: waiting for each other's would be no faster,
 * and one lost answer would fail them all. Without a token the request that needed it was never sent, so whatever
 * went wrong here the payment itself was not reached.
 */
import type { PspAdapterPorts, PspConfig, PspFailure } from '../../../ports/psp-adapter.ts';
import { asExchangeError, exchangeJson } from '../exchange.ts';
import { notReached, refused } from '../failures.ts';
import { integerOf, textOf } from '../fields.ts';

/** No token could be had; `failure` is what that means for the call that wanted it. */
export class NoTokenError extends Error {
  readonly failure: PspFailure;
  constructor(failure: PspFailure) {
    super(failure.reason);
    this.name = 'NoTokenError';
    this.failure = failure;
  }
}

export interface TokenSource {
  /** @throws NoTokenError */
  get(): Promise<string>;
  /** PayPal does not take it any more: the next call fetches another one. */
  forget(token: string): void;
}

/** A token that ends while the request is under way would be refused. */
const MARGIN_MS = 60_000;

export function createTokenSource(config: PspConfig, ports: PspAdapterPorts): TokenSource {
  let known: { token: string; untilMs: number } | null = null;
  const fetchToken = async (): Promise<string> => {
    const fetched = await requestToken(config, ports);
    known = { token: fetched.token, untilMs: ports.clock.now() + fetched.lifeMs - MARGIN_MS };
    return fetched.token;
  };
  return {
    get: () => {
      if (known !== null && ports.clock.now() < known.untilMs) return Promise.resolve(known.token);
      return fetchToken();
    },
    forget: (token) => {
      if (known?.token === token) known = null;
    },
  };
}

async function requestToken(config: PspConfig, ports: PspAdapterPorts): Promise<{ token: string; lifeMs: number }> {
  const { clientId = '', clientSecret = '' } = config.credentials;
  const answer = await exchangeJson(ports.network, {
    method: 'POST',
    url: `${config.baseUrl}/v1/oauth2/token`,
    timeoutMs: ports.timeoutMs,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  }).catch((error: unknown) => {
    throw new NoTokenError(notReached(`no access token: ${asExchangeError(error).message}`));
  });
  const { status, body } = answer;
  const token = textOf(body, 'access_token');
  if (status === 200 && token !== null) return { token, lifeMs: (integerOf(body, 'expires_in') ?? 0) * 1000 };
  const reason = `no access token: paypal answered ${status} ${textOf(body, 'error') ?? textOf(body, 'name') ?? ''}`;
  if (status === 401) throw new NoTokenError(refused('unauthorized', reason));
  if (status === 429) throw new NoTokenError(refused('rate_limited', reason));
  throw new NoTokenError(notReached(reason));
}
