/**
 * `npm test`: everything that must hold, in order of how fast it tells. Each stage is counted;
 * the counts go to `.assay/test-results.json` (read by `.ci/run`) and to the last lines on the
 * terminal. A stage that fails does not stop the next one: one run shows all that is wrong.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import type { MochaCounts } from './mocha-reporter.ts';

export interface StageResult {
  stage: string;
  passed: number;
  failed: number;
  skipped: { what: string; reason: string }[];
  seconds: number;
}

const root = projectRoot();
const resultsFolder = join(root, '.assay');
const mochaCounts = join(resultsFolder, 'mocha.json');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

/** `test/` comes last: it holds the slow, whole-product tests. */
const TEST_FILES = [
  'kernel',
  'psp-simulator',
  'reference-service',
  'scenarios',
  'contracts',
  'load',
  'cli',
  'scripts',
  'test',
].map((folder) => `${folder}/**/*.test.ts`);

function run(command: string, args: string[]): { ok: boolean; seconds: number } {
  const begin = Date.now();
  const { status } = spawnSync(bin(command), args, { cwd: root, stdio: 'inherit' });
  return { ok: status === 0, seconds: (Date.now() - begin) / 1000 };
}

/** A check without counts of its own is one check. */
function check(stage: string, command: string, args: string[]): StageResult {
  process.stdout.write(`\n▶ ${stage}\n`);
  const { ok, seconds } = run(command, args);
  return { stage, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], seconds };
}

function mocha(stage: string): StageResult {
  process.stdout.write(`\n▶ ${stage}\n`);
  rmSync(mochaCounts, { force: true });
  const reporter = join(root, 'scripts', 'mocha-reporter.ts');
  const { ok, seconds } = run('mocha', [
    '--reporter',
    reporter,
    '--reporter-option',
    `counts=${mochaCounts}`,
    ...TEST_FILES,
  ]);
  const counts = readCounts();
  // mocha can also fail without a failing test: a file that does not load, a process that ended early.
  const failed = ok ? counts.failed : Math.max(counts.failed, 1);
  return { stage, passed: counts.passed, failed, skipped: counts.skipped, seconds };
}

function readCounts(): MochaCounts {
  try {
    return JSON.parse(readFileSync(mochaCounts, 'utf8')) as MochaCounts;
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}

mkdirSync(resultsFolder, { recursive: true });
const stages = [
  check('types', 'tsc', ['-p', 'tsconfig.json']),
  check('types of the k6 journeys', 'tsc', ['-p', 'load/tsconfig.json']),
  check('lint', 'eslint', ['.']),
  check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  mocha('tests'),
];
writeFileSync(join(resultsFolder, 'test-results.json'), `${JSON.stringify(stages, null, 2)}\n`);

process.stdout.write('\n');
for (const { stage, passed, failed, skipped, seconds } of stages) {
  const mark = failed > 0 ? '✘' : '✔';
  process.stdout.write(
    `${mark} ${stage}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${seconds.toFixed(1)} s)\n`,
  );
  for (const { what, reason } of skipped) process.stdout.write(`    skipped: ${what} (${reason})\n`);
}
process.exitCode = stages.some(({ failed }) => failed > 0) ? 1 : 0;
