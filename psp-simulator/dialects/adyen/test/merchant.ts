/** A merchant of one simulated Adyen account on the test bench: its calls, the payer's page, and the notifications it got. */
import { openBench, toAnswer, type Answer, type Bench } from '../../../test/bench.ts';
import type { PspConfig } from '../../../index.ts';
import { TEST_CARDS } from '../magic.ts';

export interface Item {
  additionalData: Record<string, string>;
  amount: { currency: string; value: number };
  eventCode: string;
  merchantReference: string;
  originalReference?: string;
  pspReference: string;
  reason: string;
  success: string;
}

export interface Merchant {
  bench: Bench;
  account: string;
  send(method: string, path: string, request?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** With the merchant account in the body. */
  post(path: string, body?: object): Promise<Answer>;
  pay(more?: object, card?: { number?: string; holderName?: string }): Promise<Answer>;
  /** Acts on the payer's page; answers where the browser goes. */
  act(url: string, action: string): Promise<string | undefined>;
  /** All notifications so far, in order. */
  items(): Item[];
  /** Their event codes, with the success where it is false. */
  events(): string[];
  /** Moves time on. */
  pass(ms: number): Promise<void>;
}

export const NOW = { kind: 'fixed', ms: 0 } as const;

export async function openMerchant(profile: PspConfig['profile'] = {}): Promise<Merchant> {
  const bench = await openBench({
    psps: [{ name: 'adyen', dialect: 'adyen', profile: { latency: NOW, firstDelivery: NOW, ...profile } }],
  });
  const { credentials, url } = bench.psp();
  const account = credentials['merchantAccount'] ?? '';
  const send: Merchant['send'] = async (method, path, { body, headers } = {}) =>
    toAnswer(
      await bench.exchange(`${url}${path}`, {
        method,
        headers: headers ?? { 'x-api-key': credentials['apiKey'] ?? '', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const post: Merchant['post'] = (path, body = {}) =>
    send('POST', path, { body: { merchantAccount: account, merchantAccountCode: account, ...body } });
  const items = (): Item[] =>
    bench.merchant.received.map(({ body }) => {
      const parsed = JSON.parse(body) as { notificationItems: [{ NotificationRequestItem: Item }] };
      return parsed.notificationItems[0].NotificationRequestItem;
    });
  return {
    bench,
    account,
    send,
    post,
    pay: (more = {}, { number = TEST_CARDS.plain.number, holderName = 'Ada Example' } = {}) =>
      post('/v72/payments', {
        amount: { currency: 'EUR', value: 1_000 },
        reference: 'order-1',
        returnUrl: 'https://shop.example/return',
        paymentMethod: {
          type: 'scheme',
          holderName,
          encryptedCardNumber: `test_${number}`,
          encryptedExpiryMonth: 'test_03',
          encryptedExpiryYear: 'test_2030',
        },
        ...more,
      }),
    act: async (page, action) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await bench.exchange(page, { method: 'POST', headers, body: `action=${action}` });
      return answer.headers['location'];
    },
    items,
    events: () => items().map(({ eventCode, success }) => (success === 'true' ? eventCode : `${eventCode} no`)),
    pass: async (ms) => void (await bench.pass(ms)),
  };
}

/** What stands under `name` of an answer, as text fields. */
export function fieldsOf({ json }: Answer, name: string): Record<string, string> {
  return (json[name] ?? {}) as Record<string, string>;
}
