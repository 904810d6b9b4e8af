/**
 * The virtual world: simulator, reference service and a real SQL database in one process on one
 * clock that jumps. Real HTTP bytes over in-memory sockets, ids and chance keyed by the seed:
 * the same scenario and seed give the same history to the byte.
 */
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createMemoryNetwork,
  createVirtualClock,
  isoTime,
  type VirtualClock,
} from '../../../kernel/index.ts';
import { createSimulator } from '../../../psp-simulator/index.ts';
import {
  createService,
  DEFAULT_TIMINGS,
  defaultParts,
  type Service,
  type ServicePorts,
} from '../../../reference-service/index.ts';
import type { World } from '../../runner/world.ts';
import { openPlatform, PLATFORM_SECRET } from '../platform.ts';
import { patienceOf, reconciliationOf } from '../settlement-terms.ts';
import { RUN_API_KEY, serviceConfigOf, webhookUrl, type WorldOptions } from '../world-options.ts';
import { takeVirtualDatabase, type VirtualDatabase } from './virtual-database.ts';

/** A Monday morning; far from month ends, leap days and changes of summer time. */
const START_MS = Date.UTC(2026, 0, 5, 9);

const SERVICE_NAME = 'service';

/** The worker's idle rounds look for work that another process left; here is none, and each round is a query. */
const WORKER_IDLE_MS = 10 * 60_000;

export async function createVirtualWorld(options: WorldOptions): Promise<World> {
  const database = await takeVirtualDatabase();
  try {
    return await createWorldOn(database, options);
  } catch (error) {
    database.release();
    throw error;
  }
}

async function createWorldOn(database: VirtualDatabase, options: WorldOptions): Promise<World> {
  const { plan, historyPath, mutateService } = options;
  const activity = createActivity();
  const random = createKeyedRandom(plan.seed);
  const clock = createVirtualClock({ startMs: START_MS, activity, random: random.fork('clock') });
  const network = createMemoryNetwork({ clock, activity });
  const meta = { scenario: plan.scenario, seed: plan.seed, driver: 'virtual' };
  const history = createHistoryWriter({ clock, meta, ...(historyPath === undefined ? {} : { path: historyPath }) });

  if (mutateService?.alterSchema !== undefined) {
    database.spoil();
    await mutateService.alterSchema(database.knex);
  }
  database.countUnder(activity);

  const serviceUrl = `http://${SERVICE_NAME}`;
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: random.fork('simulator'),
      ids: createKeyedIds(`${plan.seed}/psp`),
      network,
      history,
      activity,
    },
    psps: plan.psps.map(({ name, dialect, profile }) => ({
      name,
      dialect,
      profile,
      webhookUrl: webhookUrl(serviceUrl, name),
    })),
  });
  const platform = await openPlatform(network, history);
  const ports: ServicePorts = {
    clock,
    ids: createKeyedIds(`${plan.seed}/service`),
    network,
    activity,
    knex: database.knex,
  };
  const reconciliation = reconciliationOf(plan, 'virtual');
  const service = await createService({
    config: {
      name: SERVICE_NAME,
      apiKey: RUN_API_KEY,
      publicUrl: serviceUrl,
      psps: plan.psps.map((psp) => serviceConfigOf(psp, simulator)),
      events: { url: platform.eventsUrl, secrets: [PLATFORM_SECRET], allowHttp: true },
      ...(reconciliation === undefined ? {} : { reconciliation }),
      timings: { ...DEFAULT_TIMINGS, workerIdleMs: WORKER_IDLE_MS },
    },
    ports,
    ...(mutateService?.parts === undefined ? {} : { parts: mutateService.parts(defaultParts(ports)) }),
  });
  await service.start();

  let closed = false;
  return {
    kind: 'virtual',
    clock,
    wireClock: clock,
    network,
    activity,
    random,
    history,
    controlUrl: simulator.control.url,
    target: { url: service.url, apiKey: RUN_API_KEY },
    platformListens: true,
    serviceClock: { started_at: isoTime(START_MS), factor: 1 },
    leastSettleMs: 0,
    longestQuietMs: Infinity,
    settlementPatience: patienceOf('virtual'),
    run: (main) => runOnClock(clock, main),
    killTarget: () => Promise.reject(new Error('the virtual driver cannot kill a process')),
    restartTarget: () => Promise.reject(new Error('the virtual driver cannot restart a process')),
    close: async () => {
      if (closed) return;
      closed = true;
      try {
        await stopOnClock(clock, service);
        await simulator.close();
        await platform.close();
        await network.close();
        await history.close();
        database.release();
      } catch (error) {
        // What did not end in order may still send queries: the next run gets a database of its own.
        database.abandon();
        throw error;
      }
    },
  };
}

/** Lets time pass until `main` is done; a run in which nothing is left to happen is an error. */
async function runOnClock<T>(clock: VirtualClock, main: () => Promise<T>): Promise<T> {
  let outcome: { value: T } | undefined;
  clock.schedule(0, 'run', async () => {
    outcome = { value: await main() };
  });
  await clock.run({ until: () => outcome !== undefined });
  if (outcome === undefined) throw new Error('the run came to a standstill: nothing is left that could happen');
  return outcome.value;
}

/** A PSP call that is under way ends on the clock, so the clock must run while the service stops. */
async function stopOnClock(clock: VirtualClock, service: Service): Promise<void> {
  let stopped = false;
  const stopping = service.stop().finally(() => {
    stopped = true;
  });
  await clock.run({ until: () => stopped });
  await stopping;
}
