/**
 * The habits of the house that no other tool holds: a file says what it is before it begins,
 * is named in one way, leaves nothing unfinished or switched off, and knows nobody's machine.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

const root = projectRoot();
const FOLDERS = [
  'bin',
  'cli',
  'contracts',
  'kernel',
  'load',
  'openapi',
  'psp-simulator',
  'reference-service',
  'scenarios',
  'scripts',
  'test',
];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js|cjs)$/.test(file))
    .map((file) => join(folder, file)),
).filter((file) => file !== join('test', 'tidy.test.ts'));

/** Lines that match, as `file:line: text`. */
function linesWith(pattern: RegExp, among: readonly string[] = files): string[] {
  return among.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('every file', () => {
  it('is named in kebab-case', () => {
    const allowed = /^[a-z0-9]+(-[a-z0-9]+)*(\.pact)?(\.test)?\.(ts|js|cjs)$/;
    assert.deepEqual(
      files.filter((file) => !allowed.test(basename(file))),
      [],
    );
  });

  it('says in its first lines what it is', () => {
    const silent = files.filter(
      (file) => !file.endsWith('.test.ts') && !/^(#!.*\n)?(\/\*|\/\/)/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(silent, []);
  });

  it('leaves no test alone or switched off', () => {
    assert.deepEqual(linesWith(/\b(it|describe)\.(only|skip)\(|\bx(it|describe)\(/), []);
  });

  it('leaves nothing unfinished', () => {
    assert.deepEqual(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/), []);
  });

  it("knows nobody's machine", () => {
    assert.deepEqual(linesWith(/["'`( ]\/(root|home\/[a-z]+|Users\/[a-z]+)\//), []);
  });
});
