import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot, UserError } from '../kernel/index.ts';
import { findK6 } from './find-k6.ts';
import {
  depositThresholds,
  planIteration,
  plannedVirtualUsers,
  type DepositProfile,
  type LoadProfile,
} from './lib/k6/profile.ts';
import { compareMoney } from './money-check.ts';
import { missedThresholds, summaryText } from './lib/k6/summary.ts';

const profile: DepositProfile = {
  ratePerSecond: 10,
  durationSeconds: 10,
  expectedP99Ms: 2000,
  budgetMs: 5000,
  threeDsShare: 0.25,
  p95ObservedMs: 1500,
  psps: ['acme', 'stripe', 'adyen'],
};

describe('load profile', () => {
  it('plans enough virtual users for the rate and the slowest percentile, with a margin', () => {
    assert.deepEqual(plannedVirtualUsers(profile), { preAllocatedVUs: 26, maxVUs: 78 });
  });

  it('plans at least one virtual user however light the load', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1000, noNaN: true }),
        fc.integer({ min: 1, max: 60_000 }),
        (ratePerSecond, expectedP99Ms) => {
          const { preAllocatedVUs, maxVUs } = plannedVirtualUsers({ ...profile, ratePerSecond, expectedP99Ms });
          assert.ok(preAllocatedVUs >= 1 && preAllocatedVUs >= (ratePerSecond * expectedP99Ms) / 1000);
          assert.ok(maxVUs >= preAllocatedVUs);
        },
      ),
    );
  });

  it('challenges exactly the declared share of deposits at every PSP', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
        const plans = Array.from({ length: 3 * 100 }, (_, i) =>
          planIteration({ ...profile, threeDsShare: percent / 100 }, i),
        );
        for (const psp of profile.psps) {
          const challenged = plans.filter((plan) => plan.psp === psp && plan.card === 'card_3ds').length;
          assert.ok(Math.abs(challenged - percent) <= 1, `${psp}: ${challenged} of 100 for ${percent} %`);
        }
      }),
    );
  });

  it('guards every PSP with a sample count, since k6 passes a threshold without samples', () => {
    const thresholds = depositThresholds(profile);
    for (const psp of profile.psps) assert.deepEqual(thresholds[`deposit_started{psp:${psp}}`], ['count>0']);
    assert.deepEqual(thresholds['dropped_iterations'], ['count==0']);
  });

  it('every profile file has what the journey reads', () => {
    const folder = join(projectRoot(), 'load', 'profiles');
    for (const file of readdirSync(folder)) {
      const { name, deposit } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as LoadProfile;
      assert.equal(`${name}.json`, file);
      assert.ok(
        deposit.ratePerSecond > 0 &&
          deposit.durationSeconds > 0 &&
          deposit.budgetMs >= deposit.p95ObservedMs &&
          deposit.psps.length > 0,
        file,
      );
    }
  });
});

describe('load summary', () => {
  const data = {
    metrics: {
      deposit_started: { type: 'counter', values: { count: 10 }, thresholds: { 'count>0': { ok: true } } },
      deposit_credited: { type: 'rate', values: { rate: 0.9 }, thresholds: { 'rate>0.999': { ok: false } } },
      deposit_e2e_observed_ms: { type: 'trend', values: { med: 100, 'p(95)': 200, 'p(99)': 300, count: 10 } },
    },
  };

  it('names each missed threshold', () => {
    assert.deepEqual(missedThresholds(data), ['deposit_credited: rate>0.999']);
    assert.match(summaryText(data), /thresholds missed: deposit_credited: rate>0\.999/);
  });

  it('says how many deposits were started and credited, and the percentiles', () => {
    assert.match(summaryText(data), /deposits started 10, credited within the budget 90\.00 %/);
    assert.match(summaryText(data), /p95\s+200 ms/);
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

describe('money after a load run', () => {
  const books = (captured_minor: number, refunded_minor = 0) => [
    { name: 'acme', books: { payments: [{ currency: 'EUR', captured_minor, refunded_minor }] } },
  ];
  const ledger = (minor: number) => [
    { account: 'wallet:p', currency: 'EUR', minor },
    { account: 'psp:acme', currency: 'EUR', minor: -minor },
  ];

  it('agrees when each PSP captured what the ledger holds against it', () => {
    assert.deepEqual(compareMoney(books(5000), ledger(5000)), {
      agrees: true,
      differences: [],
      captured: { payments: 1, minor: 5000 },
    });
  });

  it('counts what was given back as not captured', () => {
    assert.equal(compareMoney(books(5000, 5000), []).agrees, true);
  });

  it('names the PSP and both amounts when a deposit was credited twice', () => {
    assert.deepEqual(compareMoney(books(5000), ledger(10_000)).differences, [
      'acme captured 5000 minor units of EUR (net of refunds) and our ledger says 10000',
    ]);
  });

  it('finds a ledger that does not add up to zero', () => {
    assert.match(
      compareMoney([], [{ account: 'wallet:p', currency: 'EUR', minor: 1 }]).differences[0] ?? '',
      /add up to 1 minor units instead of 0/,
    );
  });
});
