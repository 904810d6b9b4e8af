/** Goal: one holder at a time, and no lock outlives its holder. Method: lock files of dead and living processes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from './folder-lock.ts';

describe('folder lock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-lock-'));
    path = join(folder, 'cluster.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has one holder, and a next one after its release', () => {
    const release = tryLock(path);
    assert.ok(release);
    assert.equal(tryLock(path), undefined);
    release();
    assert.equal(existsSync(path), false);
    assert.ok(tryLock(path));
  });

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync('true');
    writeFileSync(path, `${pid} 12345\n`);
    assert.ok(tryLock(path));
    assert.match(readFileSync(path, 'utf8'), new RegExp(`^${process.pid} `));
  });

  it('is taken over when another process got the id of the holder', () => {
    writeFileSync(path, `${process.pid} 1\n`);
    assert.ok(tryLock(path));
  });

  it('is respected while its holder has not written its name yet, or somebody else takes it over', () => {
    writeFileSync(path, '');
    assert.equal(tryLock(path), undefined);
    writeFileSync(path, '999999999 1\n');
    writeFileSync(`${path}.take-over`, `${process.pid} 1\n`);
    assert.equal(tryLock(path), undefined);
  });
});
