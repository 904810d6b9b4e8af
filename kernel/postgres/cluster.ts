/**
 * A cluster: the data folder of one server. Clusters are made once and kept between runs.
 * Runs at the same time must not share a server (it ends with the run that started it), so
 * each takes the first free place: `cluster-18-1`, `cluster-18-2`, …
 */
import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, UserError } from '../errors.ts';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import { tryLock } from './folder-lock.ts';
import { SYSTEM_PATH, type Launch } from './launch-mode.ts';

/** More servers at once than any machine of a developer carries: beyond, something leaks. */
const MOST_CLUSTERS = 64;

/** Errors of the file system that the user can put right. */
const FOLDER_TROUBLES: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']);

export interface Cluster {
  dataDir: string;
  binaries: PostgresBinaries;
  /** Gives the place back. */
  release: () => void;
}

/** Takes a free cluster below `parentDir`, making it if needed. Throws a UserError when that is impossible. */
export function takeCluster(parentDir: string, launch: Launch): Cluster {
  try {
    return takeFirstFree(parentDir, launch);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || !FOLDER_TROUBLES.has(code)) throw error;
    throw new UserError(
      `The folder for database clusters cannot be used: ${messageOf(error)}.`,
      'Correct its rights or free some space, or set DATABASE_URL.',
    );
  }
}

function takeFirstFree(parentDir: string, launch: Launch): Cluster {
  const parent = preparedParent(resolve(parentDir), launch);
  const binaries = reachable(findPostgresBinaries(parent), parent, launch);
  for (let place = 1; place <= MOST_CLUSTERS; place += 1) {
    const dataDir = join(parent, `cluster-${binaries.major}-${place}`);
    const release = tryLock(`${dataDir}.lock`);
    if (release === undefined) continue;
    try {
      if (!existsSync(dataDir)) initialise(dataDir, binaries, launch);
      return { dataDir, binaries, release };
    } catch (error) {
      release();
      throw error;
    }
  }
  throw new UserError(
    `All ${MOST_CLUSTERS} database clusters in ${parent} are in use.`,
    'Stop runs that are still going on, or set DATABASE_URL.',
  );
}

/** The folder as given, except for another account, which may not reach it: then one in the temp folder. */
function preparedParent(parentDir: string, { account }: Launch): string {
  const name = createHash('sha256').update(parentDir).digest('hex').slice(0, 12);
  const parent = account === undefined ? parentDir : join(tmpdir(), `assay-postgres-${name}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(parent, account.uid, account.gid);
  return parent;
}

/** The binaries themselves, or a copy beside the clusters where the account cannot run them in place. */
function reachable(binaries: PostgresBinaries, parent: string, launch: Launch): PostgresBinaries {
  if (launch.account === undefined || runProgram('postgres', ['--version'], binaries, launch).status === 0)
    return binaries;
  const nativeDir = join(parent, `native-${binaries.major}`);
  if (!existsSync(nativeDir)) {
    const half = `${nativeDir}.${process.pid}`;
    cpSync(binaries.nativeDir, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, nativeDir);
  }
  return { ...binaries, nativeDir };
}

function initialise(dataDir: string, binaries: PostgresBinaries, launch: Launch): void {
  // Under another name first: a killed initdb must not look like a finished cluster.
  const half = `${dataDir}.new`;
  rmSync(half, { recursive: true, force: true });
  const words = ['-D', half, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions'];
  const result = runProgram('initdb', words, binaries, launch);
  if (result.status !== 0) {
    const lines = `${result.stderr ?? ''}${result.error?.message ?? ''}`.trim().split('\n');
    throw new UserError(
      `A database cluster could not be made in ${dataDir}: ${lines.at(-1) ?? 'no reason given'}.`,
      'Check the free space and the rights of that folder, or set DATABASE_URL.',
    );
  }
  renameSync(half, dataDir);
}

function runProgram(program: string, words: string[], binaries: PostgresBinaries, launch: Launch) {
  const [first = '', ...rest] = [...launch.prefix, join(binaries.nativeDir, 'bin', program), ...words];
  return spawnSync(first, rest, { encoding: 'utf8', cwd: '/', env: serverEnvironment(binaries), ...launch.account });
}

/** A small environment: nothing of the caller's may change how the server behaves. */
export function serverEnvironment(binaries: PostgresBinaries): Record<string, string> {
  return { PATH: SYSTEM_PATH, LC_ALL: 'C', TZ: 'UTC', ...binaries.environment };
}
