/**
 * Goal: a server of our own starts, keeps its data, and never outlives the process that
 * started it, however that process ends. Method: child processes that hold a server and are
 * ended in each way; one data folder, so that initdb runs once or twice.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createRealClock } from '../../clock/real-clock.ts';
import { UserError } from '../../errors.ts';
import { checkDatabase, createDatabase, dropDatabase } from '../database.ts';
import { startEmbeddedPostgres } from '../embedded-server.ts';
import { isAlive } from '../folder-lock.ts';
import { chooseLaunch } from '../launch-mode.ts';

/** A server is gone within about 100 ms; a machine under load may need much longer. */
const GONE_DEADLINE_MS = 30_000;

const clock = createRealClock();

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  const deadline = clock.elapsed() + GONE_DEADLINE_MS;
  while (isAlive(pid)) {
    assert.ok(clock.elapsed() < deadline, `process ${pid} is still there`);
    await clock.sleep(20);
  }
}

describe('embedded PostgreSQL', () => {
  let dataDir: string;
  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'assay-embedded-'));
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  async function hold(behaviour: string): Promise<{ child: ChildProcess; url: string; pid: number }> {
    const script = fileURLToPath(new URL('./server-holder.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import=tsx', script, dataDir, behaviour], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    return { child, ...(JSON.parse(line) as { url: string; pid: number }) };
  }

  it('starts, keeps its data between runs, and leaves nothing behind when stopped', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    assert.equal(first.adopted, false);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await Promise.all([first.stop(), first.stop()]);
    await assert.rejects(
      checkDatabase(first.url),
      (error: unknown) => error instanceof UserError && /refused/.test(error.message),
    );

    const second = await startEmbeddedPostgres({ dataDir });
    assert.deepEqual(await query(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    assert.deepEqual(
      await query(second.url, `SELECT current_setting('fsync') AS fsync, current_setting('TimeZone') AS zone`),
      [{ fsync: 'on', zone: 'UTC' }],
    );
    await second.stop();
  });

  it('serves two runs at once on the same folder, apart from each other', async () => {
    const [first, second] = [await startEmbeddedPostgres({ dataDir }), await startEmbeddedPostgres({ dataDir })];
    await first.stop();
    assert.deepEqual(await query(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
    await second.stop();
  });

  it('says what is wrong with the folder it was given', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    await assert.rejects(
      startEmbeddedPostgres({ dataDir: file }),
      (error: unknown) => error instanceof UserError && /a-file/.test(error.message),
    );
  });

  it('creates databases from a template and drops them under open connections', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    const template = await createDatabase(server.url, { name: 'shape' });
    await query(template, 'CREATE TABLE t AS SELECT 7 AS n');
    const copy = await createDatabase(server.url, { name: 'copy "1"', template: 'shape' });
    assert.deepEqual(await query(copy, 'SELECT n FROM t'), [{ n: 7 }]);

    const busy = new pg.Client({ connectionString: copy });
    busy.on('error', () => undefined);
    await busy.connect();
    await dropDatabase(server.url, 'copy "1"');
    await assert.rejects(
      checkDatabase(copy),
      (error: unknown) => error instanceof UserError && /no database copy "1"/.test(error.message),
    );
    await busy.end().catch(() => undefined);
    await dropDatabase(server.url, 'shape');
    await server.stop();
  });

  const ends = [
    { way: 'interrupt, as one of two', behaviour: 'two', signal: 'SIGINT' },
    { way: 'termination', behaviour: 'wait', signal: 'SIGTERM' },
    { way: 'an uncaught exception', behaviour: 'throw', signal: undefined },
  ] as const;
  for (const { way, behaviour, signal } of ends) {
    it(`ends with its process on ${way}`, async () => {
      const { child, pid } = await hold(behaviour);
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
      if (signal !== undefined) child.kill(signal);
      await exited;
      await waitUntilGone(pid);
    });
  }

  it('is gone or taken over, with its data, after its process was killed', async () => {
    const { child, url, pid } = await hold('wait');
    await query(url, 'CREATE TABLE survived AS SELECT 1 AS n');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const next = await startEmbeddedPostgres({ dataDir });
    // The old one gives its folder back a moment before its process ends.
    await waitUntilGone(pid);
    assert.deepEqual(await query(next.url, 'SELECT n FROM survived'), [{ n: 1 }]);
    await next.stop();
  });

  it('does not outlive a killed process where the system can see to it', async function () {
    if (!chooseLaunch().diesWithParent) this.skip();
    const { child, pid } = await hold('wait');
    child.kill('SIGKILL');
    await waitUntilGone(pid);
  });
});
