/** Goal: a plan file says what a scenario's own lists say, and a mistake is told with its place. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { InvalidScenarioError } from './invalid-scenario.ts';
import { loadScenario } from './parse-scenario.ts';
import { loadPlanFile, parsePlanFile } from './plan-file.ts';

const GOOD = `psps:
  - { name: eu, dialect: stripe, port: 9102, webhook_url: "http://127.0.0.1:3000/hook", profile: { ack_timeout: 5s } }
  - { name: acme, dialect: acme }
faults:
  - { fault: answer-lost, psp: eu, operation: create-payment, chance: 0.3 }
  - fault: latency
    from: 1m
    to: 2h
    with: { distribution: { kind: fixed, ms: 2s } }
`;

function refusal(text: string, psps: readonly string[] = ['eu', 'acme']): string {
  try {
    parsePlanFile(text, 'plan.yaml').checkPspNames(psps);
  } catch (error) {
    assert.ok(error instanceof InvalidScenarioError);
    return `${error.message} / ${error.advice}`;
  }
  return 'accepted';
}

describe('plan files', () => {
  it('give PSPs and faults as the simulator takes them', () => {
    const plan = parsePlanFile(GOOD, 'plan.yaml');
    assert.deepEqual(plan.psps, [
      {
        name: 'eu',
        dialect: 'stripe',
        port: 9102,
        webhookUrl: 'http://127.0.0.1:3000/hook',
        profile: { ackTimeoutMs: 5_000 },
      },
      { name: 'acme', dialect: 'acme', profile: {} },
    ]);
    assert.deepEqual(plan.faults, [
      {
        spec: { fault: 'answer-lost', psp: 'eu', operation: 'create-payment', chance: 0.3 },
        place: 'plan.yaml:5:5',
      },
      {
        spec: { fault: 'latency', from: 60_000, to: 7_200_000, with: { distribution: { kind: 'fixed', ms: 2_000 } } },
        place: 'plan.yaml:6:5',
      },
    ]);
    assert.equal(refusal(GOOD), 'accepted');
  });

  it('may be any scenario of the library', () => {
    const library = join(projectRoot(), 'scenarios', 'library');
    const files = readdirSync(library).map((file) => join(library, file));
    for (const file of files) {
      const plan = loadPlanFile(file);
      const scenario = loadScenario(file);
      assert.deepEqual(
        plan.faults.map(({ spec }) => spec.fault),
        (scenario.faults ?? []).map(({ fault }) => fault),
      );
      assert.equal(plan.psps.length, scenario.psps.length);
    }
    assert.ok(files.length > 5);
  });

  it('name any dialect that the simulator at hand speaks', () => {
    const text = 'psps:\n  - { name: shop, dialect: my-bank }\n';
    assert.match(refusal(text), /^plan.yaml:2:\d+: `my-bank` is not allowed/);
    const [psp] = parsePlanFile(text, 'plan.yaml', { dialects: ['my-bank'] }).psps;
    assert.equal(psp?.dialect, 'my-bank');
  });

  const cases: [what: string, text: string, expected: RegExp][] = [
    [
      'an unknown fault',
      GOOD.replace('answer-lost', 'anwser-lost'),
      /^plan.yaml:5:14: `anwser-lost` .*`answer-lost`\?/,
    ],
    ['an unknown field', GOOD.replace('chance', 'chanse'), /^plan.yaml:5:\d+: `chanse` .*did you mean `chance`/],
    ['a fault for a PSP that does not run', GOOD.replace('psp: eu', 'psp: us'), /^plan.yaml:5:32: `us` is not a PSP/],
    ['a duration without unit', GOOD.replace('1m', '1'), /^plan.yaml:7:11: `faults\[1\].from` is 1, but must be a dur/],
    ['a port that is none', GOOD.replace('9102', '99999'), /^plan.yaml:2:\d+: `psps\[0\].port` must be <= 65535/],
    [
      'another list',
      GOOD.replace('faults:', 'fault:'),
      /^plan.yaml:4:1: `fault` is not a field .*did you mean `faults`/,
    ],
    ['broken YAML', `${GOOD}  - [`, /^plan.yaml:\d+:\d+: this is not valid YAML/],
    ['an empty file', '', /^plan.yaml:1:1: the plan is null, but must be a group of fields: psps, faults/],
    ['an empty plan', '{}', /^plan.yaml:1:1: the plan must NOT have fewer than 1 prop/],
  ];
  for (const [what, text, expected] of cases) {
    it(`are refused for ${what}, with the place`, () => assert.match(refusal(text), expected));
  }

  it('are refused when they cannot be read, in one sentence', () => {
    assert.throws(
      () => loadPlanFile('/no/such.yaml'),
      /^UserError: \/no\/such\.yaml: the file cannot be read \(ENOENT/,
    );
  });
});
