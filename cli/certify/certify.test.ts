/**
 * Goal: a battery becomes a dossier that verifies, says what was left out, and never passes what
 * was not done. Method: plans and results of verbs by hand; one small battery for real.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import type { Dossier } from '../../scenarios/index.ts';
import { leftOutPart, partOf, planBattery, type BatteryOptions } from './battery.ts';
import { readAudit, readContract, readExploration, readLoad, readReplay, readRuns } from './read-results.ts';

const OPTIONS: BatteryOptions = {
  seed: 'Go Live!',
  seeds: 100,
  quick: false,
  target: undefined,
  dir: 'out',
  leftOut: [],
  dialects: ['acme', 'stripe'],
};

const result = (json: object, exitCode = 0): { json: Record<string, unknown>; exitCode: number; wallMs: number } => ({
  json: json as Record<string, unknown>,
  exitCode,
  wallMs: 1,
});

describe('the battery', () => {
  it('plays the library on both drivers, explores, audits, verifies each contract, and measures', () => {
    const plan = planBattery(OPTIONS);
    assert.deepEqual(
      plan.map(({ id }) => id),
      ['library', 'replay', 'http', 'explore', 'audit', 'contracts-acme', 'contracts-stripe', 'load'],
    );
    assert.ok(plan.every(({ leftOut }) => leftOut === undefined));
    assert.deepEqual(plan[3]?.command.slice(0, 5), ['explore', '--seeds', '100', '--word', 'go-live-']);
  });

  it('leaves out what says nothing about a service of somebody else, with the reason', () => {
    const plan = planBattery({ ...OPTIONS, target: 'shop.yaml', leftOut: ['contracts'] });
    const done = plan.filter(({ leftOut }) => leftOut === undefined);
    assert.deepEqual(
      done.map(({ command }) => command.slice(0, 3)),
      [['run', '--target', 'shop.yaml']],
    );
    for (const part of plan.filter(({ leftOut }) => leftOut !== undefined)) {
      const { verdict, unknown } = leftOutPart(part);
      assert.equal(verdict, 'left-out');
      assert.match(unknown[0]?.why ?? '', /reference service|asked to be left out/);
    }
  });

  it('takes what a verb refused for unknown, in its own words', () => {
    const [plan] = planBattery(OPTIONS);
    assert.ok(plan !== undefined);
    for (const read of [readRuns, readReplay, readExploration, readAudit, readContract, readLoad]) {
      const refusal = result({ error: 'k6 was not found', advice: 'Install it.' }, 254);
      const findings = read(refusal, '.');
      assert.deepEqual(findings.part.unknown, [{ what: 'the whole part', why: 'k6 was not found. Install it.' }]);
      assert.equal(partOf(plan, refusal, findings).verdict, 'unknown');
    }
    for (const [exitCode, verdict] of [
      [0, 'pass'],
      [1, 'fail'],
      [2, 'unknown'],
      [3, 'fail'],
      [99, 'fail'],
      [255, 'unknown'],
    ] as const)
      assert.equal(partOf(plan, result({}, exitCode), readLoad(result({}, exitCode))).verdict, verdict);
  });

  it('reads coverage, p95, histories and open checks', () => {
    const coverage = {
      feasible: 10,
      exercised: 7,
      neverExercised: ['a × b'],
      goals: [{ id: 'g', says: 'it rains', met: false }],
    };
    const explored = readExploration(result({ runs: 5, passed: 5, virtualHours: 12.4, coverage }));
    assert.deepEqual(explored.coverage, {
      exercised: 7,
      feasible: 10,
      neverExercised: ['a × b'],
      goalsMet: 0,
      goals: 1,
    });
    assert.equal(explored.part.unknown[0]?.what, 'it rains');
    const deposits = { started: 300, creditedRate: 1, p95ObservedMs: 812.4, p95ServerMs: 790 };
    assert.match(
      readLoad(result({ deposits, money: { agrees: true } })).part.says,
      /300 deposits, p95 812 ms .* agree\./,
    );
    assert.match(readReplay(result({ scenario: 'x', sameHistory: false }, 3)).part.says, /another history/);
    assert.deepEqual(readAudit(result({ runs: 5, passed: 5, coverage })).part.unknown, []);
    const notPassed = [{ id: 'calls.b', verdict: 'unknown', reason: 'not asked' }];
    assert.deepEqual(readContract(result({ counts: { pass: 1, fail: 0, unknown: 1 }, notPassed }, 2)).part.unknown, [
      { what: 'calls.b', why: 'not asked' },
    ]);
  });
});

describe('assay certify', function () {
  // Two verbs of the command line start, one of them with a database of its own.
  this.timeout(120_000);

  let dir = '';
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'assay-certify-'));
  });
  after(() => rmSync(dir, { recursive: true }));

  const assay = (...args: string[]): { exitCode: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot(), 'bin/assay.js'), ...args], {
      encoding: 'utf8',
    });
    return { exitCode: status, text: stdout + stderr };
  };

  it('writes a dossier that verifies, and notices when anything in it was changed', () => {
    const file = join(dir, 'dossier.json');
    const made = assay('certify', '--quick', '--without', 'http,explore,audit,contracts,load', '--out', dir);
    assert.equal(made.exitCode, 0, made.text);
    const dossier = JSON.parse(readFileSync(file, 'utf8')) as Dossier;
    assert.deepEqual([dossier.scope, dossier.verdict, dossier.p95], ['quick', 'pass', null]);
    assert.equal(dossier.parts[0]?.runs.length, 3);
    assert.ok(dossier.parts[0].runs.every((run) => run.files.length === 4));
    assert.deepEqual(dossier.scenarios.map(({ name }) => name).sort(), [
      'commit-then-timeout',
      'duplicate-burst',
      'happy-day',
    ]);
    assert.ok(
      dossier.unknown.some(({ what, why }) => what === 'Deposits under load' && why === 'asked to be left out'),
    );

    const good = assay('certify', '--verify', file);
    assert.equal(good.exitCode, 0, good.text);
    assert.match(good.text, /3 histories judged again/);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"scope": "quick"', '"scope": "full"'));
    const bad = assay('certify', '--verify', file);
    assert.equal(bad.exitCode, 1);
    assert.match(bad.text, /differs: the dossier/);
    assert.equal(assay('certify', '--verify', join(projectRoot(), 'package.json')).exitCode, 254);
  });
});
