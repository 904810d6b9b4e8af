/**
 * From what a person types to a scenario file: a path, or a name from the library. What is
 * neither is refused with the nearest name.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { libraryScenarios } from '../../scenarios/index.ts';
import { didYouMean } from './options.ts';

/** The file of a scenario, as short as it can be written from here. */
export function findScenario(given: string): string {
  if (existsSync(given) && statSync(given).isFile()) return given;
  const library = libraryScenarios();
  const found = library.find(({ scenario }) => scenario.name === given || `${scenario.name}.yaml` === given);
  if (found !== undefined) return fromHere(found.file);
  const advice = didYouMean(
    basename(given, '.yaml'),
    library.map(({ scenario }) => scenario.name),
  );
  throw new UserError(`there is no scenario file or name "${given}"`, advice.replace('Allowed:', 'The library has:'));
}

/** A path relative to the project's root, relative to where the person stands. */
export function fromHere(file: string): string {
  return relative(process.cwd(), join(projectRoot(), file));
}
