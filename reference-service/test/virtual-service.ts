/**
 * A service in virtual time for flows: memory network, PGlite, scripted PSPs. Requests and
 * waiting drive the clock, so hours pass in milliseconds and nothing sleeps.
 */
import {
  createActivity,
  createKeyedIds,
  createMemoryNetwork,
  createPgliteKnex,
  createVirtualClock,
  isoTime,
  type HttpResponse,
  type PgliteKnex,
} from '../../kernel/index.ts';
import {
  createService,
  defaultParts,
  migrate,
  type ServiceConfig,
  type ServiceParts,
  type ServiceTimings,
} from '../index.ts';
import type { EventEndpointConfig } from '../application/event-endpoint.ts';
import type { RoutingConfig } from '../domain/routing/routing-config.ts';
import type { PolicyDocument } from '../config/index.ts';
import type { PspEvent } from '../ports/psp-adapter.ts';
import { FakePsp, fakeVerifier } from './fake-psp.ts';
import { faultOf } from './outgoing-contract.ts';

export const API_KEY = 'test-key';

/** 2026-01-05 09:00 UTC. */
const START_MS = 1_767_603_600_000;

const activity = createActivity();
let shared: PgliteKnex | undefined;

/** One in-process database for all flows of a mocha run; emptied for each service. */
async function emptyDatabase(): Promise<PgliteKnex> {
  shared ??= await createPgliteKnex({ activity });
  await migrate(shared.knex);
  await shared.reset();
  return shared;
}

