/** What a dossier says about where it was made: versions, commit, the target's file, the scenarios' hashes. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { fileHash, libraryScenarios, projectCommit, projectVersion, type Dossier } from '../../scenarios/index.ts';

export function versions(): Dossier['versions'] {
  return {
    assay: projectVersion(),
    commit: projectCommit() ?? null,
    changedFiles: changedFiles(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** How many files differ from the commit; null where git cannot say. */
function changedFiles(): number | null {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: projectRoot(), encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '').length : null;
}

/** @throws UserError when the file of the target cannot be read. */
export function targetOf(file: string | undefined): Dossier['target'] {
  if (file === undefined) return { name: 'the reference service', file: null, sha256: null };
  const sha256 = fileHash(file);
  if (sha256 === undefined)
    throw new UserError(`there is no target file "${file}"`, 'Write one with `assay target init`.');
  const { name } = (parse(readFileSync(file, 'utf8')) ?? {}) as { name?: unknown };
  return { name: typeof name === 'string' ? name : basename(file), file, sha256 };
}

/** The library's files, as they are now, of the scenarios that were run. */
export function scenarioHashes(names: ReadonlySet<string>): Dossier['scenarios'] {
  return libraryScenarios()
    .filter(({ scenario }) => names.has(scenario.name))
    .map(({ file, scenario }) => ({ name: scenario.name, file, sha256: fileHash(join(projectRoot(), file)) ?? '' }));
}

/** When what is carried out was built; another one at the end means that parts ran different code. */
export function builtAt(): number | null {
  const stamp = join(projectRoot(), 'dist', '.build.json');
  return existsSync(stamp) ? statSync(stamp).mtimeMs : null;
}
