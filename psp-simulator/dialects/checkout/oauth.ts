/**
 * POST /connect/token and the tokens it gives out. A token carries its own end and a keyed
 * digest, so that nothing has to be remembered. Times are the run's.
 */
import { createHmac } from 'node:crypto';
import type { Call, PspAnswer, PspContext, PspRequest } from '../dialect.ts';
import { jsonAnswer, oauthRefusal } from './errors.ts';

export const TOKEN_PATH = '/connect/token';

/** An hour, as Checkout.com's tokens live. */
const TOKEN_LIFE_SECONDS = 3_600;
const DEFAULT_SCOPE = 'gateway';

export function createAccessToken(call: Call): PspAnswer {
  const { body, psp, request } = call;
  if (body['grant_type'] !== 'client_credentials') throw oauthRefusal('unsupported_grant_type');
  const basic = basicCredentials(request);
  const id = basic?.id ?? body['client_id'];
  const secret = basic?.secret ?? body['client_secret'];
  if (id !== psp.credentials['clientId'] || secret !== psp.credentials['clientSecret']) {
    throw oauthRefusal('invalid_client');
  }
  const scope = typeof body['scope'] === 'string' && body['scope'] !== '' ? body['scope'] : DEFAULT_SCOPE;
  const endsAtMs = psp.nowMs() + TOKEN_LIFE_SECONDS * 1_000;
  return jsonAnswer(200, {
    access_token: tokenFor(psp, endsAtMs),
    expires_in: TOKEN_LIFE_SECONDS,
    token_type: 'Bearer',
    scope,
  });
}

export function isAccessToken(token: string, psp: PspContext): boolean {
  const endsAtMs = Number(/^cko_(\d+)_[0-9a-f]+$/.exec(token)?.[1]);
  return Number.isSafeInteger(endsAtMs) && endsAtMs > psp.nowMs() && token === tokenFor(psp, endsAtMs);
}

function tokenFor(psp: PspContext, endsAtMs: number): string {
  const digest = createHmac('sha256', psp.credentials['clientSecret'] ?? '')
    .update(String(endsAtMs))
    .digest('hex');
  return `cko_${endsAtMs}_${digest}`;
}

function basicCredentials(request: PspRequest): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id, secret: secret.join(':') };
}
