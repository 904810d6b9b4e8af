/**
 * npm run bench:reconciliation: how fast a settlement file is matched to the ledger, in how much
 * memory, and how well. A service process on a real PostgreSQL with fsync on; the file goes in
 * over HTTP, and what is measured is the time until the answer: read, matched, cases opened, posted.
 *
 *   npm run bench:reconciliation                       a million payments
 *   npm run bench:reconciliation -- --payments 100000 --seed 3 --runs 3
 *
 * Prints a table and writes runs/bench-reconciliation.json. Ends with 1 when a goal is missed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import knexFactory, { type Knex } from 'knex';
import { createDatabase, projectRoot, startEmbeddedPostgres } from '../../kernel/index.ts';
import { benchOptions } from '../bench-options.ts';
import { writeBooks } from './books.ts';
import { MemoryWatch } from './memory.ts';
import { scoreOf, type Found } from './score.ts';
import type { Expected } from './plants.ts';
import { PSP, TERMS, World } from './world.ts';

const API_KEY = 'bench';
const GOAL_SECONDS = 60;
const GOAL_BYTES = 1_073_741_824;
const DAYS = 5;
const PLANT_SHARE = 0.005;
/** Of cases that should not be there, and of those that should. */
const MOST_TOLD = 20;

const options = benchOptions({ payments: 'count', seed: 'count', runs: 'count' });

interface Measured {
  seed: number;
  payments: number;
  lines: number;
  fileMegabytes: number;
  seconds: number;
  linesPerSecond: number;
  matched: number;
  planted: number;
  cases: number;
  /** Cases that name several payments, because which of them a line means cannot be seen. */
  ambiguous: number;
  precision: number;
  recall: number;
  nodePeakMegabytes: number;
  postgresPeakMegabytes: number;
  nodeCpuSeconds: number;
  postgresCpuSeconds: number;
}

async function writeFile(world: World, path: string): Promise<{ expected: Expected[]; lines: number }> {
  const expected: Expected[] = [];
  const out = createWriteStream(path);
  let line = 2;
  for (let day = 0; day < world.options.days; day += 1) {
    const pieces = world.settlement(day, expected, day === 0, line);
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done === true) {
        line = piece.value;
        break;
      }
      if (!out.write(piece.value)) await once(out, 'drain');
    }
  }
  out.end();
  await once(out, 'finish');
  return { expected, lines: line - 2 };
}

async function startService(databaseUrl: string): Promise<{ child: ChildProcess; url: string }> {
  const psps = [
    { name: PSP, dialect: 'acme', baseUrl: 'http://127.0.0.1:1', credentials: { apiKey: 'k', webhookSecret: 's' } },
  ];
  const child = spawn(process.execPath, ['--import=tsx', join(projectRoot(), 'reference-service', 'main.ts')], {
    cwd: projectRoot(),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      API_KEY,
      PSPS: JSON.stringify(psps),
      PORT: '0',
      RECONCILIATION: JSON.stringify({ terms: { [PSP]: TERMS } }),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const listening = /"url":"([^"]+)"/.exec(text)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code ?? 'a signal'}`)));
  });
  return { child, url };
}

function post(url: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: 'POST', headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/octet-stream' } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
        );
      },
    );
    call.on('error', reject);
    createReadStream(path, { highWaterMark: 262_144 }).pipe(call);
  });
}

async function measure(serverUrl: string, folder: string, world: World): Promise<Measured> {
  const databaseUrl = await createDatabase(serverUrl, { name: `bench_${process.pid}_${world.options.seed}` });
  const { child, url } = await startService(databaseUrl);
  const knex = knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 2 } });
  try {
    await writeBooks(knex, world);
    await knex.raw('vacuum analyze');
    await knex.raw('checkpoint');
    const path = join(folder, 'settlement.csv');
    const { expected, lines } = await writeFile(world, path);
    const watch = new MemoryWatch({ node: child.pid ?? 0, postgres: await postmasterOf(knex) });
    const startedAt = process.hrtime.bigint();
    const answer = await post(`${url}/v1/reconciliation/imports?psp=${PSP}&file_name=settlement.csv`, path);
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    const peak = watch.stop();
    if (answer.status !== 201) throw new Error(`the import answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const found = (await knex('discrepancy').select('kind', 'subject_id as subjectId', 'summary')) as Found[];
    const score = scoreOf(expected, found);
    for (const one of score.notPlanted.slice(0, MOST_TOLD)) process.stdout.write(`not planted: ${one}\n`);
    for (const one of score.notFound.slice(0, MOST_TOLD)) process.stdout.write(`not found: ${one}\n`);
    return {
      seed: world.options.seed,
      payments: world.options.payments,
      lines,
      fileMegabytes: Math.round(statSync(path).size / 1_048_576),
      seconds,
      linesPerSecond: Math.round(lines / seconds),
      matched: Number(answer.body['matched']),
      planted: expected.length,
      cases: found.length,
      ambiguous: score.ambiguous,
      precision: score.precision,
      recall: score.recall,
      nodePeakMegabytes: Math.round(peak.node / 1_048_576),
      postgresPeakMegabytes: Math.round(peak.postgres / 1_048_576),
      nodeCpuSeconds: peak.seconds.node,
      postgresCpuSeconds: peak.seconds.postgres,
    };
  } finally {
    await knex.destroy();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function postmasterOf(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: { file: string }[] }>(`select pg_read_file('postmaster.pid') as file`);
  return Number(rows[0]?.file.split('\n')[0]);
}

async function main(): Promise<void> {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, load: loadavg() };
  process.stdout.write(
    `machine: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load[0]?.toFixed(1) ?? '?'}\n`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'bench-reconciliation-'));
  const server = await startEmbeddedPostgres({ dataDir: folder });
  const runs: Measured[] = [];
  try {
    const first = options.seed ?? 1;
    for (let seed = first; seed < first + (options.runs ?? 1); seed += 1) {
      const world = new World({
        seed,
        payments: options.payments ?? 1_000_000,
        days: DAYS,
        plantShare: PLANT_SHARE,
      });
      const run = await measure(server.url, folder, world);
      runs.push(run);
      process.stdout.write(`${JSON.stringify(run)}\n`);
    }
    const settings = await settingsOf(server.url);
    process.stdout.write(`${JSON.stringify(settings)}\n`);
    mkdirSync(join(projectRoot(), 'runs'), { recursive: true });
    writeFileSync(
      join(projectRoot(), 'runs', 'bench-reconciliation.json'),
      `${JSON.stringify({ machine, settings, goals: { GOAL_SECONDS, GOAL_BYTES }, runs }, null, 2)}\n`,
    );
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const isMissed = runs.some(
    (run) =>
      run.precision < 1 ||
      run.recall < 0.995 ||
      run.seconds > GOAL_SECONDS ||
      (run.nodePeakMegabytes + run.postgresPeakMegabytes) * 1_048_576 > GOAL_BYTES,
  );
  if (isMissed) process.exitCode = 1;
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const knex = knexFactory({ client: 'pg', connection: url });
  const { rows } = await knex.raw<{ rows: { name: string; setting: string; unit: string | null }[] }>(
    `select name, setting, unit from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'server_version', 'max_wal_size')`,
  );
  await knex.destroy();
  return Object.fromEntries(rows.map(({ name, setting, unit }) => [name, `${setting}${unit ?? ''}`]));
}

await main();
