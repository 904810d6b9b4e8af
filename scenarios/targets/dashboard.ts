/**
 * What a person does in a PSP's dashboard: refund a captured payment in full. Done through the
 * PSP's own API with the merchant's credentials, past the target, which learns of it by webhook.
 */
import { sign } from 'node:crypto';
import type { Network } from '../../kernel/index.ts';
import type { BookPayment, Psp } from '../../openapi/generated/simulator-control.ts';
import { majorText } from '../dsl/index.ts';

const TIMEOUT_MS = 20_000;

/** `refundId` names the refund, and makes repeating it harmless. Answers the HTTP status. */
export async function refundInDashboard(
  network: Network,
  psp: Psp,
  payment: BookPayment,
  refundId: string,
): Promise<number> {
  const request =
    psp.dialect === 'paypal'
      ? await paypalRefund(network, psp, payment, refundId)
      : refundRequest(psp, payment, refundId);
  const response = await network.request({
    method: 'POST',
    ...request,
    url: `${psp.url}${request.url}`,
    timeoutMs: TIMEOUT_MS,
  });
  return response.status;
}

interface RefundCall {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** PayPal refunds a capture, whose id the order tells; and everything needs an access token. */
async function paypalRefund(network: Network, psp: Psp, payment: BookPayment, refundId: string): Promise<RefundCall> {
  const { clientId = '', clientSecret = '' } = psp.credentials;
  const read = async (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string) => {
    const url = `${psp.url}${path}`;
    const answer = await network.request({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { body }),
      timeoutMs: TIMEOUT_MS,
    });
    return JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
  };
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const token = await read(
    'POST',
    '/v1/oauth2/token',
    { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    'grant_type=client_credentials',
  );
  const authorization = `Bearer ${String(token['access_token'])}`;
  // The id of the refund tells in the history whose question it was.
  const order = (await read('GET', `/v2/checkout/orders/${encodeURIComponent(payment.psp_reference)}`, {
    authorization,
    'paypal-request-id': refundId,
  })) as { purchase_units?: { payments?: { captures?: { id: string }[] } }[] };
  const capture = order.purchase_units?.[0]?.payments?.captures?.[0]?.id ?? 'unknown';
  return {
    url: `/v2/payments/captures/${encodeURIComponent(capture)}/refund`,
    headers: { authorization, 'content-type': 'application/json', 'paypal-request-id': refundId },
    body: '{}',
  };
}

function refundRequest(psp: Psp, payment: BookPayment, refundId: string): RefundCall {
  const id = encodeURIComponent(payment.psp_reference);
  const apiKey = psp.credentials['apiKey'] ?? '';
  const { amount_minor: amountMinor, currency } = payment;
  switch (psp.dialect) {
    case 'stripe':
      return {
        url: '/v1/refunds',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': refundId,
        },
        body: `payment_intent=${id}`,
      };
    case 'adyen':
      return {
        url: `/v71/payments/${id}/refunds`,
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': refundId },
        body: JSON.stringify({
          merchantAccount: psp.credentials['merchantAccount'],
          amount: { value: amountMinor, currency },
          reference: refundId,
        }),
      };
    case 'acme':
      return {
        url: `/payments/${id}/refunds`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': refundId },
        body: JSON.stringify({ amount: majorText(amountMinor, currency), reference: refundId }),
      };
    case 'checkout':
      return {
        url: `/payments/${id}/refunds`,
        headers: {
          authorization: `Bearer ${psp.credentials['secretKey'] ?? ''}`,
          'content-type': 'application/json',
          'cko-idempotency-key': refundId,
        },
        body: JSON.stringify({ reference: refundId }),
      };
    case 'mollie':
      return {
        url: `/v2/payments/${id}/refunds`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': refundId },
        body: JSON.stringify({
          amount: { currency, value: majorText(amountMinor, currency) },
          description: refundId,
        }),
      };
    case 'open-banking':
      return signedRefund(psp, `/v3/payments/${id}/refunds`, amountMinor, refundId);
    default:
      throw new Error(`nobody knows the dashboard of the dialect ${psp.dialect}`);
  }
}

/** Pay by bank moves money on a signature only: a JWS over method, path, key and body. */
function signedRefund(psp: Psp, url: string, amountMinor: number, refundId: string): RefundCall {
  const { accessToken = '', signingKeyId = '', signingPrivateKey = '' } = psp.credentials;
  const body = JSON.stringify({ amount_in_minor: amountMinor, reference: refundId.slice(-18) });
  const header = Buffer.from(
    JSON.stringify({ alg: 'ES512', kid: signingKeyId, tl_version: '2', tl_headers: 'Idempotency-Key' }),
  ).toString('base64url');
  const payload = Buffer.from(`POST ${url}\nIdempotency-Key: ${refundId}\n${body}`).toString('base64url');
  const signature = sign('sha512', Buffer.from(`${header}.${payload}`), {
    key: signingPrivateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return {
    url,
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'idempotency-key': refundId,
      'tl-signature': `${header}..${signature.toString('base64url')}`,
    },
    body,
  };
}
