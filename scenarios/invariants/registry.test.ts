/** Goal: the catalogue in the docs and the one in the code are the same, word for word. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { buildRunModel } from '../history/index.ts';
import { BENIGN_DEPOSITS } from '../history/test/benign-stories.ts';
import { SoundWorld } from '../history/test/sound-world.ts';
import { INVARIANTS, applicableInvariants } from './registry.ts';

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

const INPUT = { n: 1, t: 1000, player: 'player-1', amountMinor: 5000, currency: 'EUR', psp: 'stripe', other: 'adyen' };

describe('what a run puts to the test', () => {
  it('is judged by what the platform was told, even when it was told nothing, as soon as it listens', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    const run = { ...buildRunModel(world.finish()), told: [] };
    assert.equal(applicableInvariants(run).includes('I17'), false);
    assert.ok(run.note);
    const listened = { ...run, note: { ...run.note, platform_listens: true } };
    assert.equal(applicableInvariants(listened).includes('I17'), true);
  });
});
