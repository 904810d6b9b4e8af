/** Goal: the catalogue in the docs and the one in the code are the same, word for word. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { INVARIANTS } from './registry.ts';

describe('catalogue of invariants', () => {
  it('is documented exactly, each with its sentence', () => {
    const page = readFileSync(join(projectRoot(), 'docs/INVARIANTS.md'), 'utf8');
    const listed = [...page.matchAll(/^### (I\d+) (.+)\n\n([^]*?)\n\n/gm)].map(([, id, title, says = '']) => [
      id,
      title,
      says.replaceAll('\n', ' '),
    ]);
    assert.deepEqual(
      listed,
      INVARIANTS.map(({ id, title, says }) => [id, title, says]),
    );
  });

  it('has one file per invariant, and each id once', () => {
    const files = readdirSync(import.meta.dirname).filter(
      (file) => /^i\d\d-.*\.ts$/.test(file) && !file.startsWith('i05-clearing'),
    );
    assert.deepEqual(
      files.map((file) => `I${Number(file.slice(1, 3))}`).sort(),
      INVARIANTS.map((invariant) => invariant.id).sort(),
    );
  });
});
