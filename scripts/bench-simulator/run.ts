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
import { projectRoot } from '../../kernel/index.ts';
import { benchOptions } from '../bench-options.ts';
import { compare } from './compare.ts';
import { soak } from './soak.ts';

const options = benchOptions({ soak: 'count', quick: 'switch', rounds: 'count', seconds: 'count' });

// The subjects run what users run: the compiled product.
const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: projectRoot(), stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const report =
  options.soak === undefined
    ? await compare({
        rounds: options.quick ? 2 : (options.rounds ?? 5),
        seconds: options.quick ? 2 : (options.seconds ?? 4),
        peers: !options.quick,
      })
    : await soak(options.soak);

const file = join(projectRoot(), '.assay', options.soak === undefined ? 'bench-simulator.json' : 'bench-soak.json');
mkdirSync(join(projectRoot(), '.assay'), { recursive: true });
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`\nReport: ${file}\n`);
process.exit('unaccounted' in report && report.unaccounted !== 0 ? 1 : 0);
