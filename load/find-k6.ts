/**
 * Finds the k6 engine. It is not an npm package (the one of that name is an empty
 * placeholder), so it is looked for where people and `scripts/install-k6.sh` put it.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';

export interface K6 {
  path: string;
  /** What `k6 version` says, first line. */
  version: string;
}

export interface FindK6Options {
  /** Explicit path (from K6_BIN); when given nothing else is looked at. */
  explicit?: string | undefined;
  /** The PATH variable. */
  searchPath: string;
}

/** @throws UserError with exit code 254 when there is no k6; the advice says how to get it. */
export function findK6(options: FindK6Options): K6 {
  const places = options.explicit !== undefined ? [options.explicit] : usualPlaces(options.searchPath);
  const path = places.find(isExecutable);
  if (path === undefined) {
    throw new UserError(
      options.explicit !== undefined
        ? `K6_BIN names ${options.explicit}, which is not an executable file`
        : 'the load engine k6 was not found on the PATH, in .assay/tools or in ~/go/bin',
      'Install it with scripts/install-k6.sh (needs Go 1.26 or later), or from your system’s packages, or set K6_BIN to its path.',
      254,
    );
  }
  return { path, version: execFileSync(path, ['version'], { encoding: 'utf8' }).split('\n')[0] ?? 'unknown' };
}

function usualPlaces(searchPath: string): string[] {
  const folders = [
    ...searchPath.split(delimiter).filter((folder) => folder !== ''),
    join(projectRoot(), '.assay', 'tools'),
    join(homedir(), 'go', 'bin'),
  ];
  return folders.map((folder) => join(folder, 'k6'));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
