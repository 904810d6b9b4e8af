/**
 * What a person does in a PSP's dashboard: refund a captured payment in full. Done through the
 * PSP's own API with the merchant's credentials, past the target, which learns of it by webhook.
 */
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
  const request = refundRequest(psp, payment, refundId);
  const response = await network.request({
    method: 'POST',
    ...request,
    url: `${psp.url}${request.url}`,
    timeoutMs: TIMEOUT_MS,
  });
  return response.status;
}

function refundRequest(
  psp: Psp,
  payment: BookPayment,
  refundId: string,
): { url: string; headers: Record<string, string>; body: string } {
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
    default:
      throw new Error(`nobody knows the dashboard of the dialect ${psp.dialect}`);
  }
}
