/**
 * The prepared data directory of PGlite. Creating a database runs initdb (seconds); loading a
 * finished one takes under a second. The image is made once per version and kept.
 */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { projectRoot } from '../project-root.ts';

/** A running PGlite, in memory, from the prepared image; makes the image when there is none. */
export async function bootPglite(imagePath: string = defaultImagePath()): Promise<PGlite> {
  if (existsSync(imagePath)) {
    try {
      return await PGlite.create({ loadDataDir: new Blob([readFileSync(imagePath)]) });
    } catch {
      // A damaged image is only a cache: make it anew.
      rmSync(imagePath, { force: true });
    }
  }
  const database = await PGlite.create();
  const image = await database.dumpDataDir('none');
  writeAtomically(imagePath, Buffer.from(await image.arrayBuffer()));
  return database;
}

/** `.assay/pglite-<version>/image.tar` in the project, or in the temp folder where that cannot be written. */
function defaultImagePath(): string {
  const folderName = `pglite-${pgliteVersion()}`;
  const root = projectRoot();
  const parent = isWritable(root) ? join(root, '.assay') : join(tmpdir(), `assay-${userInfo().uid}`);
  return join(parent, folderName, 'image.tar');
}

function isWritable(folder: string): boolean {
  try {
    const assayFolder = join(folder, '.assay');
    accessSync(existsSync(assayFolder) ? assayFolder : folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest = JSON.parse(readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Several processes may make the image at once; each one's rename puts a complete file in place. */
function writeAtomically(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
