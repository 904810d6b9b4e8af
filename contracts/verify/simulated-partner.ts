/** `--target simulator:<dialect>`: a simulated PSP, started as a process, in the place of a partner. A green run in a minute. */
import { createRealClock, createTcpNetwork, UserError, type Clock, type Network } from '../../kernel/index.ts';
import { createControl, type Control } from '../provider/control.ts';
import { startSimulator } from '../provider/simulator-process.ts';
import { askSimulator } from './ask-simulator.ts';
import type { PartnerConfig, WebhookSource } from './config.ts';
import { openDeliveries } from './deliveries.ts';
import { DIALECTS } from './dialects/index.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { VerifyOptions } from './verify.ts';

const RETRY_MS = 50;
const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
/** The PSP does at once what it does at all; payouts wait for the state that decides them. */
const PROFILE = {
  latency: AT_ONCE,
  firstDelivery: AT_ONCE,
  refundSettlement: AT_ONCE,
  payoutSettlement: { kind: 'fixed', ms: 3_600_000 },
  visibilityLagMs: 0,
  retryScheduleMs: [RETRY_MS, RETRY_MS],
} as const;

/** Mollie signs the events of a subscription only; a bank's authorization is told to whoever asks for it. */
const SUBSCRIBED = new Set(['mollie', 'open-banking']);

const WEBHOOKS: WebhookSource = {
  source: 'receive',
  host: '127.0.0.1',
  port: 0,
  path: '',
  items: '',
  folder: '',
  waitMs: 5_000,
  retryWaitMs: 5_000,
};

export interface SimulatedPartner extends Required<Pick<VerifyOptions, 'config' | 'ask' | 'deliveries'>> {
  stop(): Promise<void>;
}

/** `simulator:stripe` → the dialect. @throws UserError */
export function simulatedDialect(target: string): Dialect {
  const [kind, name = ''] = target.split(':');
  const found = DIALECTS.find((dialect) => dialect.name === name);
  if (kind === 'simulator' && found !== undefined) return found;
  const all = DIALECTS.map((dialect) => `simulator:${dialect.name}`).join(', ');
  throw new UserError(`there is no target "${target}"`, `Allowed: ${all}.`);
}

/** What is verified, without anything started: for `--list`. */
export function simulatedConfig(
  dialect: Dialect,
  at: { url: string; credentials: Record<string, string> },
  patienceMs = 3_000,
): PartnerConfig {
  return {
    partner: `simulated ${dialect.name}`,
    dialect,
    baseUrl: at.url,
    credentials: at.credentials,
    webhooks: WEBHOOKS,
    testValues: {},
    patienceMs,
    deviations: [],
  };
}

/** @param launch arguments of Node that start the command line; default: from its sources */
export async function startSimulatedPartner(dialect: Dialect, launch?: readonly string[]): Promise<SimulatedPartner> {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const deliveries = await openDeliveries({
    network,
    clock,
    dialect,
    source: WEBHOOKS,
    pull: () => Promise.resolve(undefined),
  });
  const simulator = await startSimulator<string>(clock, [dialect.name], `${deliveries.url}/{psp}`, launch).catch(
    async (error: unknown) => {
      await network.close();
      throw error;
    },
  );
  const stop = async (): Promise<void> => {
    await simulator.stop();
    await network.close();
  };
  const [psp] = simulator.psps;
  if (psp === undefined) throw new Error('the simulator started no PSP');
  const control = await readyControl({ network, clock, url: simulator.control, psp: psp.name });
  return { config: simulatedConfig(dialect, psp), deliveries, ask: askOf(control), stop };
}

export async function readyControl(at: { network: Network; clock: Clock; url: string; psp: string }): Promise<Control> {
  const control = createControl(at);
  const events = SUBSCRIBED.has(at.psp) ? { webhookEvents: ['*'] } : {};
  await control.update({ profile: { ...PROFILE, ...events } });
  return control;
}

export function askOf(control: Control): NonNullable<VerifyOptions['ask']> {
  return ({ network, psp, pact, run, standIns }) => askSimulator({ network, psp, pact, standIns, control }, run);
}
