/**
 * One service process: configuration from the environment, schema, HTTP and worker, until a
 * signal comes. Prints one JSON line `{"event":"listening","url":…}` on standard output; logs
 * go to standard error. Run as many as you like on one database.
 */
import knexFactory from 'knex';
import { pino } from 'pino';
import {
  checkDatabase,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
  NetworkError,
  UserError,
} from '../kernel/index.ts';
import { readConfig } from './config.ts';
import { createService, migrate } from './index.ts';

/** A start that needs longer for a connection has no database to talk to. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Exit code of the command line for what is not wrong usage. */
const EXIT_INTERNAL = 255;

async function main(): Promise<void> {
  // Before anything is started: a signal that comes right after `listening` must not end it the hard way.
  const stopped = untilSignal();
  const config = readConfig();
  await checkDatabase(config.databaseUrl);
  const logger = pino({ base: null, timestamp: false, formatters: { level: () => ({}) } }, pino.destination(2));
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const knex = knexFactory({
    client: 'pg',
    connection: { connectionString: config.databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
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
        log: (line) => logger.info(line),
      },
    });
    await service.start();
    process.stdout.write(`${JSON.stringify({ event: 'listening', url: service.url })}\n`);
    await stopped;
    await service.stop();
  } finally {
    await network.close();
    await knex.destroy();
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
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
  if (known === null)
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  else process.stderr.write(`${known.message} ${known.advice}\n`);
  process.exitCode = known?.exitCode ?? EXIT_INTERNAL;
});
