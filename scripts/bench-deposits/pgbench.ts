/** pgbench, the yardstick: the same statements from a client that does nothing else. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../kernel/index.ts';
import { cpuOf } from './machine.ts';
import type { Script } from './statements.ts';

/** Both cores may be the client's as well. */
const THREADS = 2;

const CPU_LOOK_MS = 100;

export interface PgbenchResult {
  deposits: number;
  perSecond: number;
  latencyMs: number;
  /** CPU of pgbench itself, as last seen before its end. */
  cpuMs: number;
}

export function pgbenchVersion(): string {
  const { stdout, error } = spawnSync('pgbench', ['--version'], { encoding: 'utf8' });
  if (error !== undefined)
    throw new UserError(
      'pgbench is not on the path.',
      'Install the contrib programs of PostgreSQL: apt-get install postgresql-contrib, or brew install postgresql.',
    );
  return stdout.trim();
}

export async function runPgbench(
  url: string,
  script: Script,
  how: { clients: number; seconds: number },
): Promise<PgbenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-deposits-'));
  const file = join(folder, 'deposit.sql');
  writeFileSync(file, script.text);
  const variables = Object.entries(script.variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const words = ['-n', '-M', 'prepared', '-c', how.clients, '-j', THREADS, '-T', how.seconds, '-f', file].map(String);
  try {
    const { text, cpuMs } = await run('pgbench', [...words, ...variables, url]);
    const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN);
    const failed = number(/number of failed transactions: (\d+)/);
    const result = {
      deposits: number(/number of transactions actually processed: (\d+)/),
      perSecond: number(/tps = ([\d.]+) \(without/),
      latencyMs: number(/latency average = ([\d.]+) ms/),
      cpuMs,
    };
    if (!(result.deposits > 0) || failed > 0) throw new Error(`pgbench did not do its work:\n${text}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, words: string[]): Promise<{ text: string; cpuMs: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [text, cpuMs] = ['', 0];
    const look = setInterval(() => {
      cpuMs = cpuOf(child.pid ?? 0) ?? cpuMs;
    }, CPU_LOOK_MS);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ text, cpuMs });
      else reject(new Error(`${program} ended with ${code}:\n${text.slice(-2_000)}`));
    });
  });
}
