/**
 * The world of a foreign target: the simulated PSPs in this process on a compressed clock, and
 * somebody else's service, started by its target file or running already. Nothing is told to it
 * but what the file says, and nothing is known of it but what the file lets one see.
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
  NetworkError,
  UserError,
  type Clock,
  type HistoryWriter,
} from '../../../kernel/index.ts';
import { createSimulator, type Simulator } from '../../../psp-simulator/index.ts';
import type { World } from '../../runner/world.ts';
import {
  createForeignClient,
  createRowReader,
  fillText,
  fillUrl,
  namesIn,
  notedTarget,
  sendCall,
  type Target,
  type Values,
} from '../../targets/foreign/index.ts';
import { inheritedEnvironment } from '../config.ts';
import { patienceOf } from '../settlement-terms.ts';
import type { WorldOptions } from '../world-options.ts';
import { compressionOf, LEAST_SETTLE_WALL_MS, LONGEST_QUIET_WALL_MS } from './compression.ts';
import { createForeignProcess } from './foreign-process.ts';
import { createRunDatabase } from './run-database.ts';

export async function createForeignWorld(options: WorldOptions & { target: Target }): Promise<World> {
  const { plan, target, historyPath, logPath } = options;
  const factor = compressionOf(plan);
  const wireClock = createRealClock();
  const network = createTcpNetwork({ clock: wireClock });
  const random = createKeyedRandom(plan.seed);
  const activity = createPassiveActivity();
  const closers: (() => Promise<void>)[] = [() => network.close()];
  async function closeAll(): Promise<void> {
    while (closers.length > 0) await closers.pop()?.();
  }

  try {
    const database = usesDatabase(target) ? await createRunDatabase(options.databaseUrl) : undefined;
    if (database !== undefined) closers.push(() => database.close());
    const port = target.url === undefined ? await freePort() : Number(new URL(target.url).port);
    const base = (target.url ?? `http://127.0.0.1:${port}`).replace(/\/$/, '');
    const values: Values = { base, port, database_url: database?.url };

    // The time of the PSPs begins with that of the target.
    const clock = createScaledClock({ factor, floorMs: plan.http.floorMs, base: wireClock, held: true });
    const begun: { history?: HistoryWriter } = {};
    const simulator = await createSimulator({
      ports: {
        clock,
        wireClock,
        random: random.fork('simulator'),
        ids: createKeyedIds(`${plan.seed}/psp`),
        network,
        history: { append: (event) => begun.history?.append(event) ?? bug('an event before the run began') },
        activity,
      },
      psps: plan.psps.map(({ name, dialect, profile }) => {
        const { webhooks = '', port: fixed } = target.psps[name] ?? {};
        const webhookUrl = fillUrl(webhooks, values);
        return { name, dialect, profile, webhookUrl, ...(fixed === undefined ? {} : { port: fixed }) };
      }),
      webhookTargets: [new URL(base).hostname],
    });
    closers.push(() => simulator.close());

    const environment = environmentOf(target, values, simulator);
    const service =
      target.start === undefined
        ? undefined
        : createForeignProcess({
            clock: wireClock,
            network,
            target,
            url: base,
            readyUrl: fillUrl(target.start.ready ?? '{base}/', values),
            environment,
            ...(logPath === undefined ? {} : { logPath }),
          });
    if (service !== undefined) {
      closers.push(() => service.stop());
      await service.start();
    } else await requireAnswer(target, base, () => network.request({ method: 'GET', url: base, timeoutMs: 5_000 }));

    const databaseUrl = target.observe?.database ?? database?.url;
    const rows = createRowReader({
      network,
      folder: target.folder,
      environment,
      databaseUrl: databaseUrl === undefined ? undefined : fillText(databaseUrl, values),
    });
    closers.push(() => rows.close());
    const client = createForeignClient({ network, target, values, rows, psps: plan.psps });

    const meta = { scenario: plan.scenario, seed: plan.seed, driver: 'http', compression: factor };
    const writer = createHistoryWriter({ clock, meta, ...(historyPath === undefined ? {} : { path: historyPath }) });
    begun.history = writer;
    clock.begin();
    // Closed last: whatever still ends may have a last word.
    closers.unshift(() => writer.close());
    const testClock = target.abilities?.test_clock;
    if (testClock !== undefined) {
      const tell = (now: string) => sendCall(network, testClock, { ...values, now }, TELL_TIMEOUT_MS);
      closers.push(keepTold(wireClock, clock, tell));
    }
    return {
      kind: 'http',
      clock,
      wireClock,
      network,
      activity,
      random,
      history: writer,
      controlUrl: simulator.control.url,
      target: { url: base, apiKey: '' },
      foreign: { client, note: notedTarget(target, factor) },
      platformListens: false,
      // A target that is told the time stamps with the run's own.
      serviceClock:
        testClock === undefined
          ? { started_at: isoTime(wireClock.now()), factor }
          : { started_at: isoTime(clock.now()), factor: 1 },
      leastSettleMs: LEAST_SETTLE_WALL_MS * factor,
      // To a target with a clock of its own the scenario's hours are seconds: what has not come by then is unknown.
      ...(factor === 1 || testClock !== undefined ? {} : { mostSettleMs: LEAST_SETTLE_WALL_MS * factor }),
      longestQuietMs: LONGEST_QUIET_WALL_MS * factor,
      settlementPatience: patienceOf('http'),
      run: (main) => main(),
      killTarget: () => service?.kill() ?? bug('a target that runs already is not killed'),
      restartTarget: () => service?.start() ?? bug('a target that runs already is not started'),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Whether the run must make a database for it. */
