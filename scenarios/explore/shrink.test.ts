/**
 * Goal: making a failure smaller keeps the failure, the names and the fates of what is left, ends
 * at something small, and its path leads there again. Method: failures that are known without a
 * run: "dep-2 is played under a lost answer".
 */
import assert from 'node:assert/strict';
import { resolveScenario, type PlannedOperation, type Scenario } from '../dsl/index.ts';
import { generateScenario } from './generate-scenario.ts';
import { regressionText } from './regression-file.ts';
import { shrinkFailure } from './shrink-failure.ts';
import { scenarioAt, smallerScenarios } from './shrink-scenario.ts';

const operationsOf = (scenario: Scenario): PlannedOperation[] =>
  resolveScenario(scenario, scenario.seed ?? '1').operations;

const find = (scenario: Scenario, op: string): PlannedOperation | undefined =>
  operationsOf(scenario).find((operation) => operation.op === op);

/** A seed whose scenario has two faults and a second deposit. */
const SEED = Array.from({ length: 300 }, (_, index) => String(index + 1)).find((seed) => {
  const scenario = generateScenario(seed);
  return (scenario.faults ?? []).length > 2 && scenario.traffic.length > 2 && find(scenario, 'dep-2') !== undefined;
}) as string;

describe('making a failure smaller', () => {
  it('ends at the one operation and the one fault that matter', async () => {
    const scenario = generateScenario(SEED);
    const fault = scenario.faults?.at(-1)?.id ?? '';
    const fails = (candidate: Scenario): Promise<boolean> =>
      Promise.resolve(
        find(candidate, 'dep-2') !== undefined && (candidate.faults ?? []).some(({ id }) => id === fault),
      );
    const { scenario: small, path, tries } = await shrinkFailure(scenario, { fails, mostTries: 1_000 });
    assert.deepEqual(
      operationsOf(small).map(({ op }) => op),
      ['dep-2'],
    );
    assert.deepEqual(
      small.faults?.map(({ id }) => id),
      [fault],
    );
    assert.equal(small.psps.length, 1);
    assert.ok(tries > 0 && path.length > 0);
    assert.deepEqual(scenarioAt(scenario, path), small);
  });

  it('tries no more often than it may, and says what it has by then', async () => {
    let asked = 0;
    const fails = (): Promise<boolean> => {
      asked += 1;
      return Promise.resolve(true);
    };
    const { tries } = await shrinkFailure(generateScenario(SEED), { fails, mostTries: 3 });
    assert.equal(tries, 3);
    assert.equal(asked, 3);
  });

  it('leaves the scenario as it is when nothing smaller fails', async () => {
    const scenario = generateScenario(SEED);
    const { path, scenario: same } = await shrinkFailure(scenario, {
      fails: () => Promise.resolve(false),
      mostTries: 1_000,
    });
    assert.deepEqual(path, []);
    assert.equal(same, scenario);
  });

  it('leaves the names, times and money of the operations alone that stay', () => {
    const scenario = generateScenario(SEED);
    const before = new Map(operationsOf(scenario).map((operation) => [operation.op, operation]));
    for (const smaller of smallerScenarios(scenario)) {
      for (const operation of operationsOf(smaller)) {
        const was = before.get(operation.op);
        assert.ok(was !== undefined, `${operation.op} has a new name`);
        assert.equal(operation.kind, was.kind);
        assert.equal(operation.atMs, was.atMs);
      }
    }
  });

  it('refuses a path that leads nowhere', () => {
    assert.throws(() => scenarioAt(generateScenario(SEED), [9_999]), /there is no scenario at 9999/);
  });

  it('is written down with what was broken and how to bring it back', () => {
    const text = regressionText({
      token: 'gen2:1/0.2',
      invariant: 'I1',
      scenario: generateScenario('1'),
      contradiction: 'Payment pay_1 was credited twice.',
      block: '',
      payments: 1,
      faults: 1,
      tries: 3,
    });
    assert.match(text, /^# What was left .* I1 held\.\n/);
    assert.match(text, /# Contradiction: Payment pay_1 was credited twice\.\n/);
    assert.match(text, /replay gen2:1\/0\.2\n/);
    assert.match(text, /\nseed: "1"\n/);
  });
});
