/** Goal: the small shared things: errors for people, and where the project lies. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { bug, messageOf, projectRoot, UserError } from '../index.ts';

describe('user errors', () => {
  it('carry a sentence, advice and an exit code', () => {
    const error = new UserError('The file is missing.', 'Give another path.');
    assert.deepEqual(
      [error.message, error.advice, error.exitCode, error.name],
      ['The file is missing.', 'Give another path.', 254, 'UserError'],
    );
    assert.equal(new UserError('a', 'b', 2).exitCode, 2);
  });

  it('are not what impossible states throw', () => {
    assert.throws(
      () => bug('negative balance'),
      (error: unknown) => !(error instanceof UserError) && messageOf(error) === 'Bug: negative balance',
    );
    assert.equal(messageOf('plain text'), 'plain text');
  });
});

describe('project root', () => {
  it('is the folder that holds the project', () => {
    assert.ok(isAbsolute(projectRoot()));
    assert.ok(existsSync(join(projectRoot(), 'kernel', 'index.ts')) || existsSync(join(projectRoot(), 'package.json')));
  });
});