export function usesDatabase(target: Target): boolean {
  const { start, observe } = target;
  if (namesIn(start).includes('database_url')) return true;
  return (
    observe?.database === undefined &&
    Object.values(observe ?? {}).some((one) => typeof one === 'object' && 'sql' in one)
  );
}

/** What the service is started with: addresses and credentials of its PSPs under the names of the file. */
function environmentOf(target: Target, values: Values, simulator: Simulator): Record<string, string> {
  const known: Record<string, string | number | undefined> = { ...values };
  for (const { name, url, credentials } of simulator.psps) {
    known[`${name}.url`] = url;
    for (const [field, value] of Object.entries(credentials)) known[`${name}.${field}`] = value;
  }
  for (const name of namesIn(target.start?.env)) {
    if (known[name] !== undefined) continue;
    const [psp = ''] = name.split('.');
    const fields = Object.keys(known).filter((one) => one.startsWith(`${psp}.`));
    throw new UserError(
      `${target.file}: \`{${name}}\` in \`start.env\` is not known`,
      fields.length === 0
        ? `A PSP of this run is called ${simulator.psps.map((one) => one.name).join(' or ')}.`
        : `Of ${psp} there is ${fields.map((one) => `{${one}}`).join(', ')}.`,
    );
  }
  const own = Object.entries(target.start?.env ?? {}).map(([name, text]) => [name, fillText(text, known)]);
  return { ...inheritedEnvironment(), ...(Object.fromEntries(own) as Record<string, string>) };
}

async function requireAnswer(target: Target, base: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new UserError(
      `${target.name} does not answer at ${base} (${error.kind})`,
      'Start it, or give `start` instead of `url`.',
    );
  }
}

const TELL_EVERY_MS = 200;
const TELL_TIMEOUT_MS = 5_000;

/** Tells the target the run's time, again and again; gives back what ends it. */
function keepTold(wireClock: Clock, clock: Clock, tell: (now: string) => Promise<unknown>): () => Promise<void> {
  let told: { cancel(): void } | undefined;
  let over = false;
  const turn = async (): Promise<void> => {
    await tell(isoTime(clock.now())).catch(() => undefined);
    if (!over) told = wireClock.schedule(TELL_EVERY_MS, 'test clock', turn);
  };
  told = wireClock.schedule(0, 'test clock', turn);
  return () => {
    over = true;
    told?.cancel();
    return Promise.resolve();
  };
}
