/** Goal: libraries are found even where the package folder cannot be written. Method: a made-up package. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './binaries.ts';

describe('library links of the PostgreSQL package', () => {
  let folder: string;
  let fallback: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-binaries-'));
    fallback = join(folder, 'links');
    mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'library');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const list = (target: string): void =>
    writeFileSync(
      join(folder, 'native', 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target }]),
    );

  it('are made in the package, once', () => {
    list('native/lib/libpq.so.5');
    for (let start = 0; start < 2; start += 1) {
      assert.deepEqual(linkLibraries(folder, fallback), {});
      assert.equal(readFileSync(join(folder, 'native', 'lib', 'libpq.so.5'), 'utf8'), 'library');
    }
  });

  it('are made beside the clusters where the package takes none', () => {
    // A target in a folder that does not exist fails as one in a read-only folder does, for root too.
    list('native/read-only/libpq.so.5');
    for (let start = 0; start < 2; start += 1) {
      const environment = linkLibraries(folder, fallback);
      assert.deepEqual(Object.values(environment), [fallback]);
      assert.equal(readFileSync(join(fallback, 'libpq.so.5'), 'utf8'), 'library');
    }
  });
});
