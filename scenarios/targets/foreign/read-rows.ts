/**
 * Looks at a target as its file says, by HTTP, SQL or a command, and gives back rows. It knows
 * nothing of what they mean.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import knex, { type Knex } from 'knex';
import { messageOf, type Network } from '../../../kernel/index.ts';
import { NotAsDescribed } from './errors.ts';
import { fillText, type Values } from './fill.ts';
import { pick } from './pick.ts';
import { sendCall } from './send-call.ts';
import type { ReadingSpec } from './target-file.ts';

const TIMEOUT_MS = 10_000;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface RowReader {
  /** Throws NotAsDescribed when the answer is of no use, NetworkError when there is none. */
  read(what: string, spec: ReadingSpec<string>, values: Values): Promise<unknown[]>;
  close(): Promise<void>;
}

export interface RowReaderOptions {
  network: Network;
  /** Absolute; commands run there. */
  folder: string;
  /** The environment of commands. */
  environment: Record<string, string>;
  /** PostgreSQL for `sql`. */
  databaseUrl?: string | undefined;
}

export function createRowReader(options: RowReaderOptions): RowReader {
  const { network, folder, environment, databaseUrl } = options;
  let database: Knex | undefined;

  async function answerOf(what: string, spec: ReadingSpec<string>, values: Values): Promise<unknown> {
    if (spec.sql !== undefined) return rowsOf(what, spec.sql, values);
    if (spec.command !== undefined) return outputOf(what, spec.command, values);
    const answer = await sendCall(network, { ...spec, call: spec.call ?? '' }, values, TIMEOUT_MS);
    if (answer.status < 200 || answer.status > 299)
      throw new NotAsDescribed(`observe.${what} answered ${answer.status}`);
    if (answer.body === null) throw new NotAsDescribed(`observe.${what} answered ${answer.status} without JSON`);
    return answer.body;
  }

  async function rowsOf(what: string, sql: string, values: Values): Promise<unknown> {
    if (databaseUrl === undefined)
      throw new NotAsDescribed(`observe.${what} is SQL, and there is no database: give observe.database`);
    database ??= knex({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 2 } });
    try {
      const asked = /:player\b/.test(sql)
        ? database.raw(sql, { player: String(values['player'] ?? '') })
        : database.raw(sql);
      return ((await asked) as { rows: unknown[] }).rows;
    } catch (error) {
      throw new NotAsDescribed(`observe.${what}: the database says ${messageOf(error)}`);
    }
  }

  async function outputOf(what: string, command: string, values: Values): Promise<unknown> {
    const script = fillText(command, values, quoted);
    try {
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], {
        cwd: folder,
        env: environment,
        timeout: TIMEOUT_MS,
        maxBuffer: MOST_OUTPUT_BYTES,
      });
      // sqlite3 -json prints nothing at all where there are no rows.
      return stdout.trim() === '' ? [] : (JSON.parse(stdout) as unknown);
    } catch (error) {
      throw new NotAsDescribed(`observe.${what}: the command ${reasonOf(error)}`);
    }
  }

  return {
    async read(what, spec, values) {
      const answer = await answerOf(what, spec, values);
      const found = spec.list === undefined ? answer : pick(answer, spec.list);
      if (Array.isArray(found)) return found;
      if (spec.list === undefined && typeof found === 'object') return [found];
      throw new NotAsDescribed(`observe.${what}: there is no list at ${spec.list ?? '$'} of the answer`);
    },
    close: async () => {
      await database?.destroy();
    },
  };
}

/** For a shell: nothing in a value is a command. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'printed something that is not JSON';
  const { stderr, code } = error as { stderr?: string; code?: unknown };
  const last = stderr?.trim().split('\n').at(-1);
  return `failed${typeof code === 'number' ? ` with ${code}` : ''}${last === undefined || last === '' ? '' : `: ${last}`}`;
}
