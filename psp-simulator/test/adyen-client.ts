/**
 * The official Adyen SDK as the conformance tests use it. It speaks only https to hard-coded
 * hosts; here are the two ways in which a merchant can lead it to the simulator, and the parts
 * of requests and notifications that the tests share.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import adyenSdk from '@adyen/api-library';
import { openStage, type ReceivedWebhook, type SdkStage } from './sdk-support.ts';
import { selfSignedCertificate } from './self-signed.ts';

export const {
  CheckoutAPI,
  Client,
  DisputesAPI,
  EnvironmentEnum,
  hmacValidator: HmacValidator,
  HttpClientException,
  PayoutAPI,
} = adyenSdk;

export type Checkout = InstanceType<typeof CheckoutAPI>;
export type PaymentRequest = Parameters<Checkout['PaymentsApi']['payments']>[0];
export type Item = Parameters<InstanceType<typeof HmacValidator>['validateHMAC']>[0];

/** From a payment to the dispute of it, where there is to be one. */
export const DISPUTE_DELAY_MS = 24 * 3_600_000;
export const AMOUNT = { currency: 'EUR', value: 1_000 };
export const CHALLENGED = {
  paymentMethod: card('test_5454545454545454'),
  authenticationData: { attemptAuthentication: 'always' },
} as unknown as Partial<PaymentRequest>;
export const MANUAL: Partial<PaymentRequest> = { additionalData: { manualCapture: 'true' } };

/** A merchant of one simulated Adyen account, who has the SDK and an endpoint for notifications. */
export interface SdkMerchant {
  stage: SdkStage;
  front: https.Server;
  merchantAccount: string;
  checkout(): Checkout;
  request(more?: Partial<PaymentRequest>): PaymentRequest;
  pay(more?: Partial<PaymentRequest>): ReturnType<Checkout['PaymentsApi']['payments']>;
  details(details: Record<string, string>): ReturnType<Checkout['PaymentsApi']['paymentsDetails']>;
  /** The verified item of the next webhook with this event code that mentions `text`. */
  itemOf(eventCode: string, text: string, advanceMs?: number): Promise<Item>;
  close(): Promise<void>;
}

export async function openMerchant(): Promise<SdkMerchant> {
  const disputeDelay = { kind: 'fixed', ms: DISPUTE_DELAY_MS } as const;
  const stage = await openStage({ dialect: 'adyen', profile: { disputeDelay } });
  const front = await tlsFront(stage.psp.url);
  const client = liveClient(stage, front);
  const merchantAccount = stage.psp.credentials['merchantAccount'] ?? '';
  const validator = new HmacValidator();
  let references = 0;
  const checkout = (): Checkout => new CheckoutAPI(client);
  const request: SdkMerchant['request'] = (more = {}) => {
    references += 1;
    return {
      amount: AMOUNT,
      merchantAccount,
      reference: `order-${references}`,
      returnUrl: 'https://shop.example/return?order=7',
      paymentMethod: card('test_4111111145551142'),
      ...more,
    } as PaymentRequest;
  };
  return {
    stage,
    front,
    merchantAccount,
    checkout,
    request,
    pay: (more) => checkout().PaymentsApi.payments(request(more)),
    details: (details) => checkout().PaymentsApi.paymentsDetails({ details }),
    itemOf: async (eventCode, text, advanceMs = 0) => {
      const webhook = await stage.nextWebhook(
        (body) => body.includes(`"eventCode":"${eventCode}"`) && body.includes(text),
        advanceMs,
      );
      const item = itemIn(webhook);
      assert.equal(validator.validateHMAC(item, stage.psp.credentials['hmacKey'] ?? ''), true);
      return item;
    },
    close: async () => {
      front.close();
      await stage.close();
    },
  };
}

export function card(encryptedCardNumber: string, holderName = 'Ada Lovelace'): PaymentRequest['paymentMethod'] {
  return {
    type: 'scheme',
    holderName,
    encryptedCardNumber,
    encryptedExpiryMonth: 'test_03',
    encryptedExpiryYear: 'test_2030',
    encryptedSecurityCode: 'test_737',
  } as unknown as PaymentRequest['paymentMethod'];
}

export function redirectUrl(action: unknown): string {
  const { type, method, url } = action as { type: string; method: string; url: string };
  assert.deepEqual([type, method], ['redirect', 'GET']);
  return url;
}

export function itemIn(webhook: ReceivedWebhook): Item {
  const body = JSON.parse(webhook.body) as { live: string; notificationItems: { NotificationRequestItem: Item }[] };
  assert.equal(body.live, 'false');
  assert.equal(body.notificationItems.length, 1);
  const item = body.notificationItems[0]?.NotificationRequestItem;
  assert.ok(item);
  return item;
}

/** Led here by configuration alone; `unencrypted` is the SDK's word for taking any certificate. */
export function liveClient(
  stage: SdkStage,
  front: https.Server,
  apiKey = stage.psp.credentials['apiKey'] ?? '',
): InstanceType<typeof Client> {
  const { port } = front.address() as AddressInfo;
  return new Client({
    apiKey,
    environment: EnvironmentEnum.LIVE,
    liveEndpointUrlPrefix: `localhost:${port}/adyen`,
    certificatePath: 'unencrypted',
  });
}

/** Led here by a transport of the merchant's own: the SDK's request, sent to another host. */
export function plainClient(stage: SdkStage): InstanceType<typeof Client> {
  return new Client(
    { apiKey: stage.psp.credentials['apiKey'] ?? '', environment: EnvironmentEnum.TEST },
    {
      request: async (endpoint, json, config, _isApiKeyRequired, options) => {
        const headers = {
          'content-type': 'application/json',
          'x-api-key': config.apiKey ?? '',
          'idempotency-key': options?.idempotencyKey ?? '',
        };
        const url = `${stage.psp.url}${new URL(endpoint).pathname}`;
        const answer = await stage.network.request({ method: 'POST', url, headers, body: json, timeoutMs: 5_000 });
        const body = answer.body.toString('utf8');
        if (answer.status < 300) return body;
        const apiError = JSON.parse(body) as { status: number; errorCode: string; message: string };
        throw new HttpClientException({
          message: apiError.message,
          statusCode: apiError.status,
          errorCode: apiError.errorCode,
          responseBody: body,
        });
      },
    },
  );
}

/** TLS in front of the simulator, as a proxy of the merchant's would do it. */
export function tlsFront(pspUrl: string): Promise<https.Server> {
  const server = https.createServer(selfSignedCertificate(), (incoming, outgoing) => {
    const forwarded = http.request(
      `${pspUrl}${incoming.url ?? ''}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
