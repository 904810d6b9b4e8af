import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baselineFile, compare, readBaseline, saveBaseline, withComparison } from './baseline.ts';
import { resultWith } from './test/result.ts';
import { loadHtml } from './report/page.ts';

/** A hundred operations that all took so long. */
const took = (ms: number): number[] => Array.from({ length: 100 }, () => ms);

describe('a stored baseline', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-baseline-'));
  const before = resultWith('1/1', took(400));
  const file = saveBaseline(folder, before);

  it('is a file of its own for each kind of load', () => {
    assert.equal(file, join(folder, 'deposit-smoke.json'));
    assert.equal(
      baselineFile(folder, { ...before, chaos: 'outage', target: 'shop' }),
      join(folder, 'deposit-smoke-outage-shop.json'),
    );
    assert.equal(baselineFile('here.json', before), 'here.json');
  });

  it('makes what became slower a missed threshold', () => {
    const now = resultWith('1/1', took(600));
    const compared = withComparison(now, compare(readBaseline(folder, now), now));
    assert.deepEqual([compared.verdict, compared.exitCode], ['missed', 99]);
    assert.match(compared.missedThresholds[0] ?? '', /p95 40\d → 60\d ms.* slower than the baseline/);
    assert.match(loadHtml(compared), /Against the baseline.*slower/s);
  });

  it('never outranks a broken invariant', () => {
    const now = resultWith('1/1', took(600), { verdict: 'fail', exitCode: 1 });
    assert.equal(withComparison(now, compare(readBaseline(folder, now), now)).exitCode, 1);
  });

  it('is met by what is as fast, or slower by next to nothing', () => {
    for (const ms of [300, 400, 440]) {
      const now = resultWith('1/1', took(ms));
      assert.equal(withComparison(now, compare(readBaseline(folder, now), now)).exitCode, 0, `${ms} ms`);
    }
  });

  it('is not compared with too few samples', () => {
    const now = resultWith('1/1', [4000]);
    assert.deepEqual(compare(readBaseline(folder, now), now), { file, compared: [] });
  });

  it('of another machine, or of another load, is not compared, and the reason is said', () => {
    const now = resultWith('1/1', took(4000));
    const elsewhere = { ...now, machine: { ...now.machine, fingerprint: 'g' } };
    const longer = { ...now, seconds: 300 };
    for (const [other, reason] of [
      [elsewhere, /another machine \(f: c, 2 cores/],
      [longer, /another load: seconds was 20, now 300/],
    ] as const) {
      const made = withComparison(other, compare(readBaseline(folder, other), other));
      assert.equal(made.exitCode, 0);
      assert.match(JSON.stringify(made.comparison), reason);
      assert.match(loadHtml(made), /Not compared: /);
    }
  });

  it('that is missing or is no baseline is named', () => {
    assert.throws(
      () => readBaseline(folder, { ...before, profile: 'soak' }),
      /there is no baseline .*deposit-soak\.json/,
    );
    writeFileSync(join(folder, 'other.json'), '{"schema":2}');
    assert.throws(() => readBaseline(join(folder, 'other.json'), before), /is no baseline/);
  });
});
