/**
 * A PSP that does what a test tells it, one step per request, over the in-memory network in
 * virtual time. It knows no dialect: a step is bytes, or a way to break off. Virtual time
 * also proves that an adapter uses no timers and no I/O of its own: the clock would stall.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createActivity, createKeyedIds, createMemoryNetwork, createVirtualClock } from '../../../../kernel/index.ts';
import type { Clock, VirtualClock } from '../../../../kernel/index.ts';
import { createPspAdapter } from '../index.ts';
import { examplePayout } from '../../../ports/example-calls.ts';
import type { PspAdapter, PspConfig, PspDialect, PspPayoutAttempt } from '../../../ports/psp-adapter.ts';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export type Step = (response: ServerResponse, clock: Clock) => void;

/** A whole answer; an object is sent as JSON. */
export function answer(status: number, body: object | string, headers: Record<string, string> = {}): Step {
  return (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  };
}

/** The connection is reset after the request arrived, before a byte of the answer. */
export const resetBeforeAnswer: Step = (response) => {
  response.socket?.destroy();
};

/** The answer breaks off in the middle of its body. */
export function truncatedAnswer(body: object): Step {
  return (response) => {
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  };
}

/** The request arrives and is not answered before everybody has given up. */
export const silence: Step = (response, clock) => {
  void clock.sleep(10 * TIMEOUT_MS, { label: 'silence' }).then(() => response.socket?.destroy());
};

export interface World {
  adapter: PspAdapter;
  clock: VirtualClock;
  /** What arrived so far, in order. */
  seen: readonly SeenRequest[];
  /** What the next requests get, in order; a request beyond the script fails the test. */
  script(...steps: Step[]): void;
  /** From now on connections are refused. */
  stopListening(): Promise<void>;
}

export const TIMEOUT_MS = 10_000;
export const STARTED_AT_MS = Date.parse('2026-01-05T09:00:00.000Z');

export const CREDENTIALS: Readonly<Record<PspDialect, Record<string, string>>> = {
  acme: { apiKey: 'sk_acme_test', webhookSecret: 'whs_current' },
  stripe: { apiKey: 'sk_test_current', webhookSecret: 'whsec_current' },
  adyen: {
    apiKey: 'AQE_test',
    merchantAccount: 'TestMerchant',
    hmacKey: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
  },
  checkout: { secretKey: 'sk_sbox_abcdefghijklmnopqrstuvwxyz2', webhookKey: 'whk_current' },
  paypal: { clientId: 'AClient', clientSecret: 'ESecret', webhookId: '8PT597110X687430L' },
  mollie: { apiKey: 'test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM', webhookSecret: 'whsec_current' },
  'open-banking': {
    clientId: 'scripted-client',
    clientSecret: 'scripted-secret',
    signingKeyId: 'kid-current',
    signingPrivateKey: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
    merchantAccountEur: 'account-eur',
    merchantAccountGbp: 'account-gbp',
  },
};

/** Runs `work` with an adapter of `dialect` in virtual time and lets all that it waits for happen. */
export async function inWorld(
  dialect: PspDialect,
  work: (world: World) => Promise<void>,
  more: Partial<PspConfig> = {},
): Promise<void> {
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: STARTED_AT_MS, activity });
  const network = createMemoryNetwork({ clock, activity });
  const seen: SeenRequest[] = [];
  const steps: Step[] = [];
  const unscripted: string[] = [];
  const listening = await network.listen({
    name: 'psp-under-test',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const arrived = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers,
          body: Buffer.concat(chunks).toString('utf8'),
        };
        seen.push(arrived);
        const step = steps.shift();
        if (step === undefined) {
          unscripted.push(`${arrived.method} ${arrived.path}`);
          response.socket?.destroy();
        } else {
          step(response, clock);
        }
      });
    },
  });
  const adapter = createPspAdapter(
    { name: dialect, dialect, baseUrl: listening.url, credentials: CREDENTIALS[dialect], ...more },
    { clock, ids: createKeyedIds('adapter-tests'), network, timeoutMs: TIMEOUT_MS },
  );
  const outcome: { error?: unknown; done: boolean } = { done: false };
  void activity
    .run('test', () =>
      work({
        adapter,
        clock,
        seen,
        script: (...more_) => void steps.push(...more_),
        stopListening: () => listening.close(0),
      }),
    )
    .catch((error: unknown) => {
      outcome.error = error;
    })
    .finally(() => {
      outcome.done = true;
    });
  await clock.run({ until: () => outcome.done, stallMs: 5_000 });
  await network.close();
  if (outcome.error !== undefined)
    throw outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
  assert.deepEqual(unscripted, [], 'requests that the test did not expect');
  assert.equal(steps.length, 0, 'scripted answers that nobody asked for');
}

export { exampleCapture, examplePayment as paymentAttempt, exampleRefund } from '../../../ports/example-calls.ts';

export function payoutAttempt(more: Partial<PspPayoutAttempt> = {}): PspPayoutAttempt {
  return examplePayout({ amountMinor: 2_000, ...more });
}

export const RETURN_URL = 'https://casino.example/v1/payments/pay_1/return';
