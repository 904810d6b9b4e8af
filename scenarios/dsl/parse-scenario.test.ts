import assert from 'node:assert/strict';
import { InvalidScenarioError } from './invalid-scenario.ts';
import { defineScenario, loadScenario, parseScenario } from './parse-scenario.ts';
import type { Scenario } from './scenario.ts';

const GOOD = `name: small
title: A small one
description: Nothing special.
psps:
  - { name: stripe, dialect: stripe }
traffic:
  - deposits: 2
    every: 90s
    amount: { min: "5.00", max: "250.00" }
    currency: EUR
    psp: stripe
    card: { ok: 8, declined: 1 }
heal_at: 48h
settle_within: 24h
`;

function refusal(text: string): string {
  try {
    parseScenario(text, 'small.yaml');
  } catch (error) {
    assert.ok(error instanceof InvalidScenarioError);
    assert.equal(error.exitCode, 254);
    return `${error.message} / ${error.advice}`;
  }
  return 'accepted';
}

describe('scenario files', () => {
  it('are accepted when they are right', () => {
    assert.equal(refusal(GOOD), 'accepted');
  });

  const cases: [what: string, text: string, expected: RegExp][] = [
    [
      'a mistyped field',
      GOOD.replace('every', 'evry'),
      /^small.yaml:8:5: `evry` is not a field of `traffic\[0\]`; did you mean `every`\?/,
    ],
    [
      'a duration without unit',
      GOOD.replace('90s', '90'),
      /^small.yaml:8:12: `traffic\[0\].every` is 90, but must be a duration: 250ms/,
    ],
    [
      'a fault of settlement files that nobody imports',
      `${GOOD}faults:\n  - { fault: settlement-missing-line }\n`,
      /^small.yaml:16:5: a fault of settlement files never shows where nobody imports them/,
    ],
    [
      'settlements that are imported without a pause',
      `${GOOD}settlements: { every: 5s }\n`,
      /^small.yaml:15:23: settlements are imported once an hour at most/,
    ],
    [
      'an unknown PSP',
      GOOD.replace('psp: stripe', 'psp: strip'),
      /^small.yaml:11:10: `strip` is not a PSP of this scenario; did you mean `stripe`\?/,
    ],
    [
      'an unknown card',
      GOOD.replace('ok: 8', 'okay: 8'),
      /^small.yaml:12:13: `okay` is not allowed in `traffic\[0\].card`; did you mean `ok`\?/,
    ],
    [
      'an unknown dialect',
      GOOD.replace('dialect: stripe', 'dialect: stripey'),
      /^small.yaml:5:30: .*did you mean `stripe`\? \/ Allowed: acme, stripe, adyen/,
    ],
    [
      'an unknown fault',
      `${GOOD}faults:\n  - fault: anwser-lost\n`,
      /^small.yaml:16:12: `anwser-lost` is not allowed .*did you mean `answer-lost`/,
    ],
    [
      'a missing field',
      GOOD.replace('title: A small one\n', ''),
      /^small.yaml:1:1: the scenario needs the field `title`/,
    ],
    [
      'traffic of no kind',
      GOOD.replace('deposits: 2', 'deposit: 2'),
      /^small.yaml:7:5: `traffic\[0\]` does not say what it is/,
    ],
    [
      'a field given twice',
      `${GOOD}name: other\n`,
      /^small.yaml:15:1: this is not valid YAML: Map keys must be unique/,
    ],
    ['broken YAML', `${GOOD}faults: [`, /^small.yaml:\d+:\d+: this is not valid YAML/],
    ['an empty file', '', /^small.yaml:1:1: the scenario is null/],
    [
      'an amount that the currency does not know',
      GOOD.replace('5.00', '5.50').replace('EUR', 'JPY'),
      /^small.yaml:9:13: 5.50 has more decimals than JPY/,
    ],
    [
      'two ways to say when',
      GOOD.replace('every: 90s', 'every: 90s\n    burst: true'),
      /only one of `every`, `at` and `burst`/,
    ],
    ['many operations and no time', GOOD.replace('    every: 90s\n', ''), /2 operations need a time/],
    [
      'a fault that begins after the heal point',
      `${GOOD}faults:\n  - { fault: outage, from: 3d }\n`,
      /^small.yaml:16:28: the fault begins \(3d\) after everything healed \(48h\)/,
    ],
    [
      'an expectation of a fault that is not there',
      `${GOOD}expect: { faults_hit: [outage] }\n`,
      /^small.yaml:15:24: `outage` is not a fault of this scenario/,
    ],
    [
      'something to do afterwards where nothing waits',
      GOOD.replace('psp: stripe', 'afterwards: void'),
      /^small.yaml:11:17: what captures by itself leaves nothing to do/,
    ],
    [
      'two steps where no PSP takes them',
      GOOD.replace('psp: stripe', 'method: voucher\n    capture: manual'),
      /^small.yaml:12:14: none of its PSPs can authorize first/,
    ],
    [
      'a mistyped step',
      GOOD.replace('psp: stripe', 'capture: manual\n    afterwards: [capture, viod]'),
      /^small.yaml:12:27: `viod` is not allowed .*did you mean `void`/,
    ],
    [
      'several refunds at once by a person',
      `${GOOD}`.replace('  - deposits: 2', '  - { refunds: 1, times: 3 }\n  - deposits: 2'),
      /^small.yaml:7:5: a person in a dashboard gives all of one deposit back/,
    ],
    [
      'a limit of no period',
      GOOD.replace('  - deposits: 2', '  - { limits: 1, currency: EUR }\n  - deposits: 2'),
      /^small.yaml:7:5: the limit is of no period/,
    ],
    [
      'a bet that the currency does not know',
      GOOD.replace('  - deposits: 2', '  - { rounds: 1, currency: JPY, bet: "1.50" }\n  - deposits: 2'),
      /^small.yaml:7:\d+: 1.50 has more decimals than JPY/,
    ],
    [
      'an end that no dispute has',
      GOOD.replace('  - deposits: 2', '  - { disputes: 1, ends: [won, lots] }\n  - deposits: 2'),
      /^small.yaml:7:\d+: `lots` is not allowed .*did you mean `lost`/,
    ],
    [
      'a kill on the virtual driver',
      `${GOOD}target: { kill: [{ at: 30s, restart_after: 2s }] }\n`,
      /^small.yaml:15:9: a process can only be killed by the http driver/,
    ],
  ];
  for (const [what, text, expected] of cases) {
    it(`are refused for ${what}, with the place`, () => assert.match(refusal(text), expected));
  }

  it('are refused when they cannot be read, in one sentence', () => {
    assert.throws(() => loadScenario('/no/such.yaml'), /the scenario file cannot be read \(ENOENT/);
  });

  it('can be written in TypeScript, where a problem names the path', () => {
    const scenario: Scenario = {
      name: 'small',
      title: 'A small one',
      description: 'Nothing special.',
      psps: [{ name: 'stripe', dialect: 'stripe' }],
      traffic: [{ deposits: 1, amount: '5.00', currency: 'EUR' }],
      heal_at: '1m',
      settle_within: '1h',
    };
    assert.equal(defineScenario(scenario), scenario);
    assert.throws(
      () => defineScenario({ ...scenario, heal_at: 'soon' }),
      /^InvalidScenarioError: small at heal_at: `heal_at` is soon/,
    );
  });
});
