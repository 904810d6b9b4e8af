/**
 * `assay certify`: carries out the whole battery and writes the go-live dossier, as a page for
 * people and as JSON whose hashes can be verified later.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createRealClock, isoTime, projectRoot, UserError } from '../kernel/index.ts';
import { dossierHtml, sealDossier, type Dossier, type OpenQuestion, type UnsealedPart } from '../scenarios/index.ts';
import { leftOutPart, PART_IDS, partOf, planBattery, type Findings, type PartId } from './certify/battery.ts';
import { runAssay } from './certify/child.ts';
import { builtAt, scenarioHashes, targetOf, versions } from './certify/facts.ts';
import { verifyDossier } from './certify/verify.ts';
import { EXIT, worstExitCode } from './support/exit-codes.ts';
import { requireOneOf } from './support/options.ts';
import type { Output } from './support/output.ts';
import { shortPath } from './support/runs.ts';
import type { Verb, VerbContext } from './support/verb.ts';

const DEFAULT_SEEDS = 500;

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Carries out the whole battery and writes a go-live dossier.')
      .option('--target <file>', "somebody else's service in place of the reference service: a target file")
      .option('--out <dir>', 'where the dossier goes (default: a new folder in runs/certify)')
      .option('--seed <seed>', 'the text from which every draw follows', '1')
      .option('--seeds <count>', 'random scenarios of the exploration', String(DEFAULT_SEEDS))
      .option('--without <parts>', `leave these out, and say so: ${PART_IDS.join(', ')}`)
      .option('--quick', 'a smoke of a few minutes: a few stories, a few seeds, no load; no go-live dossier')
      .option('--verify <file>', 'recompute a dossier and say what differs')
      .addHelpText(
        'after',
        `
Examples:
  assay certify                                     the reference service; about half an hour
  assay certify --target my-shop.yaml --seed go-live-1
  assay certify --without load                      on a machine without k6
  assay certify --verify runs/certify/2026-05-01T090000Z/dossier.json

A part that could not be carried out is unknown, and so is the verdict: exit code 2. What is
left out with --without is listed in the dossier, and does not count.`,
      ),

  async execute(args, options, context) {
    if (args[0] !== undefined)
      throw new UserError(`"${args[0]}" is one argument too many`, 'A service of yours is given by --target <file>.');
    if (options['verify'] !== undefined) return verifyDossier(String(options['verify']), context.output);
    const clock = createRealClock();
    const at = isoTime(clock.now());
    const dir = String(options['out'] ?? join('runs', 'certify', at.replace(/\.\d+Z$/, 'Z').replaceAll(':', '')));
    const target = options['target'] === undefined ? undefined : String(options['target']);
    const quick = options['quick'] === true;
    const seed = String(options['seed']);
    const leftOut = readLeftOut(options['without']);
    const seeds = readSeeds(options['seeds']);
    const about = targetOf(target);
    mkdirSync(dir, { recursive: true });
    const carried = await carryOutParts(
      planBattery({ seed, seeds, quick, target, dir, leftOut, dialects: contractDialects() }),
      dir,
      context,
    );
    const dossier = assemble(carried, {
      scope: quick ? 'quick' : 'full',
      target: about,
      made: { at, wallMs: Math.round(clock.elapsed()), seed, seeds: seedsOf(carried.parts, seed) },
    });
    writeFileSync(join(dir, 'dossier.json'), `${JSON.stringify(dossier, null, 2)}\n`);
    writeFileSync(join(dir, 'dossier.html'), dossierHtml(dossier));
    show(dossier, dir, context.output);
    return dossier.exitCode;
  },
};

interface Carried {
  parts: UnsealedPart[];
  findings: Findings[];
  /** Why the dossier cannot be a pass, beside its parts. */
  doubts: OpenQuestion[];
}

async function carryOutParts(
  plan: ReturnType<typeof planBattery>,
  dir: string,
  { output, interrupt }: VerbContext,
): Promise<Carried> {
  const carried: Carried = { parts: [], findings: [], doubts: [] };
  const built = builtAt();
  for (const [n, part] of plan.entries()) {
    if (part.leftOut !== undefined) {
      carried.parts.push(leftOutPart(part));
      continue;
    }
    if (interrupt.signal.aborted) break;
    output.note(`[${n + 1}/${plan.length}] ${part.title}: assay ${part.command.join(' ')}`);
    const result = await runAssay(part.command, interrupt.signal);
    const findings = part.read(result, dir);
    carried.findings.push(findings);
    carried.parts.push(partOf(part, result, findings));
    output.note(`      ${findings.part.says}`);
  }
  if (interrupt.signal.aborted) carried.doubts.push({ what: 'the rest of the battery', why: 'stopped before the end' });
  if (builtAt() !== built)
    carried.doubts.push({ what: 'which code this is about', why: 'it was built anew while the battery ran' });
  return carried;
}

