/**
 * The command line: finds the verb and loads only that verb's file, so that `--help` does not
 * pay for a PostgreSQL driver. The verbs stand in the order in which a newcomer meets them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { EXIT, EXIT_CODE_HELP } from './support/exit-codes.ts';
import { createOutput } from './support/output.ts';
import { didYouMean } from './support/options.ts';
import { runVerb, type Verb } from './support/verb.ts';

interface VerbEntry {
  summary: string;
  load(): Promise<{ verb: Verb }>;
}

const VERBS: Record<string, VerbEntry> = {
  run: { summary: 'run scenarios and judge them (without files: the whole library)', load: () => import('./run.ts') },
  up: { summary: 'simulator and reference service together, to try by hand', load: () => import('./up.ts') },
  psp: { summary: 'the PSP simulator alone', load: () => import('./psp.ts') },
  replay: { summary: 'run a recorded run again and compare the histories', load: () => import('./replay.ts') },
  check: { summary: 'judge a recorded history again', load: () => import('./check.ts') },
  report: { summary: 'write the page of a run, or the page over many runs, again', load: () => import('./report.ts') },
  explore: { summary: 'play random scenarios and make failures small', load: () => import('./explore.ts') },
  mutants: { summary: 'prove that planted bugs are found, and only bugs', load: () => import('./mutants.ts') },
  target: {
    summary: 'describe a service of yours in a target file, and try the file',
    load: () => import('./target.ts'),
  },
  contract: { summary: 'verify that a PSP keeps the contract, for a PSP to run', load: () => import('./contract.ts') },
  load: { summary: 'measure a journey under load with k6', load: () => import('./load.ts') },
  certify: { summary: 'the whole battery, and a go-live dossier', load: () => import('./certify.ts') },
};

/** Actions of a verb that have options of their own: `assay psp trigger`. */
const ACTIONS: Record<string, VerbEntry['load']> = {
  'psp trigger': () => import('./psp/trigger.ts'),
  'target init': () => import('./target/init.ts'),
  'target doctor': () => import('./target/doctor.ts'),
};

/** Runs one command line (without node and script) and answers with the exit code. */
export async function main(argv: string[]): Promise<number> {
  const [first, second] = argv;
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    process.stdout.write(helpText());
    return EXIT.pass;
  }
  if (first === '--version' || first === '-V') {
    process.stdout.write(`${version()}\n`);
    return EXIT.pass;
  }
  const asksHelp = first === 'help' && second !== undefined;
  const name = asksHelp ? second : first;
  const entry = VERBS[name];
  if (entry === undefined) return unknownVerb(name, argv.includes('--json'));
  const rest = argv.slice(asksHelp ? 2 : 1);
  const action = `${name} ${rest[0] ?? ''}`;
  const loadAction = ACTIONS[action];
  const { verb } = await (loadAction ?? entry.load)();
  const options = asksHelp ? ['--help'] : rest.slice(loadAction === undefined ? 0 : 1);
  return runVerb(loadAction === undefined ? name : action, verb, options);
}

function unknownVerb(name: string, json: boolean): number {
  const what = name.startsWith('-') ? 'option' : 'verb';
  const advice = `${didYouMean(name, Object.keys(VERBS))} See \`assay --help\`.`;
  createOutput({ json }).problem(new UserError(`unknown ${what} "${name}"`, advice, EXIT.usage));
  return EXIT.usage;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function helpText(): string {
  const verbs = Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `Assay proves a payment integration before real money does.

Usage: assay <verb> [options]        (in a checkout: node bin/assay.js <verb> …)

Verbs:
${verbs.join('\n')}

Every verb has --help with an example, --json for one JSON object on standard output, and
stops cleanly on Ctrl-C.

Examples:
  assay run                                          the whole library, then three over HTTP
  assay run commit-then-timeout --seed 7             one scenario
  assay psp --psp stripe:9101                        a Stripe to point your own service at

Exit codes:
${EXIT_CODE_HELP}
`;
}
