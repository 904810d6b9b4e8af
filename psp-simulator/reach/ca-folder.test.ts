/** Goal: a CA is made once, kept private, renewed in time, and a broken folder is told in one sentence. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, UserError } from '../../kernel/index.ts';
import { openCaFolder } from './ca-folder.ts';

const DAY = 86_400_000;

describe('the folder of the CA', () => {
  let folder = '';
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'assay-ca-')), 'ca');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
  const clock = createManualClock({ startMs: Date.UTC(2030, 0, 1) });

  it('is made once: the key for its owner only, and kept out of repositories', () => {
    const first = openCaFolder(folder, clock);
    const key = readFileSync(join(folder, 'ca.key'), 'utf8');
    assert.equal(statSync(join(folder, 'ca.key')).mode & 0o777, 0o600);
    assert.equal(readFileSync(first.certPath, 'utf8'), first.authority.cert);
    assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n');
    const second = openCaFolder(folder, clock);
    assert.equal(second.authority.cert, first.authority.cert);
    assert.equal(readFileSync(join(folder, 'ca.key'), 'utf8'), key);
  });

  it('renews the certificate a month before its end, with the same key', async () => {
    const later = createManualClock({ startMs: clock.now() });
    const first = openCaFolder(folder, later);
    const key = readFileSync(join(folder, 'ca.key'), 'utf8');
    await later.advance(699 * DAY);
    assert.equal(openCaFolder(folder, later).authority.cert, first.authority.cert);
    await later.advance(2 * DAY);
    assert.notEqual(openCaFolder(folder, later).authority.cert, first.authority.cert);
    assert.equal(readFileSync(join(folder, 'ca.key'), 'utf8'), key);
  });

  it('makes a new certificate when the one there belongs to another key or is none', () => {
    const first = openCaFolder(folder, clock);
    for (const broken of ['not a certificate', '']) {
      writeFileSync(first.certPath, broken);
      assert.match(openCaFolder(folder, clock).authority.cert, /BEGIN CERTIFICATE/);
    }
    rmSync(join(folder, 'ca.key'));
    assert.notEqual(openCaFolder(folder, clock).authority.cert, first.authority.cert);
  });

  const refusal = (): string => {
    try {
      openCaFolder(folder, clock);
      return 'accepted';
    } catch (error) {
      assert.ok(error instanceof UserError);
      return `${error.message} / ${error.advice}`;
    }
  };

  it('says what is wrong with a key that is none, and leaves it alone', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'ca.key'), 'my precious notes');
    assert.match(refusal(), /ca\.key is no key of the simulator's CA .*--ca-dir/);
    assert.equal(readFileSync(join(folder, 'ca.key'), 'utf8'), 'my precious notes');
  });

  it('says so when the folder cannot be used', () => {
    writeFileSync(folder, 'a file in its place');
    assert.match(refusal(), /cannot be used .*--ca-dir <folder>/);
  });
});
