/** Opens a run beside the first: its own clock, chance, ids, history and PSPs on the shared network. */
import {
  createKeyedIds,
  createKeyedRandom,
  createManualClock,
  createRandomIds,
  createScaledClock,
} from '../../kernel/index.ts';
import type { Clock, HistorySink } from '../../kernel/index.ts';
import type { PspConfig } from './psp-config.ts';
import type { SimulatorPorts } from './psp.ts';
import { openRun } from './run.ts';
import type { Run, RunOptions } from './run.ts';
import { RunRefused } from './runs.ts';
import type { OpenRun, Runs } from './runs.ts';

/** On a scaled clock no delay gets shorter than this (wall milliseconds): a receiver needs time to answer. */
const SHORTEST_DELAY_MS = 20;

export type RunClock = { kind: 'real' } | { kind: 'scaled'; factor: number } | { kind: 'manual' };

export interface RunWish {
  id: string | undefined;
  /** Of latencies and fault draws; default the run's id. */
  seed: string | undefined;
  /** Default: the clock of the first run. */
  clock: RunClock | undefined;
  /** Default: the PSPs of the first run, on ports of their own and without a webhook URL. */
  psps: readonly PspConfig[] | undefined;
  /** For PSPs that name none; `{psp}` and `{run}` stand for the names. */
  webhookUrl: string | undefined;
  idleMs: number | null;
}

export type OpenSideRun = (wish: RunWish) => Promise<OpenRun>;

export interface RunOpenerOptions {
  runs: Runs;
  /** Of the first run. */
  ports: SimulatorPorts;
  shared: Pick<RunOptions, 'courierNetwork' | 'webhookTargets' | 'host' | 'publicHost' | 'authority'>;
  history(runId: string): HistorySink | null;
  first: Run;
}

/** The function rejects with a RunRefused, a UserError on a bad configuration, or a NetworkError when a port is taken. */
export function createRunOpener({ runs, ports, shared, history, first }: RunOpenerOptions): OpenSideRun {
  return (wish) =>
    runs.open(wish.id, wish.idleMs, (id) => {
      const seed = wish.seed ?? id;
      const psps = (wish.psps ?? first.psps.map(sameAs)).map((config) => withWebhookUrl(config, id, wish.webhookUrl));
      return openRun({
        ...shared,
        id,
        psps,
        namePrefix: `${id}--`,
        ports: {
          ...ports,
          clock: clockFor(wish.clock, ports),
          random: createKeyedRandom(seed),
          // Outside virtual time ids must never repeat: a merchant's database outlives the run.
          ids: ports.clock.kind === 'virtual' ? createKeyedIds(`${id}/${seed}`) : createRandomIds(),
          history: history(id),
        },
      });
    });
}

function clockFor(wish: RunClock | undefined, { clock, wireClock }: SimulatorPorts): Clock {
  if (wish === undefined) return clock;
  if (clock.kind === 'virtual')
    throw new RunRefused('This simulator runs in virtual time, and its runs share its clock: leave "clock" out');
  if (wish.kind === 'real') return wireClock;
  if (wish.kind === 'manual') return createManualClock({ startMs: wireClock.now(), waitForTasks: true });
  return createScaledClock({ factor: wish.factor, floorMs: SHORTEST_DELAY_MS, base: wireClock });
}

function sameAs({ name, dialect, profile }: Run['psps'][number]): PspConfig {
  return { name, dialect: dialect.name, profile };
}

function withWebhookUrl(config: PspConfig, run: string, url: string | undefined): PspConfig {
  if (config.webhookUrl !== undefined || url === undefined) return config;
  return { ...config, webhookUrl: url.replaceAll('{psp}', config.name).replaceAll('{run}', run) };
}
