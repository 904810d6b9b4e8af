import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { libraryScenarios } from '../library.ts';
import { resolveScenario } from '../dsl/index.ts';
import { linkLatest, makeRunDirectory, writeResolved } from './run-directory.ts';

describe('the directory of a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = { scenario: 'small', seed: '7', startedAtMs: Date.UTC(2026, 0, 5, 9) };

  it('is named by time and seed, and never shared', () => {
    const first = makeRunDirectory(folder, run);
    assert.equal(first, join(folder, 'small', '2026-01-05T090000Z-7'));
    assert.equal(makeRunDirectory(folder, run), `${first}-2`);
  });

  it('has a link to the latest run beside it', () => {
    const first = makeRunDirectory(folder, run);
    linkLatest(first);
    const second = makeRunDirectory(folder, { ...run, seed: '../8' });
    linkLatest(second);
    assert.equal(readlinkSync(join(folder, 'small', 'latest')), basename(second));
    assert.equal(basename(second), '2026-01-05T090000Z-___8');
  });

  it('keeps the scenario as given and as resolved, so that both can be read back', () => {
    for (const { scenario } of libraryScenarios()) {
      const plan = resolveScenario(scenario, '7');
      const path = makeRunDirectory(folder, { ...run, scenario: scenario.name });
      writeResolved(path, scenario, plan);
      assert.deepEqual(parse(readFileSync(join(path, 'scenario.resolved.yaml'), 'utf8')), { scenario, plan });
    }
  });
});