export async function closeSharedDatabase(): Promise<void> {
  await shared?.close();
  shared = undefined;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export interface VirtualServiceOptions {
  psps?: FakePsp[];
  timings?: Partial<ServiceTimings>;
  policy?: PolicyDocument;
  routing?: RoutingConfig;
  events?: EventEndpointConfig;
  webhookTries?: number;
  /** Whatever else differs in the configuration. */
  config?: Partial<ServiceConfig>;
  parts?: (defaults: ServiceParts) => Partial<ServiceParts>;
}

export type VirtualService = Awaited<ReturnType<typeof startVirtualService>>;

export async function startVirtualService(options: VirtualServiceOptions = {}) {
  const { knex } = await emptyDatabase();
  const clock = createVirtualClock({ startMs: START_MS, activity });
  const network = createMemoryNetwork({ clock, activity });
  const psps = options.psps ?? [new FakePsp('alpha')];
  const log: Record<string, unknown>[] = [];
  const ports = {
    clock,
    activity,
    network,
    knex,
    ids: createKeyedIds('test'),
    log: (line: Record<string, unknown>) => void log.push(line),
  };
  const fakes = new Map(psps.map((psp) => [psp.name, psp]));
  const parts: Partial<ServiceParts> = {
    createPspAdapter: ({ name }) => fakes.get(name) as FakePsp,
    webhookVerifiers: { acme: fakeVerifier, stripe: fakeVerifier, adyen: fakeVerifier },
  };
  const service = await createService({
    config: {
      apiKey: API_KEY,
      // Nobody else uses the database.
      timings: { workerIdleMs: 600_000, ...options.timings },
      ...(options.policy === undefined ? {} : { policy: options.policy }),
      ...(options.routing === undefined ? {} : { routing: options.routing }),
      ...(options.events === undefined ? {} : { events: options.events }),
      ...(options.webhookTries === undefined ? {} : { webhookTries: options.webhookTries }),
      psps: psps.map(({ name }) => ({ name, dialect: 'acme', baseUrl: `http://${name}`, credentials: {} })),
      ...options.config,
    },
    ports,
    parts: { ...parts, ...options.parts?.({ ...defaultParts(ports), ...parts }) },
  });
  await service.start();

  /** Starts work and runs the clock just until it has settled. */
  async function drive<T>(label: string, work: () => Promise<T>): Promise<T> {
    let settled = false;
    const outcome = activity.detached(label, work).finally(() => {
      settled = true;
      activity.touch();
    });
    outcome.catch(() => undefined);
    await clock.run({ until: () => settled });
    return outcome;
  }

  function answered(response: HttpResponse): Answered {
    const text = response.body.toString('utf8');
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }

  async function raw(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers };
    return answered(
      await network.request({
        method,
        url: `${service.url}${path}`,
        headers: all,
        timeoutMs: 120_000,
        ...(text === undefined ? {} : { body: text }),
      }),
    );
  }

  const request = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered> =>
    drive(`${method} ${path}`, () => raw(method, path, body, headers));

  /** A page that is not JSON. */
  const text = (path: string, accept: string): Promise<string> =>
    drive(`GET ${path}`, async () => {
      const headers = { authorization: `Bearer ${API_KEY}`, accept };
      const response = await network.request({
        method: 'GET',
        url: `${service.url}${path}`,
        headers,
        timeoutMs: 120_000,
      });
      return response.body.toString('utf8');
    });

  /** Whatever a flow does: what the platform is told of it is what the API document says. */
  async function checkTold(): Promise<void> {
    const { rows } = await knex.raw<{ rows: { type: string; payload: unknown; created_at: string }[] }>(
      'select type, payload, created_at from outbox',
    );
    for (const { type, payload, created_at: at } of rows) {
      const fault = faultOf({ type, timestamp: isoTime(Number(at)), data: payload });
      if (fault !== null) throw new Error(`the platform was told what the document does not say: ${fault}`);
    }
  }

  let keys = 0;
  const deposit = (more: Record<string, unknown> = {}, key?: string): Promise<Answered> => {
    keys += 1;
    return request(
      'POST',
      '/v1/payments/init',
      {
        amount: '50.00',
        currency: 'EUR',
        method: 'card',
        return_url: 'https://casino.example/done',
        player_id: 'player-1',
        ...more,
      },
      { 'idempotency-key': key ?? `key-${keys}` },
    );
  };
  const payout = (more: Record<string, unknown> = {}, key?: string): Promise<Answered> => {
    keys += 1;
    return request(
      'POST',
      '/v1/payouts/init',
      { amount: '20.00', currency: 'EUR', method: 'card', player_id: 'player-1', ...more },
      { 'idempotency-key': key ?? `key-${keys}` },
    );
  };

  return {
    clock,
    log,
    raw,
    request,
    text,
    deposit,
    payout,
    drive,
    knex,
    network,
    service,
    /** Lets virtual time pass. */
    pass: (ms: number) => clock.run({ untilMs: clock.now() + ms }),
    webhook: (psp: string, events: PspEvent | PspEvent[], signature = 'genuine') =>
      request('POST', `/v1/payments/webhook/${psp}`, events, { 'x-fake-signature': signature, authorization: '' }),
    /** As `webhook`, from inside the run of the clock (a script or a timer). */
    async deliver(psp: string, event: PspEvent): Promise<void> {
      const headers = { 'content-type': 'application/json', 'x-fake-signature': 'genuine' };
      await network.request({
        method: 'POST',
        url: `${service.url}/v1/payments/webhook/${psp}`,
        headers,
        body: JSON.stringify(event),
        timeoutMs: 10_000,
      });
    },
    payment: async (id: unknown) => (await request('GET', `/v1/payments/${String(id)}`)).body,
    async wallet(player = 'player-1'): Promise<{ currency: string; available: string; held: string }[]> {
      const { body } = await request('GET', `/v1/wallets/${player}`);
      return body['wallets'] as { currency: string; available: string; held: string }[];
    },
    async cases(): Promise<{ kind: string; subject_id: string; status: string }[]> {
      return (await request('GET', '/v1/cases')).body['cases'] as {
        kind: string;
        subject_id: string;
        status: string;
      }[];
    },
    async attempts(id: unknown): Promise<{ attempt_id: string; psp: string; status: string }[]> {
      return (await request('GET', `/v1/payments/${String(id)}`)).body['attempts'] as {
        attempt_id: string;
        psp: string;
        status: string;
      }[];
    },
    async stop(): Promise<void> {
      await drive('told', checkTold);
      await drive('stop', () => service.stop());
      await network.close();
    },
  };
}
