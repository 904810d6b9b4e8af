/** Goal: what a bench does not take is said in one sentence before anything is measured. Method: the reader with words, and each bench asked for help. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UserError } from '../kernel/index.ts';
import { projectRoot } from '../kernel/index.ts';
import { readOptions } from './bench-options.ts';

const TAKES = { quick: 'switch', rounds: 'count', seeds: 'list' } as const;
const scripts = join(projectRoot(), 'scripts');
const benches = readdirSync(scripts, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name.startsWith('bench-'))
  .map(({ name }) => name);

describe('the options of a bench', () => {
  it('are read by their kind, and are absent when they were not given', () => {
    assert.deepEqual(readOptions(TAKES, ['--quick', '--rounds', '3', '--seeds=1,b']), {
      quick: true,
      rounds: 3,
      seeds: ['1', 'b'],
    });
    assert.deepEqual(readOptions(TAKES, []), { quick: false, rounds: undefined, seeds: undefined });
  });

  for (const words of ['--help', '--round 3', 'quick', '--rounds', '--rounds 0', '--rounds 1.5', '--rounds many'])
    it(`refuse "${words}" and say what is taken`, () => {
      assert.throws(
        () => readOptions(TAKES, words.split(' ')),
        (error: UserError) =>
          error.exitCode === 254 &&
          error.message.includes(`"${words}"`) &&
          error.advice === 'it takes --quick, --rounds <whole number from 1 on>, --seeds <one,another>.',
      );
    });

  for (const bench of benches)
    it(`of ${bench} are told in one line`, function () {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import=tsx', join(scripts, bench, 'run.ts'), '--help'],
        { encoding: 'utf8', cwd: projectRoot() },
      );
      assert.deepEqual([status, stdout], [254, '']);
      assert.match(stderr, /^This bench does not take "--help": it takes --[^\n]+\.\n$/);
    });
});
