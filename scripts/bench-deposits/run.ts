/**
 * `npm run bench:deposits`: how fast the service takes deposits, against what the same database
 * does with the same statements when nothing else is asked of it.
 *
 *   A  the service over HTTP: init, call of the PSP, webhook, credit   (one by one, and in batches)
 *   P  pgbench with the statements of one such deposit, as the server's log recorded them
 *
 * Windows of A and P take turns, so that a busy machine is busy for both; what counts is their
 * ratio within a round. The first round is thrown away. Service, database, platform and PSP share
 * the cores of this machine.
 *
 *   npm run bench:deposits                     about ten minutes
 *   npm run bench:deposits -- --quick          a smoke test of less than two minutes
 *   npm run bench:deposits -- --rounds 12 --seconds 5
 *
 * Prints tables and writes .assay/bench-deposits.json. Ends with 1 when the work was not equal.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { benchOptions } from '../bench-options.ts';
import { compare } from './compare.ts';
import { print } from './report.ts';

const options = benchOptions({ quick: 'switch', rounds: 'count', seconds: 'count', keep: 'switch' });

// What is measured is what users run: the compiled product.
if (!options.keep) {
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot(), stdio: 'inherit' });
  if (build.status !== 0) process.exit(1);
}

try {
  const report = await compare({
    rounds: options.rounds ?? (options.quick ? 1 : 6),
    seconds: options.seconds ?? (options.quick ? 2 : 5),
    quick: options.quick,
  });
  print(report);
  const file = join(projectRoot(), '.assay', 'bench-deposits.json');
  mkdirSync(join(projectRoot(), '.assay'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`\nReport: ${file}\n`);
  process.exit(report.unequal.length === 0 ? 0 : 1);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message} ${error.advice}\n`);
  process.exit(error.exitCode);
}
