/**
 * Verifies a dossier: recomputes every hash over what it says, looks at each file that it rests
 * on, and judges the recorded histories again. What differs is told in sentences.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf, messageOf, readHistory, UserError } from '../../../kernel/index.ts';
import { DOSSIER_SCHEMA_VERSION, partHash, rootHash } from './dossier.ts';
import type { Dossier, DossierRun } from './dossier.ts';

export interface DossierCheck {
  /** What is not as the dossier says: any makes it worthless as evidence. */
  differences: string[];
  /** What has changed around it since, without making it wrong. */
  notes: string[];
  files: number;
  histories: number;
}

/** @throws UserError when the text is no dossier that this version reads. */
export function readDossier(file: string): Dossier {
  const advice = 'Give the dossier.json that `assay certify` wrote.';
  if (!existsSync(file)) throw new UserError(`there is no file "${file}"`, advice);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`"${file}" is not JSON: ${messageOf(error)}`, advice);
  }
  const dossier = value as Partial<Dossier> | null;
  if (dossier?.kind !== 'assay-dossier' || !Array.isArray(dossier.parts))
    throw new UserError(`"${file}" is not a dossier`, advice);
  if (dossier.schema !== DOSSIER_SCHEMA_VERSION)
    throw new UserError(
      `"${file}" is a dossier of schema ${String(dossier.schema)}, this version reads ${DOSSIER_SCHEMA_VERSION}`,
      'Verify it with the version of Assay that it names.',
    );
  return dossier as Dossier;
}

export interface CheckOptions {
  /** The folder in which the dossier lies: the paths of its files begin there. */
  dir: string;
  /** Judges a recorded run as it is judged today; undefined where it cannot be read. */
  judge(runDir: string): Record<string, string> | undefined;
  /** SHA-256 of a scenario file of this installation; undefined when there is none. */
  scenarioHash(file: string): string | undefined;
}

export function checkDossier(dossier: Dossier, options: CheckOptions): DossierCheck {
  const check: DossierCheck = { differences: [], notes: [], files: 0, histories: 0 };
  for (const part of dossier.parts) {
    if (partHash(part) !== part.sha256)
      check.differences.push(`part ${part.id}: what it says does not fit its hash ${part.sha256.slice(0, 12)}`);
    for (const run of part.runs) checkRun(run, options, check);
  }
  if (rootHash(dossier) !== dossier.sha256)
    check.differences.push(`the dossier: what it says does not fit its hash ${dossier.sha256.slice(0, 12)}`);
  for (const { name, file, sha256 } of dossier.scenarios) {
    const now = options.scenarioHash(file);
    if (now === undefined) check.notes.push(`scenario ${name} (${file}) is not here any more`);
    else if (now !== sha256) check.notes.push(`scenario ${name} (${file}) has changed since`);
  }
  return check;
}

function checkRun(run: DossierRun, options: CheckOptions, check: DossierCheck): void {
  const name = `${run.scenario} (${run.driver}, seed ${run.seed})`;
  for (const { path, sha256 } of run.files) {
    const now = fileHash(join(options.dir, path));
    check.files += 1;
    if (now === undefined) check.differences.push(`${name}: ${path} is missing`);
    else if (now !== sha256) check.differences.push(`${name}: ${path} has been changed`);
  }
  const history = run.files.find(({ path }) => path.endsWith('history.ndjson'));
  if (history === undefined || !existsSync(join(options.dir, history.path))) return;
  check.histories += 1;
  const recorded = recordedFingerprint(join(options.dir, history.path));
  if ('problem' in recorded) {
    check.differences.push(`${name}: ${recorded.problem}`);
    return;
  }
  if (recorded.fingerprint !== run.fingerprint) {
    const [now, then] = [recorded.fingerprint, run.fingerprint].map((text) => text.slice(0, 12));
    check.differences.push(`${name}: the fingerprint of its history is ${now}, not ${then}`);
    return;
  }
  const today = options.judge(join(options.dir, history.path, '..'));
  const changed = Object.entries(today ?? {}).filter(([id, verdict]) => (run.invariants[id] ?? verdict) !== verdict);
  for (const [id, verdict] of changed)
    check.differences.push(
      `${name}: ${id} was ${run.invariants[id] ?? 'unknown'} and is ${verdict} by today's invariants`,
    );
}

function recordedFingerprint(file: string): { fingerprint: string } | { problem: string } {
  try {
    return { fingerprint: fingerprintOf(readHistory(file).events) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** SHA-256 of a file, or undefined when there is none. */
export function fileHash(file: string): string | undefined {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined;
}
