/**
 * `npm test`: everything that must hold, in order of how fast it tells. Each stage is counted;
 * the counts go to `.assay/test-results.json` (read by `.ci/run`) and to the last lines on the
 * terminal. A stage that fails does not stop the next one: one run shows all that is wrong.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import type { MochaCounts } from './mocha-reporter.ts';
import { testGroups, type TestGroup } from './test-groups.ts';

export interface StageResult {
  stage: string;
  passed: number;
  failed: number;
  /** Empty where a check counts as one. */
  failures: MochaCounts['failures'];
  skipped: { what: string; reason: string }[];
  seconds: number;
}

const root = projectRoot();
const resultsFolder = join(root, '.assay');
/** Each process may hold a PostgreSQL in memory. */
const MOST_LANES = 4;
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

function run(command: string, args: string[]): { ok: boolean; seconds: number } {
  const begin = Date.now();
  const { status } = spawnSync(bin(command), args, { cwd: root, stdio: 'inherit' });
  return { ok: status === 0, seconds: (Date.now() - begin) / 1000 };
}

/** A check without counts of its own is one check. */
function check(stage: string, command: string, args: string[]): StageResult {
  process.stdout.write(`\n▶ ${stage}\n`);
  const { ok, seconds } = run(command, args);
  return { stage, passed: ok ? 1 : 0, failed: ok ? 0 : 1, failures: [], skipped: [], seconds };
}

/** What the running groups have said so far; told as well when this process is ended early. */
const unsaid = new Map<string, string>();

/** One mocha process. What it says comes out whole when it ends, so that two do not mix. */
async function mochaGroup({ name, files }: TestGroup): Promise<MochaCounts> {
  const counts = join(resultsFolder, `mocha-${name.replaceAll(' ', '-')}.json`);
  rmSync(counts, { force: true });
  const begin = Date.now();
  unsaid.set(name, '');
  const reporter = ['--reporter', join(root, 'scripts', 'mocha-reporter.ts')];
  const child = spawn(bin('mocha'), [...reporter, '--reporter-option', `counts=${counts}`, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => unsaid.set(name, `${unsaid.get(name) ?? ''}${text}`));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  say(name, `${((Date.now() - begin) / 1000).toFixed(0)} s`);
  const counted = readCounts(counts);
  if (counted !== null && (status === 0 || counted.failed > 0)) return counted;
  // mocha can also fail without a failing test: a file that does not load, a process that ended early.
  return {
    passed: 0,
    skipped: [],
    ...counted,
    failed: 1,
    failures: [{ what: name, message: `mocha ended with exit code ${status}` }],
  };
}

function say(name: string, after: string): void {
  process.stdout.write(`\n▶ tests: ${name} (${after})\n${unsaid.get(name) ?? ''}`);
  unsaid.delete(name);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    for (const name of [...unsaid.keys()]) say(name, 'not finished');
    process.exit(code);
  });
}

/** All tests, as many groups side by side as there are cores. */
async function mocha(stage: string): Promise<StageResult> {
  process.stdout.write(`\n▶ ${stage}\n`);
  const begin = Date.now();
  const waiting = testGroups(root);
  const all: MochaCounts[] = [];
  const lane = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) all.push(await mochaGroup(group));
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), MOST_LANES) }, lane));
  const sum = (of: (counts: MochaCounts) => number): number => all.reduce((total, counts) => total + of(counts), 0);
  return {
    stage,
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    failures: all.flatMap(({ failures }) => failures),
    skipped: all.flatMap(({ skipped }) => skipped),
    seconds: (Date.now() - begin) / 1000,
  };
}

function readCounts(path: string): MochaCounts | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as MochaCounts;
  } catch {
    return null;
  }
}

mkdirSync(resultsFolder, { recursive: true });
const stages = [
  check('types', 'tsc', ['-p', 'tsconfig.json']),
  check('types of the k6 journeys', 'tsc', ['-p', 'load/tsconfig.json']),
  check('lint', 'eslint', ['.']),
  check('lint of the OpenAPI documents', 'tsx', ['scripts/lint-openapi.ts']),
  check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  await mocha('tests'),
];
writeFileSync(join(resultsFolder, 'test-results.json'), `${JSON.stringify(stages, null, 2)}\n`);

process.stdout.write('\n');
for (const { stage, passed, failed, failures, skipped, seconds } of stages) {
  const mark = failed > 0 ? '✘' : '✔';
  process.stdout.write(
    `${mark} ${stage}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${seconds.toFixed(1)} s)\n`,
  );
  for (const { what, message } of failures) process.stdout.write(`    failed: ${what}: ${message}\n`);
  for (const { what, reason } of skipped) process.stdout.write(`    skipped: ${what} (${reason})\n`);
}
process.exitCode = stages.some(({ failed }) => failed > 0) ? 1 : 0;