function assemble({ parts, findings, doubts }: Carried, head: Pick<Dossier, 'scope' | 'target' | 'made'>): Dossier {
  const codes = parts.filter(({ verdict }) => verdict !== 'left-out').map(codeOf);
  const exitCode = worstExitCode([...codes, ...(doubts.length > 0 || codes.length === 0 ? [EXIT.inconclusive] : [])]);
  const p95 = findings.flatMap((one) => one.p95 ?? [])[0] ?? null;
  return sealDossier({
    schema: 1,
    kind: 'assay-dossier',
    ...head,
    verdict: exitCode === EXIT.pass ? 'pass' : exitCode === EXIT.inconclusive ? 'unknown' : 'fail',
    exitCode,
    versions: versions(),
    scenarios: scenarioHashes(new Set(parts.flatMap(({ runs }) => runs.map((run) => storyOf(run.replay))))),
    coverage: findings.flatMap((one) => one.coverage ?? [])[0] ?? null,
    p95,
    parts,
    unknown: [
      ...parts.flatMap(({ title, unknown }) =>
        unknown.map(({ what, why }) => ({ what: what === 'the whole part' ? title : what, why })),
      ),
      ...(p95 === null ? [{ what: 'p95 from request to credited wallet', why: 'no load was measured' }] : []),
      ...doubts,
    ],
  });
}

/** A part that could not be carried out makes the dossier inconclusive, whatever stopped it. */
function codeOf({ verdict, exitCode }: UnsealedPart): number {
  return verdict === 'unknown' ? EXIT.inconclusive : (exitCode ?? EXIT.pass);
}

/** The library's name in the command that repeats a run: `… run scenarios/library/happy-day.yaml …`. */
function storyOf(replay: string): string {
  return /([a-z0-9-]+)\.yaml/.exec(replay)?.[1] ?? '';
}

function seedsOf(parts: readonly UnsealedPart[], seed: string): string[] {
  const words = parts.flatMap(({ command }) => {
    const [word, count] = ['--word', '--seeds'].map((option) => command[command.indexOf(option) + 1] ?? '');
    return command.includes('--word') ? [`${word}-1 to ${word}-${count}`] : [];
  });
  return [seed, ...words];
}

/** Dialects with a contract in `contracts/pacts`. */
function contractDialects(): string[] {
  const names = readdirSync(join(projectRoot(), 'contracts', 'pacts')).filter((file) => file.endsWith('.json'));
  return names
    .map(
      (file) =>
        file
          .replace(/\.json$/, '')
          .split('-')
          .at(-1) ?? file,
    )
    .sort();
}

function readLeftOut(given: unknown): PartId[] {
  if (given === undefined) return [];
  return String(given)
    .split(',')
    .map((name) => requireOneOf('part', name.trim(), PART_IDS));
}

function readSeeds(given: unknown): number {
  const text = String(given);
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw new UserError(`--seeds "${text}" is not a count`, 'Give a whole number from 1 on.');
}

function show(dossier: Dossier, dir: string, output: Output): void {
  const words = { pass: 'passed', fail: 'FAILED', unknown: 'unknown', 'left-out': 'left out' } as const;
  for (const { verdict, title, says } of dossier.parts) output.say(`${words[verdict].padEnd(9)} ${title}: ${says}`);
  output.say(
    `Dossier: ${shortPath(join(dir, 'dossier.html'))}  (${dossier.verdict}, hash ${dossier.sha256.slice(0, 16)})`,
  );
  output.result({
    verdict: dossier.verdict,
    dossier: join(dir, 'dossier.json'),
    html: join(dir, 'dossier.html'),
    sha256: dossier.sha256,
    parts: dossier.parts.map(({ id, verdict, says }) => ({ id, verdict, says })),
    unknown: dossier.unknown,
    exitCode: dossier.exitCode,
  });
}
