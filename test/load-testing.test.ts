/**
 * The page about load tells the truth: its marked snippet is executed, its journeys, profiles,
 * verbs, options and links exist. On a busy machine a threshold may be missed; money may not.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { findK6, journeys, profiles, readProfile, type LoadResult } from '../load/index.ts';
import { runSnippet, snippetsOf } from './snippets.ts';

const PAGE = 'docs/LOAD-TESTING.md';
const page = readFileSync(join(projectRoot(), PAGE), 'utf8');

describe('the page about load testing', () => {
  it('names every journey and every profile, with its length', () => {
    for (const name of journeys()) assert.ok(page.includes(`| \`${name}\` |`), name);
    for (const name of profiles()) assert.ok(page.includes(`| \`${name}\` |`), name);
    assert.deepEqual(
      profiles().map((name) => readProfile(name).stages.reduce((sum, { seconds }) => sum + seconds, 0)),
      [600, 20, 7200, 220, 300],
    );
  });

  it('shows only options that exist', () => {
    const { text } = runSnippet('node bin/assay.js load --help');
    for (const { line } of snippetsOf(PAGE))
      for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(text.includes(option), `${line}: ${option}`);
    for (const [, option = ''] of page.matchAll(/`(--[a-z-]+)/g)) assert.ok(text.includes(option), option);
  });

  it('links to files that exist', () => {
    for (const [, link = ''] of page.matchAll(/\]\((?!https?:)([^)]+)\)/g))
      assert.ok(existsSync(join(projectRoot(), 'docs', link)), link);
    for (const { line } of snippetsOf(PAGE))
      for (const [file] of line.matchAll(/\b(scenarios|examples|scripts)\/\S+/g))
        assert.ok(existsSync(join(projectRoot(), file)), file);
  });

  const marked = snippetsOf(PAGE).filter(({ ends }) => ends !== undefined);
  for (const { line } of marked)
    it(`\`${line}\` measures and judges`, function () {
      if (!hasK6()) {
        Object.assign(this.test ?? {}, { skipReason: 'k6 was not found; scripts/install-k6.sh builds it' });
        this.skip();
      }
      const out = mkdtempSync(join(tmpdir(), 'assay-load-page-'));
      const { exitCode, text } = runSnippet(line, ['--out', out]);
      assert.ok(exitCode === 0 || exitCode === 99, text);
      const runs = join(out, 'load-deposit');
      const [run = ''] = readdirSync(runs).filter((name) => name !== 'latest');
      const result = JSON.parse(readFileSync(join(runs, run, 'load.json'), 'utf8')) as LoadResult;
      assert.equal(
        result.credited.deposits,
        result.measurement.groups.reduce((sum, { started }) => sum + started, 0),
      );
      assert.equal(result.invariants.find(({ id }) => id === 'I1')?.verdict, 'pass');
      assert.ok(existsSync(join(runs, run, 'load.html')));
    });
});

function hasK6(): boolean {
  try {
    findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
