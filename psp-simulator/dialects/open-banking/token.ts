/**
 * Access tokens: OAuth 2.0 client credentials. A token is its own expiry under a keyed hash, so
 * nothing must be remembered. The `accessToken` of the credentials never expires: for a first
 * try by hand and for tests.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Call, PspAnswer, PspContext, PspRequest } from '../dialect.ts';

export const TOKEN_PATH = '/connect/token';
const LIFE_SECONDS = 3_600;

/** `POST /connect/token`, body as a form or as JSON. Errors in OAuth's own format (RFC 6749, 5.2). */
export function issueToken({ psp, body }: Call): PspAnswer {
  if (body['grant_type'] !== 'client_credentials') return oauthError('unsupported_grant_type');
  const known =
    body['client_id'] === psp.credentials['clientId'] && body['client_secret'] === psp.credentials['clientSecret'];
  if (!known) return oauthError('invalid_client');
  const scope = typeof body['scope'] === 'string' ? body['scope'] : 'payments';
  const expiresAt = Math.floor(psp.nowMs() / 1_000) + LIFE_SECONDS;
  return oauth(200, {
    access_token: `${expiresAt}.${mac(psp, String(expiresAt))}`,
    expires_in: LIFE_SECONDS,
    token_type: 'Bearer',
    scope,
  });
}

/** Throws `PspProblem('unauthorized')`. */
export function checkToken(request: PspRequest, psp: PspContext): void {
  const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) throw new PspProblem('unauthorized', 'The access token is missing.');
  if (token === psp.credentials['accessToken']) return;
  const [expiresAt = '', given = ''] = token.split('.');
  const expected = Buffer.from(mac(psp, expiresAt));
  const presented = Buffer.from(given);
  if (presented.length !== expected.length || !timingSafeEqual(presented, expected))
    throw new PspProblem('unauthorized', 'The access token is invalid.');
  if (Number(expiresAt) * 1_000 <= psp.nowMs()) throw new PspProblem('unauthorized', 'The access token has expired.');
}

function mac(psp: PspContext, expiresAt: string): string {
  const key = `${psp.credentials['clientId'] ?? ''} ${psp.credentials['clientSecret'] ?? ''}`;
  return createHmac('sha256', key).update(`access token until ${expiresAt}`).digest('base64url');
}

function oauthError(error: string): PspAnswer {
  return oauth(400, { error });
}

function oauth(status: number, body: unknown): PspAnswer {
  // RFC 6749, 5.1: a token is never stored on its way; `idempotency.ts` honours it, too.
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
