/**
 * Goal: many runs on one page and in one comment, each scenario told by its latest run. Method: a
 * folder with runs of every verdict, a killed one, a link, and something that is no run at all.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunsIndex, verdictMarkdown, writeReports, writeRunsIndex } from '../index.ts';
import type { RunReport } from '../index.ts';
import { failingRun, inconclusiveRun, passingRun } from './sample-runs.ts';

describe('the page over many runs', () => {
  let dir = '';

  function add(report: RunReport, path: string, startedAt: string): void {
    const runDir = join(dir, path);
    mkdirSync(runDir, { recursive: true });
    writeFileSync(join(runDir, 'history.ndjson'), '');
    writeReports(runDir, { ...report, startedAt });
  }

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'assay-index-'));
    add({ ...failingRun(), scenario: 'happy-day' }, 'happy-day/2026-01-01T000000Z-1', '2026-01-01T00:00:00.000Z');
    add({ ...passingRun(), scenario: 'happy-day' }, 'happy-day/2026-01-02T000000Z-1', '2026-01-02T00:00:00.000Z');
    add({ ...failingRun(), scenario: 'a<b>' }, 'deeper/odd & name/2026-01-03T000000Z-1', '2026-01-03T00:00:00.000Z');
    add({ ...inconclusiveRun(), scenario: 'quiet' }, 'quiet/2026-01-01T000000Z-1', '2026-01-01T00:00:00.000Z');
    symlinkSync('2026-01-02T000000Z-1', join(dir, 'happy-day', 'latest'));
    mkdirSync(join(dir, 'killed', '2026-01-04T000000Z-1'), { recursive: true });
    writeFileSync(join(dir, 'killed', '2026-01-04T000000Z-1', 'history.ndjson'), '{"i":0');
    mkdirSync(join(dir, 'broken', 'x'), { recursive: true });
    writeFileSync(join(dir, 'broken', 'x', 'history.ndjson'), '');
    writeFileSync(join(dir, 'broken', 'x', 'verdict.json'), '{');
    writeFileSync(join(dir, 'bench.json'), '{}');
  });
  after(() => rmSync(dir, { recursive: true }));

  it('lists every run once, newest first, and tells each scenario by its latest', () => {
    const { runs, latest, unfinished } = readRunsIndex(dir);
    assert.deepEqual(
      runs.map(({ verdict }) => verdict.scenario),
      ['a<b>', 'happy-day', 'happy-day', 'quiet'],
    );
    assert.deepEqual(
      latest.map(({ verdict }) => [verdict.scenario, verdict.verdict]),
      [
        ['a<b>', 'fail'],
        ['quiet', 'unknown'],
        ['happy-day', 'pass'],
      ],
    );
    assert.deepEqual(unfinished, ['broken/x', 'killed/2026-01-04T000000Z-1']);
  });

  it('writes a page with a link to each report, and the same for a pull request', () => {
    const written = writeRunsIndex(dir);
    assert.ok(written !== undefined);
    const [html, markdown] = [written.html, written.markdown].map((file) => readFileSync(file, 'utf8')) as [
      string,
      string,
    ];
    assert.match(html, /1 passed, 1 is violated, 1 is inconclusive/);
    assert.ok(html.includes('href="deeper/odd%20%26%20name/2026-01-03T000000Z-1/report.html"'));
    assert.ok(html.includes('a&lt;b&gt;') && !html.includes('a<b>'));
    assert.match(html, /default-src 'none'/);
    assert.match(markdown, /^## ❌ Violated: 1 passed, 1 violated, 1 inconclusive\n/);
    assert.match(markdown, /was credited 2 times/);
    assert.ok(!markdown.includes('a<b>'));
  });

  it('writes nothing where no run is', () => {
    const empty = mkdtempSync(join(tmpdir(), 'assay-index-'));
    assert.equal(writeRunsIndex(empty), undefined);
    assert.deepEqual(readRunsIndex(join(empty, 'nowhere')).runs, []);
    rmSync(empty, { recursive: true });
  });
});

describe('verdict.md', () => {
  it('tells the verdict, both facts, the timeline and the command of a failure', () => {
    const report = failingRun();
    const text = verdictMarkdown(report);
    const violation = report.judged.invariants.find(({ id }) => id === 'I1')?.violations[0];
    assert.match(text, /^## ❌ Violated: sample-run \(virtual, seed 7\)\n/);
    assert.ok(text.includes(`Cannot both be true: ${violation?.facts[0] ?? '?'} | ${violation?.facts[1] ?? '?'}`));
    assert.match(text, /```text\n[^`]*asks for a deposit of[^`]*```/);
    assert.ok(text.includes(`\n${report.replay}\n`));
    assert.match(verdictMarkdown(inconclusiveRun()), /What could not be seen\n\n- Not seen: the fault outage acted/);
    assert.doesNotMatch(verdictMarkdown(passingRun()), /❌|Cannot both/);
  });

  it('lets no name in a run become markup', () => {
    const text = verdictMarkdown({ ...passingRun(), scenario: '<img src=x> **b** [l](u) | `c`', replay: 'run ```` x' });
    assert.ok(text.includes('&lt;img src=x&gt; \\*\\*b\\*\\* \\[l\\](u) \\| \\`c\\`'));
    assert.ok(text.includes('`````text\nrun ```` x\n`````'), 'the fence is longer than what it holds');
  });
});
