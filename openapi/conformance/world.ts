/**
 * What the conformance suites and Schemathesis call: the simulator with one quick acme, and the
 * reference service in front of it with a database in memory, over real sockets and the real clock.
 */
import { hash } from 'node:crypto';
import {
  createHistoryWriter,
  createKeyedRandom,
  createPassiveActivity,
  createPgliteKnex,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
} from '../../kernel/index.ts';
import { createSimulator, type SimulatorOptions } from '../../psp-simulator/index.ts';
import { createService, migrate, type ServiceConfig } from '../../reference-service/index.ts';

export const PLATFORM_KEY = 'key-of-the-platform';
/** May do nothing. */
export const POWERLESS_KEY = 'key-without-scopes';
/** May do everything, once a minute. */
export const HURRIED_KEY = 'key-of-the-hurried';
const EVENT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
const ACME = {
  name: 'acme',
  dialect: 'acme',
  profile: { latency: AT_ONCE, firstDelivery: AT_ONCE, payoutSettlement: AT_ONCE, refundSettlement: AT_ONCE },
} as const;

const sha256 = (text: string): string => hash('sha256', text);

const clock = createRealClock();
const activity = createPassiveActivity();

export type SimulatorWorld = Awaited<ReturnType<typeof openSimulator>>;
export type ServiceWorld = Awaited<ReturnType<typeof openService>>;

export async function openSimulator(options: Partial<SimulatorOptions> = {}) {
  const network = createTcpNetwork({ clock });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('conformance'),
      ids: createRandomIds(),
      network,
      history: createHistoryWriter({ clock }),
      activity,
    },
    psps: [ACME],
    ...options,
  });
  return {
    simulator,
    controlUrl: `${simulator.control.url}/v1`,
    async close(): Promise<void> {
      await simulator.close();
      await network.close();
    },
  };
}

/** The service, its simulator, and a platform that takes every event. */
export async function openService(config: Partial<ServiceConfig> = {}) {
  const world = await openSimulator();
  const network = createTcpNetwork({ clock });
  const platform = await network.listen({
    name: 'platform',
    listener: (request, response) => void request.resume().on('end', () => response.writeHead(204).end()),
  });
  const { knex, close } = await createPgliteKnex({ activity });
  await migrate(knex);
  const [acme] = world.simulator.psps;
  if (acme === undefined) throw new Error('the simulator has no PSP');
  const log: Record<string, unknown>[] = [];
  const service = await createService({
    config: {
      apiKey: PLATFORM_KEY,
      apiKeys: [
        { name: 'powerless', sha256: sha256(POWERLESS_KEY), scopes: ['nothing'] },
        { name: 'hurried', sha256: sha256(HURRIED_KEY), scopes: ['*'], perMinute: 1 },
      ],
      psps: [{ name: 'acme', dialect: 'acme', baseUrl: acme.url, credentials: { ...acme.credentials } }],
      events: { url: platform.url, secrets: [EVENT_SECRET] },
      policy: {
        limitRaiseWaitMs: 60_000,
        risk: { attempts: { deny: 100_000 } },
        payouts: { reviewFrom: { EUR: '200.00' } },
      },
      ...config,
    },
    ports: { clock, activity, network, knex, ids: createRandomIds(), log: (line) => void log.push(line) },
  });
  await service.start();
  await fetch(`${world.controlUrl}/psps/acme`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ webhook_url: `${service.url}/v1/payments/webhook/acme` }),
  });

  /** Rows per table of what is business, not of what is logged: a refused request changes none of them. */
  async function business(): Promise<string> {
    const tables = ['payment', 'attempt', 'payout', 'refund', 'dispute', 'entry', 'transfer', 'player', 'player_limit'];
    const also = [
      'stored_method',
      'game_round',
      'reconciliation_file',
      'bank_line',
      'route_override',
      'idempotency_key',
    ];
    const counts = await Promise.all([...tables, ...also].map((table) => knex(table).count({ rows: '*' })));
    return JSON.stringify(counts.map(([count], index) => [[...tables, ...also][index], count?.['rows']]));
  }

  return {
    ...world,
    service,
    acme,
    knex,
    log,
    business,
    async close(): Promise<void> {
      await service.stop({ graceMs: 1_000 });
      await network.close();
      await world.close();
      await close();
    },
  };
}
