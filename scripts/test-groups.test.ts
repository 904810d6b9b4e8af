import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testGroups } from './test-groups.ts';

describe('the groups of tests', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'assay-groups-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (...files: string[]): void => {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
  };

  it('hold every test file once, a folder that nobody knows as well', () => {
    const files = ['test/a.test.ts', 'test/reconciliation.test.ts', 'brand-new/deep/er/b.test.ts', 'kernel/c.test.ts'];
    write(...files, 'test/not-a-test.ts');
    const grouped = testGroups(root);
    assert.deepEqual(grouped.flatMap((group) => group.files).sort(), [...files].sort());
    assert.deepEqual(grouped.at(-1), {
      name: 'everything else',
      files: ['brand-new/deep/er/b.test.ts', 'kernel/c.test.ts'],
    });
  });

  it('leave out what is installed or built', () => {
    write('node_modules/x/a.test.ts', 'dist/b.test.ts', '.assay/c.test.ts', 'cli/d.test.ts');
    assert.deepEqual(testGroups(root), [{ name: 'everything else', files: ['cli/d.test.ts'] }]);
  });
});
