/**
 * Probes, secrets and the end of a process, with a real database that is stopped under it.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import request from 'supertest';
import {
  createDatabase,
  projectRoot,
  startEmbeddedPostgres,
  UserError,
  type EmbeddedPostgres,
} from '../../kernel/index.ts';
import { readConfig } from '../config/index.ts';

const KEY = 'a-key-that-nobody-may-see';
const SECRET = 'whs_very_secret_value';

describe('a process and its probes', function () {
  const children: ChildProcess[] = [];
  let folder: string;
  let server: EmbeddedPostgres;
  let environment: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'service-probes-'));
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
    writeFileSync(join(folder, 'key'), `${KEY}\n`);
    const credentials = { apiKey: 'sk_secret_value_1', webhookSecret: [SECRET, 'whs_older_secret_value'] };
    environment = {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: await createDatabase(server.url, { name: 'probes' }),
      API_KEY_FILE: join(folder, 'key'),
      PORT: '0',
      PSPS: JSON.stringify([{ name: 'acme', dialect: 'acme', baseUrl: 'http://127.0.0.1:1', credentials }]),
    };
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(more: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['--import=tsx', join(projectRoot(), 'reference-service', 'main.ts')], {
      env: { ...environment, ...more },
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const said = { text: '' };
    child.stderr?.on('data', (chunk: Buffer) => (said.text += chunk.toString('utf8')));
    const exit = once(child, 'close').then(([code]) => code as number | null);
    const line = await Promise.race([
      once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line').then(([text]) => String(text)),
      exit.then(() => '{}'),
    ]);
    return { child, url: (JSON.parse(line) as { url?: string }).url ?? '', said, exit };
  }

  it('never says a secret when it cannot start', async () => {
    const wrong: Record<string, string>[] = [
      { PSPS: `[{"name":"acme","credentials":{"apiKey":"${SECRET}"` },
      { API_KEYS: `[{"name":"x","key":"${SECRET}","scopes":["none:at-all"]}]` },
      { API_KEYS: `{"key":"${SECRET}"` },
      { API_KEYS_FILE: join(folder, 'nowhere') },
    ];
    for (const more of wrong)
      assert.throws(
        () => readConfig({ ...environment, ...more }),
        (error: unknown) =>
          error instanceof UserError && !`${error.message}${error.advice}${error.stack ?? ''}`.includes(SECRET),
      );
    const broken = await Promise.all([
      start({ DATABASE_URL: `postgres://user:${SECRET}@127.0.0.1:1/none` }),
      start({ DATABASE_URL: `postgres://user:${SECRET}@[broken` }),
    ]);
    for (const { said, exit } of broken) {
      assert.notEqual(await exit, 0);
      assert.notEqual(said.text, '');
      assert.ok(!said.text.includes(SECRET) && !said.text.includes(KEY), said.text);
    }
  });

  it('is live without its database and not ready, and says that it leaves before it ends', async () => {
    const { child, url, said, exit } = await start({ SHUTDOWN_DELAY_MS: '1500' });
    const status = async (path: string): Promise<number> => (await request(url).get(path)).status;
    assert.deepEqual([await status('/health/live'), await status('/health/ready')], [200, 200]);
    const metrics = await request(url).get('/metrics').set('authorization', `Bearer ${KEY}`);
    assert.match(metrics.text, /process_cpu_user_seconds_total/);
    assert.equal((await request(url).get('/metrics')).status, 401);

    child.kill('SIGTERM');
    let ready = 200;
    for (let turn = 0; turn < 200 && ready === 200; turn += 1) ready = await status('/health/ready');
    assert.equal(ready, 503, 'not ready from the signal on');
    assert.equal(await status('/health/live'), 200, 'and still serving');
    assert.equal(await exit, 0);

    const second = await start();
    await server.stop();
    const alone = async (path: string): Promise<number> => (await request(second.url).get(path)).status;
    assert.equal(await alone('/health/ready'), 503);
    assert.equal(await alone('/health/live'), 200);
    const scraped = await request(second.url).get('/metrics').set('authorization', `Bearer ${KEY}`);
    assert.match(scraped.text, /^assay_database_up 0$/m);
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
    assert.ok(!`${said.text}${second.said.text}`.includes(KEY));
    second.child.kill('SIGKILL');
    await second.exit;
  });
});
