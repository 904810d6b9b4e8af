/**
 * npm run bench:routing: how fast the router decides, and how well.
 *
 *   npm run bench:routing                        5 seeds, 24 hours each, and the speed
 *   npm run bench:routing -- --seeds 1,2 --hours 6
 *   npm run bench:routing -- --speed             the speed alone
 *
 * Prints tables and writes runs/bench-routing.json. Ends with 1 when a goal is missed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { projectRoot } from '../../kernel/index.ts';
import { benchOptions } from '../bench-options.ts';
import { simulate, type SimulationResult } from './simulation.ts';
import { measureSpeed } from './speed.ts';

const GOAL_PER_SECOND = 100_000;
const GOAL_REGRET = 0.02;

const SEEDS = ['1', '2', '3', '4', '5'];
const HOURS = 24;

const options = benchOptions({ seeds: 'list', hours: 'count', speed: 'switch' });

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

async function main(): Promise<void> {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  process.stdout.write(`machine: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n\n`);

  const speed = measureSpeed();
  const fast = new Table({ head: ['what', 'per second of one core'], colAligns: ['left', 'right'] });
  fast.push(['decision with its explanation as data', speed.decisionsPerSecond.toLocaleString('en')]);
  fast.push([`the same as stored JSON (${speed.storedBytes} bytes)`, speed.storedPerSecond.toLocaleString('en')]);
  process.stdout.write(`${speed.psps} PSPs, ${speed.rules} rules, ${speed.segments} segments\n${fast.toString()}\n\n`);

  const days: SimulationResult[] = [];
  if (!options.speed) {
    const hours = options.hours ?? HOURS;
    const table = new Table({
      head: ['seed', 'payments', 'oracle', 'router', 'regret', 'best single PSP', 'equal shares'],
      colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    });
    for (const seed of options.seeds ?? SEEDS) {
      const day = await simulate({ seed, hours });
      days.push(day);
      process.stdout.write(`seed ${seed}: regret ${percent(day.regret)}\n`);
      table.push([
        seed,
        day.payments.toLocaleString('en'),
        percent(day.oracle / day.payments),
        percent(day.router / day.payments),
        percent(day.regret),
        `${day.bestSingle.psp}, ${percent(day.regretOfBestSingle)}`,
        percent(day.regretOfEqualShares),
      ]);
    }
    process.stdout.write(`\n${hours} simulated hours; the last three columns are regrets against the oracle\n`);
    process.stdout.write(`${table.toString()}\n`);
  }

  const folder = join(projectRoot(), 'runs');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'bench-routing.json');
  writeFileSync(file, `${JSON.stringify({ machine, speed, days }, null, 2)}\n`);
  process.stdout.write(`\nwritten to ${file}\n`);
  const missed = [
    ...(speed.decisionsPerSecond < GOAL_PER_SECOND ? [`fewer than ${GOAL_PER_SECOND} decisions per second`] : []),
    ...days
      .filter((day) => day.regret > GOAL_REGRET)
      .map(({ seed }) => `regret above ${GOAL_REGRET} with seed ${seed}`),
  ];
  if (missed.length === 0) return;
  process.stdout.write(`missed: ${missed.join('; ')}\n`);
  process.exitCode = 1;
}

await main();
