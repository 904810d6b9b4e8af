/** The routes of this dialect: the token, payments and what belongs to them, merchant accounts. */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { getAccount, getStatement, listAccounts, listStatements, listTransactions } from './accounts.ts';
import { giveConsent, selectProvider, startFlow } from './authorization-flow.ts';
import { publicJwk } from './keys.ts';
import { createMandate, getMandate, listMandates, revokeMandate, startMandateFlow } from './mandates.ts';
import { cancelPayment, createPayment, getPayment } from './payments.ts';
import { createPayout, getPayout } from './payouts.ts';
import { createRefund, getRefund, listRefunds } from './refunds.ts';
import { webhookKeys } from './signature.ts';
import { issueToken, TOKEN_PATH } from './token.ts';
import { json } from './wire.ts';

export const JWKS_PATH = '/.well-known/jwks';

type Reference = (call: Call) => string | null;

const ofNone: Reference = () => null;
const ofPayment: Reference = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPayout: Reference = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
/** Of something that is being created: from the metadata, else from the text on the statement. */
const ofBody =
  (statement: readonly string[]): Reference =>
  ({ body }) =>
    textOf(body, ['metadata', 'reference']) ?? textOf(body, statement);

function textOf(body: unknown, path: readonly string[]): string | null {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    body,
  );
  return typeof value === 'string' && value !== '' ? value : null;
}

function route(
  method: 'GET' | 'POST',
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: Reference = ofNone,
): Route {
  return { method, path, operation, handle, referenceOf };
}

/** Both keys while one takes over from the other: a receiver that caches the set must read it again. */
function jwks({ psp }: Call): PspAnswer {
  return json(200, { keys: webhookKeys(psp.credentials['clientId'] ?? '').map(publicJwk) });
}

const PAYMENT = '/v3/payments/{id}';
const FLOW = `${PAYMENT}/authorization-flow`;
const ACCOUNT = '/v3/merchant-accounts/{id}';

export const openBankingRoutes: readonly Route[] = [
  route('POST', TOKEN_PATH, 'write-other', issueToken),
  route('GET', JWKS_PATH, 'read-other', jwks),
  route(
    'POST',
    '/v3/payments',
    'create-payment',
    createPayment,
    ofBody(['payment_method', 'beneficiary', 'reference']),
  ),
  route('GET', PAYMENT, 'get-payment', getPayment, ofPayment),
  route('POST', FLOW, 'confirm-payment', startFlow, ofPayment),
  route('POST', `${FLOW}/actions/provider-selection`, 'confirm-payment', selectProvider, ofPayment),
  route('POST', `${FLOW}/actions/consent`, 'confirm-payment', giveConsent, ofPayment),
  route('POST', `${PAYMENT}/actions/cancel`, 'void', cancelPayment, ofPayment),
  route('POST', `${PAYMENT}/refunds`, 'refund', createRefund, ofPayment),
  route('GET', `${PAYMENT}/refunds`, 'list-refunds', listRefunds, ofPayment),
  route('GET', `${PAYMENT}/refunds/{refund}`, 'get-refund', getRefund, ofPayment),
  route('POST', '/v3/payouts', 'create-payout', createPayout, ofBody(['beneficiary', 'reference'])),
  route('GET', '/v3/payouts/{id}', 'get-payout', getPayout, ofPayout),
  route('POST', '/v3/mandates', 'save-method', createMandate),
  route('GET', '/v3/mandates', 'list-methods', listMandates),
  route('GET', '/v3/mandates/{id}', 'list-methods', getMandate),
  route('POST', '/v3/mandates/{id}/authorization-flow', 'save-method', startMandateFlow),
  route('POST', '/v3/mandates/{id}/revoke', 'remove-method', revokeMandate),
  route('GET', '/v3/merchant-accounts', 'read-other', listAccounts),
  route('GET', ACCOUNT, 'read-other', getAccount),
  route('GET', `${ACCOUNT}/transactions`, 'list-payments', listTransactions),
  route('GET', `${ACCOUNT}/statements`, 'read-settlement', listStatements),
  route('GET', `${ACCOUNT}/statements/{number}`, 'read-settlement', getStatement),
];
