/**
 * A world with a fake target and a fake simulator on one virtual clock: enough to test what
 * the runner does, without any payment code.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createActivity,
  createHistoryWriter,
  createKeyedRandom,
  createMemoryNetwork,
  createVirtualClock,
  isoTime,
  type HistoryEvent,
} from '../../kernel/index.ts';
import { resolveScenario, type Scenario } from '../dsl/index.ts';
import { playRun } from '../runner/play-run.ts';
import { createStage } from '../runner/stage.ts';
import type { World } from '../runner/world.ts';
import { createControlClient } from '../targets/control-client.ts';
import { createServiceClient } from '../targets/service-client.ts';

export interface FakeBehaviour {
  /** So many requests to begin a deposit are done, but their connection is reset. */
  answersLost?: number;
  /** Payments never become final. */
  neverFinal?: boolean;
  /** A case is open for each payment. */
  cases?: boolean;
}

export interface FakeRun {
  events: readonly HistoryEvent[];
  fingerprint: string;
  /** Requests that the fake target and the fake PSP saw: `POST /v1/payments/init dep-1-…`. */
  seen: string[];
}

interface FakePayment {
  payment_id: string;
  player_id: string;
  amount: string;
  currency: string;
  body: string;
  status: string;
  redirect: boolean;
}

const START_MS = Date.UTC(2026, 0, 5, 9);
const SETTLES_AFTER_MS = 2_000;

/** Plays a scenario in the fake world. */
export async function playFake(scenario: Scenario, seed: string, behaviour: FakeBehaviour = {}): Promise<FakeRun> {
  const plan = resolveScenario(scenario, seed);
  const activity = createActivity();
  const random = createKeyedRandom(seed);
  const clock = createVirtualClock({ startMs: START_MS, activity, random });
  const network = createMemoryNetwork({ clock, activity });
  const history = createHistoryWriter({ clock });
  const seen: string[] = [];
  const payments = new Map<string, FakePayment>();
  let lost = behaviour.answersLost ?? 0;

  const payment = (one: FakePayment) => ({
    ...{ payment_id: one.payment_id, txn_id: `txn_${one.payment_id}`, player_id: one.player_id, status: one.status },
    ...{ amount: one.amount, currency: one.currency, method: 'card', attempts: [] },
    ...{ created_at: isoTime(START_MS), updated_at: isoTime(START_MS) },
  });

  function initPayment(key: string, body: string): { status: number; body: unknown; headers?: Record<string, string> } {
    const found = payments.get(key);
    if (found !== undefined && found.body !== body) return { status: 422, body: { error: 'idempotency_key_reused' } };
    const one = found ?? {
      ...(JSON.parse(body) as FakePayment),
      body,
      payment_id: `pay_${payments.size + 1}`,
      status: 'pending',
      redirect: body.includes('"card_3ds"'),
    };
    payments.set(key, one);
    if (found === undefined && behaviour.neverFinal !== true && !one.redirect) {
      clock.schedule(SETTLES_AFTER_MS, one.payment_id, () => {
        one.status = 'succeeded';
      });
    }
    const started = { payment_id: one.payment_id, txn_id: `txn_${one.payment_id}`, status: one.status };
    return {
      status: 201,
      body: one.redirect ? { ...started, redirect_url: `http://psp-page/challenge/${one.payment_id}` } : started,
      headers: found === undefined ? {} : { 'idempotent-replayed': 'true' },
    };
  }

  function answerOf(
    method: string,
    path: string,
    key: string,
    body: string,
  ): { status: number; body?: unknown; headers?: Record<string, string> } {
    if (path === '/v1/payments/init') return initPayment(key, body);
    const [, paymentId = '', isReturn] = /^\/v1\/payments\/(pay_\d+)(\/return)?/.exec(path) ?? [];
    const one = [...payments.values()].find((candidate) => candidate.payment_id === paymentId);
    if (isReturn !== undefined && one !== undefined) {
      one.status = 'succeeded';
      return { status: 303, headers: { location: 'https://casino.example/cashier/done' } };
    }
    if (one !== undefined) return { status: 200, body: payment(one) };
    const [, player = '', entries] = /^\/v1\/wallets\/([^/?]+)(\/entries)?/.exec(path) ?? [];
    if (entries !== undefined) return { status: 200, body: { entries: [] } };
    if (player !== '') return { status: 200, body: { player_id: player, wallets: [] } };
    if (path === '/v1/ledger/balances') return { status: 200, body: { accounts: [] } };
    if (path === '/v1/cases') {
      const cases =
        behaviour.cases === true
          ? [...payments.values()].map((open) => ({
              kind: 'late_success',
              status: 'open',
              subject_id: open.payment_id,
            }))
          : [];
      return { status: 200, body: { cases } };
    }
    if (path.startsWith('/challenge/')) {
      return method === 'GET'
        ? { status: 200 }
        : { status: 303, headers: { location: `http://service/v1/payments/${path.split('/')[2]}/return` } };
    }
    if (path === '/v1/deliveries/waiting') return { status: 200, body: { messages: 0 } };
    if (path.endsWith('/books')) return { status: 200, body: { payments: [], refunds: [], payouts: [] } };
    return { status: 200, body: {} };
  }

  const listener =
    (name: string) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const key = String(request.headers['idempotency-key'] ?? '');
        if (name !== 'control')
          seen.push([request.method, request.url, key, name === 'psp-page' ? body : ''].filter(Boolean).join(' '));
        const answer = answerOf(request.method ?? '', request.url ?? '', key, body);
        if (request.url === '/v1/payments/init' && lost > 0) {
          lost -= 1;
          request.socket.destroy();
          return;
        }
        response
          .writeHead(answer.status, answer.headers)
          .end(answer.body === undefined ? '' : JSON.stringify(answer.body));
      });
    };
  for (const name of ['service', 'psp-page', 'control']) await network.listen({ name, listener: listener(name) });

  const world: World = {
    ...{ kind: 'virtual' as const, clock, wireClock: clock, network, activity, random, history },
    ...{
      controlUrl: 'http://control',
      target: { url: 'http://service', apiKey: 'key' },
      leastSettleMs: 0,
      longestQuietMs: Infinity,
      settlementPatience: { lateAfterMs: 0, missingAfterMs: 0 },
    },
    platformListens: false,
    serviceClock: { started_at: isoTime(START_MS), factor: 1 },
    run: async (main) => main(),
    killTarget: async () => undefined,
    restartTarget: async () => undefined,
    close: () => network.close(),
  };
  const stage = createStage({
    plan,
    world,
    service: createServiceClient(network, world.target),
    control: createControlClient(network, world.controlUrl),
  });
  let ended = false;
  clock.schedule(0, 'main', async () => {
    await playRun(stage, () => undefined);
    ended = true;
  });
  await clock.run({ until: () => ended });
  await network.close();
  return { events: history.events(), fingerprint: history.fingerprint(), seen };
}
