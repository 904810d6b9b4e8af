/** Starts the simulator of `assay psp` on real sockets, with https and the proxy unless told otherwise. */
import { resolve } from 'node:path';
import {
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createScaledClock,
  createTcpNetwork,
  NetworkError,
  UserError,
} from '../../kernel/index.ts';
import { createSimulator, openCaFolder, type PspConfig, type Simulator } from '../../psp-simulator/index.ts';
import { createLiveEvents, type LiveEvent } from '../support/live-events.ts';
import { lineOf } from '../support/live-lines.ts';
import type { Output } from '../support/output.ts';
import type { PspSettings } from './read-options.ts';

/** Retry schedules may run faster than the wall; no delay gets shorter than this (milliseconds). */
const SHORTEST_DELAY_MS = 20;

const LOOPBACK = '127.0.0.1';

export interface RunningSimulator extends Simulator {
  /** Absolute path of the CA's certificate; undefined without https. */
  readonly caFile: string | undefined;
  /** Addresses outside this machine were asked for, and the control API stayed inside for want of a token. */
  readonly controlKeptInside: boolean;
  /** Shows what happens from now on, and what happened before it could be shown. */
  startLive(): void;
}

/** Rejects with a UserError when a port is taken, the CA folder cannot be used or options do not fit together. */
export async function startSimulator(
  psps: readonly PspConfig[],
  settings: PspSettings,
  output: Output,
): Promise<RunningSimulator> {
  const { host, publicHost, token, speed, proxyPort } = settings;
  const wireClock = createRealClock();
  const network = createTcpNetwork({ clock: wireClock });
  const ca = settings.https ? openCaFolder(resolve(settings.caDir), wireClock) : undefined;
  const live = createLiveView(output);
  const history = createLiveEvents({ clock: wireClock, tell: live.tell });
  try {
    const simulator = await createSimulator({
      ports: {
        clock:
          speed === 1 ? wireClock : createScaledClock({ factor: speed, floorMs: SHORTEST_DELAY_MS, base: wireClock }),
        wireClock,
        random: createKeyedRandom(settings.seed),
        ids: createRandomIds(),
        network,
        history,
        activity: createPassiveActivity(),
      },
      psps,
      host,
      ...(publicHost === undefined ? {} : { publicHost }),
      control: {
        port: settings.controlPort,
        host: token === undefined ? LOOPBACK : host,
        ...(token === undefined ? {} : { token }),
      },
      webhookTargets: settings.webhookTargets,
      ...(ca === undefined
        ? {}
        : { reach: { authority: ca.authority, ...(proxyPort === undefined ? {} : { proxyPort }) } }),
    });
    return {
      ...simulator,
      startLive: live.start,
      caFile: ca?.certPath,
      controlKeptInside: token === undefined && host !== LOOPBACK && host !== 'localhost' && host !== '::1',
      close: async () => {
        await simulator.close();
        await network.close();
      },
    };
  } catch (error) {
    await network.close();
    throw inWords(error, host);
  }
}

/**
 * JSON for a machine that asked for it, lines for a person at a terminal, nothing for any other
 * pipe, which would only fill up. The first thing said is where everything listens, so events wait.
 */
function createLiveView(output: Output): { tell(event: LiveEvent): void; start(): void } {
  let early: LiveEvent[] | undefined = [];
  const show = (event: LiveEvent): void => {
    const line = output.json || !output.live ? undefined : lineOf(event);
    if (output.json) output.result(event);
    else if (line !== undefined) output.note(line);
  };
  return {
    tell: (event) => void (early === undefined ? show(event) : early.push(event)),
    start: () => {
      early?.forEach(show);
      early = undefined;
    },
  };
}

function inWords(error: unknown, host: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof UserError && /webhooks may not go to/.test(error.message))
    return new UserError(error.message, 'Allow it with --allow-webhooks-to <host>, or choose another URL.');
  if (error instanceof NetworkError && error.kind === 'port-taken') {
    const advice =
      'Choose ports with --psp <dialect>:<port>, --control-port <port> and --proxy-port <port>, or let --any-port take free ones.';
    return new UserError(error.message, advice);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UserError(`${host} is no address of this machine`, 'Give one with --host; 0.0.0.0 is all of them.');
  if (code === 'EACCES')
    return new UserError(`a port below 1024 needs more rights (${host})`, 'Choose ports from 1024 on.');
  return error;
}
