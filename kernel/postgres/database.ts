/**
 * Databases on a server: make one (empty, or as a copy of a template), drop one, and say in one
 * sentence why a server cannot be reached. Passwords never appear in a message.
 */
import pg from 'pg';
import { messageOf, UserError } from '../errors.ts';

/** A server on the same machine or network answers in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

const DEFAULT_PORT = '5432';

export interface CreateDatabaseOptions {
  name: string;
  /** Database to copy; nobody may be connected to it. */
  template?: string;
}

/** Creates the database and returns its URL. Throws a UserError when the server cannot be reached. */
export async function createDatabase(serverUrl: string, options: CreateDatabaseOptions): Promise<string> {
  const { name, template } = options;
  const copyOf = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`;
  await withConnection(serverUrl, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}${copyOf}`));
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.toString();
}

/** Drops the database, ending its connections; a database that does not exist is fine. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await withConnection(serverUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

/** Connects once and says the server's version, such as `18.4`. Throws a UserError when that fails. */
export async function checkDatabase(url: string): Promise<string> {
  const result = await withConnection(url, (client) => client.query<{ server_version: string }>('SHOW server_version'));
  return result.rows[0]?.server_version ?? 'unknown';
}

async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = openClient(url);
  try {
    await client.connect();
  } catch (error) {
    throw unreachableDatabase(url, error);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function openClient(url: string): pg.Client {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new UserError(
      'The database address is not a PostgreSQL URL.',
      'Use the form postgres://user:password@host:5432/database.',
    );
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while idle has a failed query or the next connect to say so.
  client.on('error', () => undefined);
  return client;
}

/** One sentence: which server, why, and what to do next. */
export function unreachableDatabase(url: string, error: unknown): UserError {
  const { hostname, port, username, pathname } = new URL(url);
  const server = `${hostname}:${port || DEFAULT_PORT}`;
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return new UserError(
        `No PostgreSQL server answers at ${server} (connection refused).`,
        'Start it, or correct DATABASE_URL, or unset it to use the embedded server.',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError(`The database host ${hostname} does not resolve.`, 'Correct the host name in DATABASE_URL.');
    case '28P01':
    case '28000':
      return new UserError(
        `The PostgreSQL server at ${server} rejects the user ${decodeURIComponent(username)}.`,
        'Correct user and password in DATABASE_URL.',
      );
    case '3D000':
      return new UserError(
        `The PostgreSQL server at ${server} has no database ${decodeURIComponent(pathname.slice(1))}.`,
        'Create it, or correct the name in DATABASE_URL.',
      );
    default:
      return new UserError(
        `The PostgreSQL server at ${server} cannot be used: ${messageOf(error)}.`,
        'Check that DATABASE_URL points to a running server.',
      );
  }
}
