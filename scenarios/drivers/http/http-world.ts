/**
 * The http world: real sockets, a real PostgreSQL, and the reference service as a process of
 * its own that can be killed. The simulator lives in this process on a compressed clock; what
 * goes over the wire takes real time. Here real concurrency is tested; nothing is repeatable
 * to the byte, but fates (amounts, cards, faults) are those of the seed.
 */
import {
  bug,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  createRealClock,
  createScaledClock,
  createTcpNetwork,
  freePort,
  isoTime,
  type HistorySink,
  type HistoryWriter,
  type Network,
} from '../../../kernel/index.ts';
import { createSimulator, type Simulator } from '../../../psp-simulator/index.ts';
import { DEFAULT_TIMINGS } from '../../../reference-service/index.ts';
import type { Plan } from '../../dsl/index.ts';
import type { World } from '../../runner/world.ts';
import { createControlClient } from '../../targets/control-client.ts';
import { machineBusy } from '../config.ts';
import { openPlatform, PLATFORM_SECRET } from '../platform.ts';
import { patienceOf, reconciliationOf } from '../settlement-terms.ts';
import { RUN_API_KEY, serviceConfigOf, webhookUrl, type WorldOptions } from '../world-options.ts';
import {
  compressionOf,
  compressProfile,
  compressTimings,
  LEAST_SETTLE_WALL_MS,
  LONGEST_QUIET_WALL_MS,
  paced,
} from './compression.ts';
import { createRunDatabase } from './run-database.ts';
import { createServiceProcess } from './service-process.ts';

export async function createHttpWorld(options: WorldOptions): Promise<World> {
  const { plan, historyPath, logPath } = options;
  const factor = paced(compressionOf(plan), machineBusy());
  const { floorMs } = plan.http;
  const wireClock = createRealClock();
  const network = createTcpNetwork({ clock: wireClock });
  const random = createKeyedRandom(plan.seed);
  const activity = createPassiveActivity();

  const closers: (() => Promise<void>)[] = [];
  async function closeAll(): Promise<void> {
    while (closers.length > 0) await closers.pop()?.();
  }
  closers.push(() => network.close());

  try {
    const database = await createRunDatabase(options.databaseUrl);
    closers.push(() => database.close());
    const port = await freePort();
    const targetUrl = `http://127.0.0.1:${port}`;

    // Scenario time begins when everything stands: a start that takes ten seconds would be days to the
    // PSPs and none to the target. Before, nobody has anything to write down.
    const clock = createScaledClock({ factor, floorMs, base: wireClock, held: true });
    const begun: { history?: HistoryWriter } = {};
    const sink: HistorySink = {
      append: (event) => begun.history?.append(event) ?? bug('an event before the run began'),
    };

    const simulator = await createSimulator({
      ports: {
        clock,
        wireClock,
        random: random.fork('simulator'),
        ids: createKeyedIds(`${plan.seed}/psp`),
        network,
        history: sink,
        activity,
      },
      psps: plan.psps.map(({ name, dialect, profile }) => ({
        name,
        dialect,
        profile,
        webhookUrl: webhookUrl(targetUrl, name),
      })),
    });
    closers.push(() => simulator.close());

    // Closed after the service: a platform that is not there would be told again and again.
    const platform = await openPlatform(network, sink);
    closers.push(() => platform.close());

    const reconciliation = reconciliationOf(plan, 'http');
    const service = createServiceProcess({
      clock: wireClock,
      port,
      environment: {
        DATABASE_URL: database.url,
        API_KEY: RUN_API_KEY,
        // A minute of the run takes a second: limits per real minute would mean something else.
        REQUESTS_PER_MINUTE_PER_PLAYER: 'none',
        PUBLIC_URL: targetUrl,
        PSPS: JSON.stringify(await pspsFor(plan, simulator, network, { factor, floorMs })),
        ...(reconciliation === undefined ? {} : { RECONCILIATION: JSON.stringify(reconciliation) }),
        EVENTS_URL: platform.eventsUrl,
        EVENTS_SECRETS: PLATFORM_SECRET,
        EVENTS_ALLOW_HTTP: 'true',
        // Levels look back over minutes of the wall. In a compressed run these are hours: payouts would
        // wait for the end of an outage that healed long ago. Breakers, whose pause is compressed, do it here.
        ...(factor === 1 ? {} : { ROUTING: JSON.stringify({ levels: { automaticUpTo: 'degraded' } }) }),
        TIMINGS: JSON.stringify(compressTimings(DEFAULT_TIMINGS, factor)),
      },
      ...(logPath === undefined ? {} : { logPath }),
    });
    closers.push(() => service.stop());
    await service.start();

    const meta = { scenario: plan.scenario, seed: plan.seed, driver: 'http', compression: factor };
    const writer = createHistoryWriter({ clock, meta, ...(historyPath === undefined ? {} : { path: historyPath }) });
    begun.history = writer;
    clock.begin();
    // Closed last: whatever still ends may have a last word.
    closers.unshift(() => writer.close());

    return {
      kind: 'http',
      clock,
      wireClock,
      network,
      activity,
      random,
      history: writer,
      controlUrl: simulator.control.url,
      target: { url: service.url, apiKey: RUN_API_KEY },
      platformListens: true,
      serviceClock: { started_at: isoTime(wireClock.now()), factor },
      leastSettleMs: LEAST_SETTLE_WALL_MS * factor,
      longestQuietMs: LONGEST_QUIET_WALL_MS * factor,
      settlementPatience: patienceOf('http'),
      run: (main) => main(),
      killTarget: () => service.kill(),
      restartTarget: () => service.start(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The service's configuration of the simulated PSPs, with key life and lag as compressed as the run. */
async function pspsFor(
  plan: Plan,
  simulator: Simulator,
  network: Network,
  compression: { factor: number; floorMs: number },
): Promise<object[]> {
  const listed = await createControlClient(network, simulator.control.url).psps();
  return plan.psps.map((psp) => {
    const profile = listed.find((candidate) => candidate.name === psp.name)?.profile;
    const { keyLifeMs = 0, visibilityLagMs = 0 } = profile ?? {};
    return {
      ...serviceConfigOf(psp, simulator),
      profile: compressProfile({ keyLifeMs, visibilityLagMs }, compression),
    };
  });
}
