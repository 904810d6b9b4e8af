/**
 * A PostgreSQL server of our own, for runs on a machine without one: started on a free port of
 * the loopback address, ended with this process, its cluster kept for the next run.
 *
 *   choose how to launch ──► take a free cluster ──► end a leftover ──► start ──► wait until ready
 *
 * Works in wall time only: a server process knows no virtual clock.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock } from '../clock/real-clock.ts';
import { UserError } from '../errors.ts';
import { freePort } from '../network/free-port.ts';
import { serverEnvironment, takeCluster, type Cluster } from './cluster.ts';
import { endWithProcess } from './end-with-process.ts';
import { chooseLaunch, type Launch, type LaunchMode } from './launch-mode.ts';
import { endLeftover, isReady, stopProcess } from './postmaster.ts';

/** A start takes 50-80 ms, minutes only when a large log must be replayed on a slow disk. */
const START_DEADLINE_MS = 60_000;
const POLL_MS = 10;

/** The free port may be taken between finding and using it: then another one is tried. */
const START_ATTEMPTS = 3;

/** Enough for a service with several workers, a simulator and probes side by side. */
const MAX_CONNECTIONS = 200;

const clock = createRealClock();

export interface EmbeddedPostgresOptions {
  /** Folder for the clusters; made when missing. Several runs may use it at once. */
  dataDir: string;
  /** How to start the server; the default is the best way that works on this host. */
  mode?: LaunchMode;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `postgres`, user `postgres`, no password. */
  url: string;
  /** True when a server that a killed run had left on this cluster was found; it was ended and its data taken over. */
  adopted: boolean;
  /** Ends connections and server, and gives the cluster back. May be called twice. */
  stop(): Promise<void>;
}

/** Throws a UserError when no server can be started here. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const launch = chooseLaunch(options.mode);
  const cluster = takeCluster(options.dataDir, launch);
  try {
    const adopted = await endLeftover(cluster.dataDir, clock);
    const { server, port } = await startServer(cluster, launch);
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, adopted, stop: stopOnce(server, cluster) };
  } catch (error) {
    cluster.release();
    throw error;
  }
}

interface RunningServer {
  pid: number;
  exited: () => boolean;
  unwatch: () => void;
}

async function startServer(cluster: Cluster, launch: Launch): Promise<{ server: RunningServer; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const logPath = `${cluster.dataDir}.log`;
    const server = launchServer(cluster, launch, port, logPath);
    if (server !== undefined && (await becomesReady(server, cluster.dataDir))) return { server, port };
    if (server !== undefined) await endServer(server);
    if (attempt === START_ATTEMPTS) {
      throw new UserError(
        `The PostgreSQL server did not start: ${lastLine(logPath)}.`,
        `Read ${logPath}, or set DATABASE_URL to a server of your own.`,
      );
    }
  }
}

function launchServer(cluster: Cluster, launch: Launch, port: number, logPath: string): RunningServer | undefined {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${MAX_CONNECTIONS}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ].flatMap((setting) => ['-c', setting]);
  const [program = '', ...words] = [
    ...launch.prefix,
    join(cluster.binaries.nativeDir, 'bin', 'postgres'),
    '-D',
    cluster.dataDir,
    ...settings,
  ];
  const log = openSync(logPath, 'w');
  // A session of its own: Ctrl-C in the terminal must reach this process first, not the server.
  const child: ChildProcess = spawn(program, words, {
    cwd: '/',
    env: serverEnvironment(cluster.binaries),
    stdio: ['ignore', log, log],
    detached: true,
    ...launch.account,
  });
  closeSync(log);
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  child.once('error', () => {
    exited = true;
  });
  child.unref();
  if (child.pid === undefined) return undefined;
  return { pid: child.pid, exited: () => exited, unwatch: endWithProcess(child.pid) };
}

async function becomesReady(server: RunningServer, dataDir: string): Promise<boolean> {
  const deadline = clock.elapsed() + START_DEADLINE_MS;
  while (!server.exited() && clock.elapsed() < deadline) {
    if (isReady(dataDir, server.pid)) return true;
    await clock.sleep(POLL_MS);
  }
  return false;
}

async function endServer(server: RunningServer): Promise<void> {
  if (!server.exited()) await stopProcess(server.pid, clock);
  server.unwatch();
}

function stopOnce(server: RunningServer, cluster: Cluster): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= endServer(server).finally(cluster.release);
    return stopping;
  };
}

function lastLine(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').at(-1) || 'it gave no reason';
}
