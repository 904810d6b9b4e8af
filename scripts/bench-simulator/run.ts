/**
 * `npm run bench:simulator`: how fast the simulator is, against the least that a JSON server on
 * `node:http` can do and against other tools for the same job. All subjects run in one session
 * and take turns, so that a busy machine is busy for all of them; what counts are the ratios.
 *
 *   npm run bench:simulator                      the comparison (about three minutes)
 *   npm run bench:simulator -- --soak 1000000    that many payments, each with a webhook that is
 *                                                delivered and accounted for; memory over time
 *   npm run bench:simulator -- --quick           a short look while optimizing, without peers
 *
 * The report goes to standard output as a table and to `.assay/bench-simulator.json`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../kernel/index.ts';
import { compare } from './compare.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    soak: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
  },
});

// The subjects run what users run: the compiled product.
const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot(), stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const report =
  values.soak === undefined
    ? await compare({
        rounds: values.quick ? 2 : positive('--rounds', values.rounds),
        seconds: values.quick ? 2 : positive('--seconds', values.seconds),
        peers: !values.quick,
      })
    : await soak(positive('--soak', values.soak));

const file = join(projectRoot(), '.assay', values.soak === undefined ? 'bench-simulator.json' : 'bench-soak.json');
mkdirSync(join(projectRoot(), '.assay'), { recursive: true });
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`\nReport: ${file}\n`);
process.exit('unaccounted' in report && report.unaccounted !== 0 ? 1 : 0);

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`${flag} takes a whole number from 1 on, not "${text}".\n`);
  process.exit(254);
}
