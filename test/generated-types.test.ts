import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { generatedTypes, orphans } from '../scripts/generated-types.ts';

describe('generated types', () => {
  it('are what the OpenAPI documents say today (else run `npm run generate`)', async () => {
    const files = await generatedTypes();
    assert.ok(files.length > 0, 'no OpenAPI document found');
    const stale = files
      .filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
      .map(({ path }) => relative(projectRoot(), path));
    assert.deepEqual(stale, []);
    assert.deepEqual(orphans(files), []);
  });
});
