/** A merchant of Mollie for the flow tests: small requests over the bench, without any SDK. */
import assert from 'node:assert/strict';
import { openBench } from '../../../test/bench.ts';
import type { Bench } from '../../../test/bench.ts';
import type { PspProfile } from '../../profile.ts';

const NOW = { kind: 'fixed', ms: 0 } as const;

export type Json = Record<string, unknown>;

export interface Reply {
  status: number;
  headers: Record<string, string>;
  json: Json;
}

export interface Merchant {
  bench: Bench;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Creates a payment that must succeed; answers it. */
  pay(more?: Json): Promise<Json>;
  payment(id: unknown): Promise<Json>;
  /** The payer acts on the payment's page. */
  act(payment: Json, action: string): Promise<void>;
  /** Bodies of the webhooks so far. */
  told(): string[];
}

export async function openMerchant(profile: Partial<PspProfile> = {}): Promise<Merchant> {
  const bench = await openBench({
    seed: 'mollie',
    psps: [{ name: 'mollie', dialect: 'mollie', profile: { latency: NOW, firstDelivery: NOW, ...profile } }],
  });
  const { url, credentials } = bench.psp();

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const isOfOrganization = /^\/(?:balances|settlements|webhooks|events)/.test(path);
    const response = await bench.exchange(`${url}/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${credentials[isOfOrganization ? 'accessToken' : 'apiKey'] ?? ''}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = response.body.toString('utf8');
    return { status: response.status, headers: response.headers, json: text === '' ? {} : (JSON.parse(text) as Json) };
  }

  return {
    bench,
    call,
    pay: async (more = {}) => {
      const answer = await call('POST', '/payments', paymentBody(more));
      assert.equal(answer.status, 201, JSON.stringify(answer.json));
      return answer.json;
    },
    payment: async (id) => (await call('GET', `/payments/${String(id)}`)).json,
    act: async (payment, action) => {
      const { _links } = payment as { _links: { checkout?: { href: string } } };
      assert.ok(_links.checkout, 'the payment has no page');
      await bench.exchange(_links.checkout.href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `action=${action}`,
      });
    },
    told: () => bench.merchant.received.map(({ body }) => body),
  };
}

/** Undefined values are left out by JSON. */
export function paymentBody(more: Json = {}): Json {
  return {
    amount: { currency: 'EUR', value: '10.00' },
    description: 'Order 1',
    redirectUrl: 'https://shop.example/return',
    webhookUrl: 'https://shop.example/mollie',
    method: 'creditcard',
    metadata: { order_id: 'order-1' },
    ...more,
  };
}

export function amount(value: string): { currency: string; value: string } {
  return { currency: 'EUR', value };
}
