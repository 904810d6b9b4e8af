/**
 * npm run drivers:agree: tells the same scenarios with the same seeds on both drivers and compares
 * what the safety invariants say.
 *
 *   npm run drivers:agree                        20 of them, library and random
 *   npm run drivers:agree -- --runs 200          about two hours on two cores
 *   npm run drivers:agree -- --runs 20 --skip 40 the next twenty after the first forty
 *   npm run drivers:agree -- --minutes 30        as many as fit
 *
 * One line per scenario, and runs/drivers-agree.json. Ends with 1 when they disagree anywhere, with 2
 * when nothing was compared.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock, messageOf, projectRoot, startEmbeddedPostgres } from '../../kernel/index.ts';
import { closeVirtualDatabase, runScenario, type RunResult } from '../../scenarios/index.ts';
import { benchOptions } from '../bench-options.ts';
import { compareSafety, type Comparison } from './compare.ts';
import { stories, type Story } from './stories.ts';

const SEED = '1';
const RUNS = 20;
const MINUTE_MS = 60_000;

interface Told extends Comparison {
  scenario: string;
  seed: string;
  psp: string;
  /** The run as a whole, expectations and liveness with it, on the virtual and on the http driver. */
  verdicts: [string, string];
}

const options = benchOptions({ runs: 'count', skip: 'count', minutes: 'count', seeds: 'list' });

async function tell(story: Story, databaseUrl: string | undefined): Promise<Told> {
  const { scenario, seed, dialect } = story;
  const on = (driver: 'virtual' | 'http'): Promise<RunResult> =>
    runScenario({
      scenario,
      seed,
      driver,
      ...(dialect === undefined ? {} : { dialect }),
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
  const virtual = await on('virtual');
  const http = await on('http');
  const verdicts: Told['verdicts'] = [virtual.verdict, http.verdict];
  const compared = compareSafety(virtual.invariants, http.invariants);
  return { scenario: scenario.name, seed, psp: dialect ?? 'as drawn', verdicts, ...compared };
}

function lineOf({ scenario, psp, seed, verdicts, agree, disagree, oneSided }: Told): string {
  const mark = disagree.length === 0 ? '✔' : '✘';
  const aside = oneSided.length === 0 ? '' : `, seen on one only: ${oneSided.join(' ')}`;
  const differ = disagree.length === 0 ? '' : `, DISAGREE ${disagree.join('; ')}`;
  return `${mark} ${scenario} (${psp}, seed ${seed}): ${agree.length} agree${differ}${aside}; runs ${verdicts.join(' and ')}`;
}

async function main(): Promise<void> {
  const clock = createRealClock();
  const server =
    process.env['DATABASE_URL'] === undefined
      ? await startEmbeddedPostgres({ dataDir: join(projectRoot(), '.assay', 'postgres') })
      : undefined;
  const compared: Told[] = [];
  const broken: string[] = [];
  const until = options.minutes === undefined ? Infinity : clock.elapsed() + options.minutes * MINUTE_MS;
  const most = options.runs ?? (options.minutes === undefined ? RUNS : Infinity);
  let [index, told] = [0, 0];
  for (const story of stories(options.seeds?.[0] ?? SEED)) {
    index += 1;
    if (index <= (options.skip ?? 0)) continue;
    if (told >= most || clock.elapsed() > until) break;
    told += 1;
    try {
      const one = await tell(story, server?.url);
      compared.push(one);
      process.stdout.write(`${lineOf(one)}\n`);
    } catch (error) {
      broken.push(`${story.scenario.name}: ${messageOf(error)}`);
      process.stdout.write(`! ${story.scenario.name} could not be told on both: ${messageOf(error)}\n`);
    }
  }
  await closeVirtualDatabase();
  await server?.stop();
  report(compared, broken);
}

function report(compared: readonly Told[], broken: readonly string[]): void {
  const agreeing = compared.filter(({ disagree }) => disagree.length === 0);
  const random = compared.filter(({ psp }) => psp === 'as drawn').length;
  const verdicts = compared.reduce((sum, { agree }) => sum + agree.length, 0);
  const path = join(projectRoot(), 'runs', 'drivers-agree.json');
  mkdirSync(join(projectRoot(), 'runs'), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ compared, broken }, null, 2)}\n`);
  process.stdout.write(
    `\n${agreeing.length} of ${compared.length} scenarios agree (${random} of them random), with ${verdicts} verdicts that both reached; ${broken.length} could not be told\n`,
  );
  if (agreeing.length < compared.length) process.exitCode = 1;
  else if (compared.length === 0 || broken.length > 0) process.exitCode = 2;
}

await main();
