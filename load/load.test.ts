import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot, UserError } from '../kernel/index.ts';
import { loadScenario } from '../scenarios/index.ts';
import { findK6 } from './find-k6.ts';
import { histogramOf, merged, percentile } from './histogram.ts';
import { executorOf, planIteration, plannedVirtualUsers, secondsOf, thresholdsOf } from './lib/k6/profile.ts';
import type { JourneyPlan } from './lib/k6/profile.ts';
import { missedThresholds, summaryText } from './lib/k6/summary.ts';
import { loadScenarioOf } from './load-scenario.ts';
import { mergeResults } from './merge.ts';
import { verdictOf } from './result.ts';
import { resultWith as result } from './test/result.ts';
import { profiles, readProfile } from './choices.ts';
import { perSecond } from './measure.ts';
import { segmentArguments } from './run-k6.ts';
import { loadJunit } from './report/write-reports.ts';

const plan: JourneyPlan = { ...readProfile('smoke'), baseUrl: '', runId: 'r', payoutEvery: 0 };

describe('load profiles', () => {
  it('plan enough virtual users for the slowest percentile, and for every single one to run into its budget', () => {
    for (const name of profiles()) {
      const profile = readProfile(name);
      const rate = Math.max(profile.startRate, ...profile.stages.map((stage) => stage.rate));
      const { preAllocatedVUs, maxVUs } = plannedVirtualUsers(profile);
      assert.ok(preAllocatedVUs >= (rate * profile.expectedP99Ms) / 1000, name);
      assert.ok(maxVUs >= (rate * profile.budgetMs) / 1000, name);
      assert.equal(profile.name, name);
      assert.ok(profile.budgetMs > profile.p95Ms && profile.deposits.length > 0 && profile.payouts.length > 0);
    }
  });

  it('are all of the open model', () => {
    for (const name of profiles())
      assert.match(String(executorOf({ ...plan, ...readProfile(name) })['executor']), /arrival-rate$/);
  });

  it('challenge exactly the declared share of card deposits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
        const given = { ...plan, threeDsShare: percent / 100 };
        const turns = Array.from({ length: 400 }, (_, i) => planIteration(given, i));
        const challenged = turns.filter(({ psp, token }) => psp === 'stripe' && token === 'card_3ds').length;
        assert.ok(Math.abs(challenged - percent) <= 1, `${challenged} of 100 for ${percent} %`);
      }),
    );
  });

  it('make every fifth operation of a mixed day a payout', () => {
    const kinds = Array.from({ length: 50 }, (_, i) => planIteration({ ...plan, payoutEvery: 5 }, i).kind);
    assert.equal(kinds.filter((kind) => kind === 'payout').length, 10);
  });

  it('guard every PSP and method with the count of samples that the profile promises', () => {
    const [first, ...others] = plan.deposits.map(({ psp, method }) => `deposit_started{psp:${psp},method:${method}}`);
    const counts = (given: JourneyPlan): unknown => thresholdsOf(given)[first ?? '']?.[0];
    const alone = { ...plan, startRate: 10, stages: [{ seconds: 100, rate: 10 }], payoutEvery: 0 };
    assert.equal(plan.deposits.length, 4);
    assert.equal(counts(alone), 'count>=237');
    assert.equal(counts({ ...alone, stages: [{ seconds: 100, rate: 30 }] }), 'count>=475', 'a ramp has its mean');
    assert.equal(counts({ ...alone, payoutEvery: 5 }), 'count>=190', 'every fifth is a payout');
    assert.equal(counts({ ...alone, parts: 2 }), 'count>=1', 'how a segment divides routes is for k6 to say');
    for (const other of others) assert.ok(thresholdsOf(alone)[other], other);
    assert.deepEqual(thresholdsOf(plan)['dropped_iterations'], ['count==0']);
  });
});

describe('histograms of a load run', () => {
  const values = fc.array(fc.double({ min: 0.2, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
  const exact = (all: number[], q: number): number =>
    [...all].sort((a, b) => a - b)[Math.max(1, Math.ceil(all.length * q)) - 1] ?? 0;

  it('tell every percentile within one percent', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (all, q) => {
        const told = percentile(histogramOf(all), q) ?? 0;
        assert.ok(Math.abs(told / exact(all, q) - 1) <= 0.01, `${told} for ${exact(all, q)}`);
      }),
    );
  });

  it('add up to the histogram of everything', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.deepEqual(merged([histogramOf(a), histogramOf(b)]), histogramOf([...a, ...b]));
      }),
    );
  });

  it('have no percentile without samples', () => assert.equal(percentile(histogramOf([]), 0.95), null));
});

describe('the course of a load run', () => {
  it('is per second also where the last slice is short, and ends with the load', () => {
    const slices = [0, 3, 6, 8].map((second) => {
      const started = second === 8 ? 1 : 10 * Math.min(3, 8 - second);
      return { second, started, done: started, observed: histogramOf([]) };
    });
    assert.deepEqual(
      perSecond({ slices, sliceSeconds: 3 }, 8, ({ started }) => started),
      [0, 3, 6].map((second) => ({ second, value: 10 })),
    );
  });
});

