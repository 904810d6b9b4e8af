/** What can be chosen: journeys are the files in load/journeys, profiles those in load/profiles. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { stretched, type LoadProfile } from './lib/k6/profile.ts';

export function journeys(): string[] {
  return namesIn('journeys', '.ts');
}

export function profiles(): string[] {
  return namesIn('profiles', '.json');
}

/** With `seconds` the profile's course is stretched or squeezed to that length. */
export function readProfile(name: string, seconds?: number): LoadProfile {
  requireKnown('profile', name, profiles());
  const file = join(projectRoot(), 'load', 'profiles', `${name}.json`);
  const profile = JSON.parse(readFileSync(file, 'utf8')) as LoadProfile;
  return seconds === undefined ? profile : stretched(profile, seconds);
}

/** @throws UserError (254) with the names that exist. */
export function requireKnown(what: string, name: string, known: readonly string[]): void {
  if (!known.includes(name))
    throw new UserError(`there is no load ${what} named "${name}"`, `Choose one of: ${known.join(', ')}.`, 254);
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(join(projectRoot(), 'load', folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}
