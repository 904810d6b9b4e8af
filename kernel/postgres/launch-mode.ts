/**
 * How to run PostgreSQL from this account. The server refuses to run as root, and must not
 * outlive its parent; both are solved with what the host has, changing nothing on it:
 *
 *   namespace     root, Linux: a user namespace in which root is somebody else. The files
 *                 stay root's, so any folder works.
 *   other-user    root where namespaces are forbidden: the account `nobody`. Needs a data
 *                 folder and binaries that it can reach.
 *   plain         an ordinary account.
 *
 * Where util-linux has it, `setpriv --pdeathsig INT` takes the server down with its parent even
 * when the parent is killed.
 */
import { spawnSync } from 'node:child_process';

export type LaunchMode = 'namespace' | 'other-user' | 'plain';

export interface Launch {
  mode: LaunchMode;
  /** Words before the program. */
  prefix: string[];
  /** The account to switch to before the program starts. */
  account: { uid: number; gid: number } | undefined;
  /** True when the kernel ends the server with its parent. */
  diesWithParent: boolean;
}

/** Where system programs lie; servers start with a small environment of their own. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The conventional ids of `nobody`. */
const NOBODY = 65_534;

const IN_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
const DIE_WITH_PARENT = ['setpriv', '--pdeathsig', 'INT'];

/** The best way that works here, or `preferred` when it is given. */
export function chooseLaunch(preferred?: LaunchMode): Launch {
  const mode = preferred ?? (isRoot() ? (works([...IN_NAMESPACE, 'true']) ? 'namespace' : 'other-user') : 'plain');
  const account = mode === 'other-user' ? { uid: NOBODY, gid: NOBODY } : undefined;
  const diesWithParent = works([...DIE_WITH_PARENT, 'true']);
  const prefix = [...(mode === 'namespace' ? IN_NAMESPACE : []), ...(diesWithParent ? DIE_WITH_PARENT : [])];
  return { mode, prefix, account, diesWithParent };
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function works(command: string[]): boolean {
  const [program = '', ...words] = command;
  return spawnSync(program, words, { stdio: 'ignore', env: { PATH: SYSTEM_PATH } }).status === 0;
}
