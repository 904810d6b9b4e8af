/**
 * Where the project lies, so that data files (schemas, pages, libraries of scenarios) are found
 * from sources and from compiled code alike.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bug } from './errors.ts';

let found: string | undefined;

/** Absolute path of the nearest folder above this module whose package.json is named "assay". */
export function projectRoot(): string {
  found ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && nameIn(manifest) === 'assay') return folder;
    if (dirname(folder) === folder) bug(`no package.json named "assay" above ${from}`);
  }
}

function nameIn(manifest: string): unknown {
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
}
