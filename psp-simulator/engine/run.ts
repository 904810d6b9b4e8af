/**
 * A run: one complete simulator for itself, with PSPs on addresses of its own, their books, their
 * plan of faults, a clock, a seed and logs. Runs share nothing but the process and its network, so
 * that tests side by side never see each other. What a person starts is a run, too.
 */
import { bug, messageOf } from '../../kernel/index.ts';
import type { ManualClock, Network, TlsOptions } from '../../kernel/index.ts';
import { DIALECTS } from '../dialects/index.ts';
import { FaultPlan } from '../faults/plan.ts';
import type { CertificateAuthority } from '../reach/certificate-authority.ts';
import { tlsFor } from '../reach/psp-tls.ts';
import { guardTargets } from '../webhooks/guard-targets.ts';
import type { WebhookTargets } from '../webhooks/guard-targets.ts';
import { Door } from './door.ts';
import { pspListener } from './listen.ts';
import { checkConfigs } from './psp-config.ts';
import type { PspConfig } from './psp-config.ts';
import { Psp } from './psp.ts';
import type { SimulatorPorts } from './psp.ts';
import { createRunHistory } from './run-history.ts';
import type { RunHistory } from './run-history.ts';

export interface RunOptions {
  readonly id: string;
  /** `history` takes every event of the run; null: it is only kept by the run itself. */
  readonly ports: Omit<SimulatorPorts, 'history'> & { readonly history: SimulatorPorts['history'] | null };
  readonly psps: readonly PspConfig[];
  /** The courier's way out; default the network of the ports. */
  readonly courierNetwork?: Network;
  readonly webhookTargets: WebhookTargets;
  /** In front of the listeners' names; '' for the first run. */
  readonly namePrefix: string;
  /** TCP only; default loopback. */
  readonly host?: string;
  /** Host name in the PSPs' URLs, where others reach them under another than they listen on. */
  readonly publicHost?: string;
  /** TCP only: signs the certificates with which the PSPs answer https on their ports. */
  readonly authority?: CertificateAuthority;
}

export interface Run {
  readonly id: string;
  readonly psps: readonly Psp[];
  readonly plan: FaultPlan;
  readonly ports: SimulatorPorts;
  readonly history: RunHistory;
  readonly webhookTargets: WebhookTargets;
  /** Milliseconds of the wire clock. */
  readonly createdAtMs: number;
  /**
   * Moves a manual clock and resolves when everything that fell due on the way is done, deliveries
   * acknowledged or failed included. One move at a time: a second one waits for the first. Without
   * `ms` nothing moves, but what is due already happens. Does nothing on clocks that move by themselves.
   */
  advance(ms?: number): Promise<void>;
  /** Does this PSP take connections now? An outage may have shut its door. */
  isReachable(psp: string): boolean;
  /** Forgets books, keys, events, logs and faults, and cancels what is planned. */
  reset(): Promise<void>;
  /** Stops listening and cancels everything planned. */
  close(): Promise<void>;
}

/** Rejects with a UserError on a bad configuration, with a NetworkError when a port is taken. */
export async function openRun(options: RunOptions): Promise<Run> {
  checkConfigs(options.psps, options.webhookTargets);
  const { clock, wireClock, network } = options.ports;
  const history = createRunHistory({ clock, wireClock, forward: options.ports.history });
  const ports: SimulatorPorts = { ...options.ports, history: history.sink };
  const doors = new Map<string, Door>();
  const plan = new FaultPlan({
    clock,
    random: ports.random,
    history: ports.history,
    psps: options.psps.map((config) => config.name),
    setDoor: async (name, open) => {
      try {
        await doors.get(name)?.set(open);
      } catch (error) {
        // A door that cannot open again is a PSP that stays down: the run goes on, the note says why.
        const value = { psp: name, message: messageOf(error) };
        ports.history.append({ proc: `psp:${name}`, type: 'note', f: 'simulator-defect', value });
      }
    },
  });
  const courierNetwork = guardTargets(options.courierNetwork ?? network, options.webhookTargets);
  const psps = options.psps.map((config) => {
    const dialect = DIALECTS[config.dialect] ?? bug(`dialect ${config.dialect} passed the check`);
    return new Psp({ config, dialect, ports, courierNetwork, plan });
  });

  async function close(): Promise<void> {
    plan.removeAll();
    await plan.settled();
    history.shut();
    for (const psp of psps) psp.close();
    await Promise.all([...doors.values()].map((door) => door.close()));
  }

  let moves: Promise<void> = Promise.resolve();
  function advance(ms = 0): Promise<void> {
    if (clock.kind !== 'manual') return Promise.resolve();
    const move = moves.then(() => (clock as ManualClock).advance(ms));
    moves = move.catch(() => undefined);
    return move;
  }

  try {
    for (const psp of psps) {
      const port = options.psps.find((config) => config.name === psp.name)?.port ?? 0;
      const name = `${options.namePrefix}psp-${psp.name}`;
      const host = options.host === undefined ? {} : { host: options.host };
      const tls = options.authority === undefined ? {} : { tls: tlsOf(psp, plan, options.authority, options) };
      const door = new Door({ network, name, port, ...host, ...tls, listener: pspListener(psp) });
      doors.set(psp.name, door);
      psp.url = publicUrl(await door.open(), options.publicHost);
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    id: options.id,
    psps,
    plan,
    ports,
    history,
    webhookTargets: options.webhookTargets,
    createdAtMs: wireClock.now(),
    advance,
    isReachable: (psp) => doors.get(psp)?.isOpen ?? false,
    reset: async () => {
      plan.removeAll();
      for (const psp of psps) psp.reset();
      await plan.settled();
      history.clear();
    },
    close,
  };
}

/** Nobody connects to "all addresses": what listens there is called by a name. */
function publicUrl(listening: string, publicHost: string | undefined): string {
  const url = new URL(listening);
  const everywhere = url.hostname === '0.0.0.0' || url.hostname === '[::]';
  if (publicHost === undefined && !everywhere) return listening;
  return `${url.protocol}//${publicHost ?? 'localhost'}:${url.port}`;
}

function tlsOf(
  psp: Psp,
  plan: FaultPlan,
  authority: CertificateAuthority,
  { host = '127.0.0.1', publicHost }: RunOptions,
): TlsOptions {
  return tlsFor({
    authority,
    proc: `psp:${psp.name}`,
    history: psp.ports.history,
    hosts: [...psp.dialect.hosts, ...(publicHost === undefined ? [] : [publicHost])],
    listenHost: host,
    expired: () => plan.certificateExpired(psp.name),
  });
}
