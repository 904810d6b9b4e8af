/**
 * Who may call: an API key, or a web service user by Basic auth; reports are also read by a user
 * of their own. All names and passwords are derived from the PSP's name.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { PspContext, PspRequest } from '../dialect.ts';

export function adyenCredentials(pspName: string): Record<string, string> {
  const company = companyOf(pspName);
  return {
    apiKey: `AQE_assay_${pspName}_${derived(pspName, 'api-key').slice(0, 32)}`,
    merchantAccount: `Assay${capitalized(pspName)}`,
    hmacKey: derived(pspName, 'hmac-key').toUpperCase(),
    username: `ws@Company.${company}`,
    password: derived(pspName, 'password').slice(0, 24),
    reportUser: `report@Company.${company}`,
    reportPassword: derived(pspName, 'report-password').slice(0, 24),
    clientKey: `test_${derived(pspName, 'client-key').slice(0, 32).toUpperCase()}`,
  };
}

export function companyOf(pspName: string): string {
  return `Assay${capitalized(pspName)}Company`;
}

/** The shopper's browser has the client key only; everything else is the merchant's server. */
export function authenticate(request: PspRequest, psp: PspContext): void {
  const { credentials } = psp;
  if (request.path.startsWith('/checkoutshopper/')) {
    if (request.query.get('clientKey') === credentials['clientKey']) return;
    throw new PspProblem('unauthorized', 'HTTP Status Response - Unauthorized');
  }
  if (request.headers['x-api-key'] === credentials['apiKey']) return;
  const user = userIn(request.headers['authorization'] ?? '');
  const { username, password, reportUser, reportPassword } = credentials;
  if (user === `${username}:${password}`) return;
  if (request.path.startsWith('/reports/') && user === `${reportUser}:${reportPassword}`) return;
  throw new PspProblem('unauthorized', 'HTTP Status Response - Unauthorized');
}

function userIn(authorization: string): string | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function capitalized(pspName: string): string {
  return pspName
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function derived(pspName: string, purpose: string): string {
  return createHash('sha256').update(`assay adyen ${pspName} ${purpose}`).digest('hex');
}
