/**
 * `POST /v1/oauth2/token` and what a request proves itself with. A token is a code made of the
 * merchant's client id, so it needs no memory. It says that it lives nine hours and is taken for
 * longer: a merchant's clock and the simulated one may differ by days.
 */
import { PspProblem } from '../../core/problem.ts';
import type { Call, PspAnswer, PspContext, PspRequest } from '../dialect.ts';
import { jsonAnswer, oauthProblem } from './errors.ts';
import { textAt } from './fields.ts';

const TOKEN_LIFE_SECONDS = 32_400;
const TOKEN_PATH = '/v1/oauth2/token';
/** Read by anybody: a certificate, and the payer's browser on its way to the page. */
const OPEN_PATHS: readonly RegExp[] = [/^\/v1\/notifications\/certs\//, /^\/checkoutnow$/];

const SCOPES = [
  'https://uri.paypal.com/services/payments/realtimepayment',
  'https://uri.paypal.com/services/payments/refund',
  'https://uri.paypal.com/payments/payouts',
  'https://uri.paypal.com/services/disputes/read-seller',
  'https://uri.paypal.com/services/disputes/update-seller',
  'https://uri.paypal.com/services/reporting/search/read',
  'https://uri.paypal.com/services/vault/payment-tokens/readwrite',
  'https://uri.paypal.com/services/applications/webhooks',
];

export function issueToken({ psp, body }: Call): PspAnswer {
  const grant = textAt(body, 'grant_type');
  if (grant !== 'client_credentials')
    throw oauthProblem(400, 'unsupported_grant_type', 'Grant type is not supported: only client_credentials is.');
  return jsonAnswer(200, {
    scope: SCOPES.join(' '),
    access_token: accessToken(psp),
    token_type: 'Bearer',
    app_id: 'APP-80W284485P519543T',
    expires_in: TOKEN_LIFE_SECONDS,
    nonce: `${new Date(psp.nowMs()).toISOString()}${psp.ids.next('paypal-nonce')}`,
  });
}

/** Throws `unauthorized`. The API takes a bearer token, or client id and secret directly. */
export function authenticate(request: PspRequest, psp: PspContext): void {
  if (request.method === 'GET' && OPEN_PATHS.some((path) => path.test(request.path))) return;
  const [scheme = '', value = ''] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic' && value === basicOf(psp)) return;
  if (request.path === TOKEN_PATH) throw oauthProblem(401, 'invalid_client', 'Client Authentication failed');
  if (scheme.toLowerCase() !== 'bearer') throw new PspProblem('unauthorized', 'No bearer token');
  if (value !== accessToken(psp)) throw oauthProblem(401, 'invalid_token', 'Token signature verification failed');
}

function accessToken(psp: PspContext): string {
  return `A21AA${psp.random.hex(64, 'paypal-access-token', psp.name)}`;
}

function basicOf({ credentials }: PspContext): string {
  return Buffer.from(`${credentials['clientId'] ?? ''}:${credentials['clientSecret'] ?? ''}`).toString('base64');
}
