/** Goal: the prepared image is only a cache. Method: a damaged one in a temp folder, then two starts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootPglite } from './pglite-image.ts';

describe('the prepared PGlite image', () => {
  it('is made anew when it is damaged, and used when it is whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-image-'));
    const path = join(folder, 'image.tar');
    writeFileSync(path, 'not an archive');
    const writtenAt: number[] = [];
    try {
      for (let start = 0; start < 2; start += 1) {
        const database = await bootPglite(path);
        const { rows } = await database.query<{ one: number }>('SELECT 1 AS one');
        assert.deepEqual(rows, [{ one: 1 }]);
        await database.close();
        writtenAt.push(statSync(path).mtimeMs);
      }
      assert.ok(statSync(path).size > 1_000_000);
      assert.equal(writtenAt[0], writtenAt[1]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
