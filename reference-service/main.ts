/**
 * One service process: configuration from the environment, schema, HTTP and worker, until a
 * signal comes. Prints one JSON line `{"event":"listening","url":…}` on standard output; logs
 * go to standard error. Run as many as you like on one database.
 */
import knexFactory from 'knex';
import { collectDefaultMetrics } from 'prom-client';
import {
  checkDatabase,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
  NetworkError,
  UserError,
} from '../kernel/index.ts';
import { readConfig, readSecrets, secretsOfEnvironment } from './config/index.ts';
import { createService, migrate } from './index.ts';
import { createLog } from './observability/log.ts';
import { maskOf } from './observability/masked.ts';
import { spansToCollector } from './observability/open-telemetry.ts';
import { NO_SPANS } from './observability/spans.ts';

/** A start that needs longer for a connection has no database to talk to. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Longer than any statement of a payment by far, and than the largest of reconciliation; a database that
 * fell silent in the middle of one holds nobody for ever. The database ends it first, else this side.
 */
const STATEMENT_TIMEOUT_MS = 300_000;

/** Requests that run when a signal comes may end: a call to a PSP takes up to its time-out of ten seconds. */
const STOP_GRACE_MS = 12_000;

/** Exit code of the command line for what is not wrong usage. */
const EXIT_INTERNAL = 255;

async function main(): Promise<void> {
  // Before anything is started: a signal that comes right after `listening` must not end it the hard way.
  const stopped = untilSignal();
  const config = readConfig();
  await checkDatabase(config.databaseUrl);
  const clock = createRealClock();
  const log = createLog(config.logLevel, clock);
  const network = createTcpNetwork({ clock });
  const endpoint = config.otlpEndpoint;
  const spans = endpoint === undefined ? NO_SPANS : spansToCollector({ endpoint, clock, network, log });
  const knex = knexFactory({
    client: 'pg',
    connection: {
      connectionString: config.databaseUrl,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
      keepAlive: true,
    },
    pool: { min: 0, max: config.poolSize },
    acquireConnectionTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    await migrate(knex);
    const service = await createService({
      config: config.service,
      ports: {
        clock,
        network,
        knex,
        ids: createRandomIds(),
        activity: createPassiveActivity(),
        log,
        spans,
      },
    });
    collectDefaultMetrics({ register: service.metrics.registry });
    await service.start();
    process.stdout.write(`${JSON.stringify({ event: 'listening', url: service.url })}\n`);
    const signal = await stopped;
    log({ level: 'info', msg: 'stopping', signal, delay_ms: config.shutdownDelayMs });
    // Whoever balances the load sees that this process is not ready before it stops to listen.
    service.leave();
    if (config.shutdownDelayMs > 0) await clock.sleep(config.shutdownDelayMs);
    await service.stop({ graceMs: STOP_GRACE_MS });
  } finally {
    await spans.close();
    await network.close();
    await knex.destroy();
  }
}

function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
}

/** What a person can put right, in one sentence and a next step; passwords never appear. */
function explained(error: unknown): UserError | null {
  if (error instanceof UserError) return error;
  if (error instanceof NetworkError && error.kind === 'port-taken')
    return new UserError(`${error.message}.`, 'Set PORT to a free port.');
  return null;
}

main().catch((error: unknown) => {
  const known = explained(error);
  const text =
    known === null
      ? error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
      : `${known.message} ${known.advice}`;
  // A driver's message or a stack may quote what it was given.
  process.stderr.write(`${maskOf(secretsOfEnvironment(readSecrets()))(text)}\n`);
  process.exitCode = known?.exitCode ?? EXIT_INTERNAL;
});
