/** The project's own version and commit, for reports. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';

let version: string | undefined;

export function projectVersion(): string {
  version ??= (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version;
  return version;
}

/**
 * The commit of a checkout, read from its files without starting git; undefined for an installed
 * package. Says nothing about changes that are not committed.
 */
export function projectCommit(): string | undefined {
  const git = join(projectRoot(), '.git');
  const read = (name: string): string | undefined => {
    const file = join(git, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  };
  const head = read('HEAD');
  const reference = head?.startsWith('ref: ') === true ? head.slice(5) : undefined;
  if (reference === undefined) return head;
  const packed = read('packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${reference}`));
  return read(reference) ?? packed?.split(' ')[0];
}
