/**
 * From what a person types to a scenario file: a path, or a name from the library. A name that
 * is neither is refused with the nearest one.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { didYouMean } from './suggest.ts';

const ENDING = '.yaml';

function libraryFolder(): string {
  return join(projectRoot(), 'scenarios', 'library');
}

/** Names of the library, sorted. */
export function libraryNames(): string[] {
  return readdirSync(libraryFolder())
    .filter((file) => file.endsWith(ENDING))
    .map((file) => basename(file, ENDING))
    .sort();
}

/** The file of a scenario, as short as it can be written from here. */
export function findScenario(given: string): string {
  if (existsSync(given) && statSync(given).isFile()) return given;
  const inLibrary = join(libraryFolder(), given.endsWith(ENDING) ? basename(given) : `${given}${ENDING}`);
  if (!/[/\\]/.test(given) && existsSync(inLibrary)) return relative(process.cwd(), inLibrary);
  const advice = didYouMean(basename(given, ENDING), libraryNames());
  throw new UserError(`there is no scenario file or name "${given}"`, advice.replace('Allowed:', 'The library has:'));
}