describe('chaos under load', () => {
  const chaos = loadScenario(join(projectRoot(), 'scenarios/library/psp-outage-failover.yaml'));
  const profile = readProfile('steady');

  it('stretches or squeezes the faults of a scenario onto the length of the load', () => {
    const { scenario } = loadScenarioOf('deposit', profile, chaos);
    const share = (12 / 60) * secondsOf(profile) * 1000;
    assert.equal(scenario.faults?.[0]?.to, `${share}ms`);
    assert.equal(scenario.heal_at, '300000ms');
  });

  it("goes only to the scenario's PSPs, by the methods of the profile", () => {
    const { deposits } = loadScenarioOf('deposit', profile, chaos);
    assert.deepEqual([...new Set(deposits.map(({ psp }) => psp))], ['stripe', 'acme', 'adyen']);
  });

  it('tells every event ten times in a webhook storm', () => {
    const { scenario } = loadScenarioOf('webhook-storm', profile);
    assert.deepEqual(scenario.faults, [{ fault: 'webhook-duplicate', with: { copies: 9, mode: 'burst' } }]);
  });
});

describe('merging segments', () => {
  it('takes percentiles from all samples, never as a mean of percentiles', () => {
    const fast = Array.from({ length: 90 }, () => 10);
    const slow = Array.from({ length: 10 }, () => 1000);
    const { measurement } = mergeResults([result('1/2', fast), result('2/2', slow)], 5000, 'o');
    assert.ok(Math.abs((percentile(measurement.groups[0]?.observed ?? histogramOf([]), 0.9) ?? 0) / 10 - 1) < 0.01);
  });

  it('misses the p95 of the whole', () => {
    const { exitCode, missedThresholds } = mergeResults([result('1/2', [10]), result('2/2', [900])], 500, 'o');
    assert.equal(exitCode, 99);
    assert.match(missedThresholds[0] ?? '', /p95 .* not below 500/);
  });

  it('fails when one part failed, whatever the others say', () => {
    const bad = result('2/2', [900], { verdict: 'fail', exitCode: 1 });
    assert.equal(mergeResults([result('1/2', [10]), bad], 500, 'o').exitCode, 1);
  });

  it('refuses parts that are no whole', () => {
    assert.throws(() => mergeResults([result('1/2', [1])], 500, 'o'), /not the 2 parts/);
    assert.throws(() => mergeResults([result('1/2', [1]), result('1/2', [1])], 500, 'o'), /not the 2 parts/);
  });

  it('are told to k6 as fractions of one sequence', () => {
    assert.deepEqual(segmentArguments({ part: 2, parts: 3 }), [
      '--execution-segment',
      '1/3:2/3',
      '--execution-segment-sequence',
      '0,1/3,2/3,1',
    ]);
  });
});

describe('the verdict of a load run', () => {
  it('ranks a broken invariant above a missed threshold', () => {
    assert.deepEqual(verdictOf(1, true), { verdict: 'fail', exitCode: 1 });
    assert.deepEqual(verdictOf(0, true), { verdict: 'missed', exitCode: 99 });
    assert.deepEqual(verdictOf(0, false), { verdict: 'pass', exitCode: 0 });
  });

  it('says so in JUnit', () => {
    const xml = loadJunit(result('1/1', [1], { missedThresholds: ['p(95)<3'] }));
    assert.match(xml, /tests="2" failures="1" errors="0"/);
    assert.match(xml, /<failure message="p\(95\)&lt;3"\/>/);
  });
});

describe('load summary', () => {
  const data = {
    metrics: { deposit_done: { type: 'rate', values: { rate: 0.9 }, thresholds: { 'rate>0.999': { ok: false } } } },
  };

  it('names each missed threshold', () => {
    assert.deepEqual(missedThresholds(data), ['deposit_done: rate>0.999']);
    assert.match(summaryText(data), /thresholds missed: deposit_done: rate>0\.999/);
  });
});

describe('finding k6', () => {
  it('takes the first executable named k6 on the path', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-k6-'));
    writeFileSync(join(folder, 'k6'), '#!/bin/sh\necho "k6 v2.3.0 (test)"\n', { mode: 0o755 });
    assert.deepEqual(findK6({ searchPath: `/nonexistent:${folder}` }), {
      path: join(folder, 'k6'),
      version: 'k6 v2.3.0 (test)',
    });
  });

  it('says how to get k6 when an explicit path is wrong', () => {
    assert.throws(
      () => findK6({ explicit: '/nonexistent/k6', searchPath: '' }),
      (error) =>
        error instanceof UserError &&
        error.exitCode === 254 &&
        /K6_BIN/.test(error.message) &&
        /install-k6/.test(error.advice),
    );
  });
});
