/**
 * Puts a simulator together: the run that it starts with, the control API beside it, and the runs
 * that the control API opens later.
 */
import { UserError } from '../../kernel/index.ts';
import type { HistorySink, Listening, Network } from '../../kernel/index.ts';
import { createControlApi } from '../control/create-control-api.ts';
import { ANY_TARGET, webhookTargets } from '../webhooks/guard-targets.ts';
import type { CertificateAuthority } from '../reach/certificate-authority.ts';
import { openProxy } from '../reach/proxy.ts';
import { Door } from './door.ts';
import { isLoopback } from './loopback.ts';
import type { PspConfig } from './psp-config.ts';
import type { Psp, SimulatorPorts } from './psp.ts';
import { keepPausesShort } from './short-pauses.ts';
import { createRunOpener } from './open-side-run.ts';
import { openRun } from './run.ts';
import type { Run } from './run.ts';
import { FIRST_RUN, MOST_RUNS, Runs } from './runs.ts';

export interface SimulatorOptions {
  ports: SimulatorPorts;
  psps: readonly PspConfig[];
  /** Where the PSPs listen (TCP only); default 127.0.0.1. */
  host?: string;
  /** Host name in the PSPs' URLs, where others reach them under another name than they listen on. */
  publicHost?: string;
  /** `token` is asked for as `Authorization: Bearer …`; without one the control API stays on loopback. */
  control?: { port?: number; host?: string; token?: string };
  /** Hosts and networks outside loopback that webhooks may go to: `shop.example.com`, `*.example.com`, `10.0.0.0/8`. */
  webhookTargets?: readonly string[];
  /**
   * TCP only: https on every PSP's port and, with a `proxyPort` (0: any free one), an HTTP proxy
   * for the PSPs' real host names. Both with certificates of this CA.
   */
  reach?: { authority: CertificateAuthority; proxyPort?: number };
  /** The courier's way out; default the simulator's network. */
  courierNetwork?: Network;
  /** Runs that the control API opens: how many at once, and who hears of their events. */
  runs?: { most?: number; history?(runId: string): HistorySink };
}

/** What the outside may know of a running PSP. */
export interface RunningPsp {
  readonly name: string;
  readonly dialect: string;
  readonly url: string;
  /** acme and stripe: `apiKey`, `webhookSecret`; adyen: `apiKey`, `merchantAccount`, `hmacKey`. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface Simulator {
  readonly control: { readonly url: string };
  readonly psps: readonly RunningPsp[];
  /** The HTTP proxy for the PSPs' real host names, if there is one. */
  readonly proxy: { readonly url: string } | null;
  /** Stops listening and cancels everything planned. */
  close(): Promise<void>;
}

/** Rejects with a UserError on a bad configuration, with a NetworkError when a port is taken. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { ports, control = {}, host } = options;
  requireToken(control);
  if (ports.network.kind === 'tcp') keepPausesShort();
  // In memory nobody is outside, so there is nobody to protect.
  const targets = ports.network.kind === 'tcp' ? webhookTargets(options.webhookTargets ?? []) : ANY_TARGET;
  const courierNetwork = options.courierNetwork ?? ports.network;
  const shared = {
    courierNetwork,
    webhookTargets: targets,
    ...(host === undefined ? {} : { host }),
    ...(options.publicHost === undefined ? {} : { publicHost: options.publicHost }),
    ...(options.reach === undefined ? {} : { authority: options.reach.authority }),
  };
  const first = await openRun({ ...shared, id: FIRST_RUN, ports, psps: options.psps, namePrefix: '' });
  const runs = new Runs(first, { wireClock: ports.wireClock, most: options.runs?.most ?? MOST_RUNS });
  const openSideRun = createRunOpener({ runs, ports, shared, history: options.runs?.history ?? (() => null), first });
  const door = new Door({
    network: ports.network,
    name: 'psp-control',
    port: control.port ?? 0,
    ...(control.host === undefined ? {} : { host: control.host }),
    listener: createControlApi({ runs, openRun: openSideRun, token: control.token ?? null }),
  });
  let proxy: Listening | null = null;
  const close = async (): Promise<void> => {
    await runs.closeAll();
    await proxy?.close(0);
    await door.close();
  };
  try {
    const url = await door.open();
    proxy = await proxyTo(first, options);
    return {
      control: { url },
      psps: first.psps.map(describe),
      proxy: proxy === null ? null : { url: proxy.url },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function requireToken({ host, token }: NonNullable<SimulatorOptions['control']>): void {
  if (token !== undefined && token.length < SHORTEST_TOKEN)
    throw new UserError(
      `the token of the control API has ${token.length} characters`,
      `Take at least ${SHORTEST_TOKEN}, or leave it out on loopback.`,
    );
  if (host === undefined || isLoopback(host) || token !== undefined) return;
  throw new UserError(
    `the control API would listen on ${host}, where others can reach it, without a token`,
    'Give it a token, or let it listen on 127.0.0.1.',
  );
}

/** Shorter ones can be guessed over a network. */
const SHORTEST_TOKEN = 8;

function describe(psp: Psp): RunningPsp {
  return { name: psp.name, dialect: psp.dialect.name, url: psp.url, credentials: psp.credentials };
}

async function proxyTo(run: Run, { ports, host, reach }: SimulatorOptions): Promise<Listening | null> {
  if (reach?.proxyPort === undefined) return null;
  return openProxy({
    network: ports.network,
    host: host ?? '127.0.0.1',
    port: reach.proxyPort,
    authority: reach.authority,
    history: run.ports.history,
    psps: run.psps,
    isReachable: run.isReachable,
    certificateExpired: (psp) => run.plan.certificateExpired(psp),
  });
}
