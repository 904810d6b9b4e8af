/**
 * npm run bench:harness: how fast the harness plays, explores, starts and judges.
 *
 *   npm run bench:harness                          everything; 100 runs of three days each
 *   npm run bench:harness -- --runs 10 --seeds 30 --events 200000
 *   npm run bench:harness -- --only judge          one part: days, explore, start, judge
 *
 * Prints a table and writes runs/bench-harness.json. Ends with 1 when a goal is missed. Beside the
 * time on the wall stands the processor's, which a busy machine blurs less.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { projectRoot } from '../../kernel/index.ts';
import { closeVirtualDatabase } from '../../scenarios/index.ts';
import { benchOptions } from '../bench-options.ts';
import { measureDays } from './days.ts';
import { measureExploring } from './exploring.ts';
import { measureJudging } from './judging.ts';
import { measureStart } from './start.ts';

/** One line of the report. */
export interface Measured {
  what: string;
  value: number;
  unit: string;
  /** At most this, or at least. */
  goal: number;
  atLeast?: boolean;
  /** What else was seen, for the JSON. */
  details: Record<string, unknown>;
}

const options = benchOptions({ runs: 'count', seeds: 'count', events: 'count', only: 'list' });

const PARTS: Readonly<Record<string, () => Promise<Measured[]>>> = {
  days: () => measureDays(options.runs ?? 100),
  explore: () => measureExploring(options.seeds ?? 100),
  start: measureStart,
  judge: () => measureJudging(options.events ?? 1_000_000),
};

function met({ value, goal, atLeast }: Measured): boolean {
  return atLeast === true ? value >= goal : value <= goal;
}

async function main(): Promise<void> {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
  process.stdout.write(
    `machine: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore.toFixed(1)}\n`,
  );
  const wanted = options.only ?? Object.keys(PARTS);
  const measured: Measured[] = [];
  for (const part of wanted) {
    const measure = PARTS[part];
    if (measure === undefined) {
      process.stderr.write(`There is no part "${part}": take of ${Object.keys(PARTS).join(', ')}.\n`);
      process.exit(254);
    }
    measured.push(...(await measure()));
  }
  await closeVirtualDatabase();
  const table = new Table({ head: ['what', 'measured', 'goal', ''], colAligns: ['left', 'right', 'right', 'left'] });
  for (const one of measured) {
    const sign = one.atLeast === true ? '≥' : '≤';
    table.push([
      one.what,
      `${one.value.toLocaleString('en')} ${one.unit}`,
      `${sign} ${one.goal.toLocaleString('en')}`,
      met(one) ? 'met' : 'missed',
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
  const dir = join(projectRoot(), 'runs');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'bench-harness.json'), `${JSON.stringify({ machine, measured }, null, 2)}\n`);
  process.exitCode = measured.every(met) ? 0 : 1;
}

await main();
