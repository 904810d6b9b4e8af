/** The manifests for a cluster: they parse, use fields that the operator's TestRun has, and name what exists. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../kernel/index.ts';
import { readProfile } from './choices.ts';
import { thresholdsOf, type JourneyPlan } from './lib/k6/profile.ts';

interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { configMapKeyRef?: { name: string; key: string }; secretKeyRef?: { name: string; key: string } };
}

interface TestRun {
  apiVersion: string;
  kind: string;
  spec: {
    parallelism: number;
    arguments: string;
    script: { localFile: string };
    initializer: { disabled: boolean };
    runner: { image: string; env: EnvVar[] };
  };
}

/** Of `TestRunSpec`, `K6Script` and `Pod` in k6-operator, api/v1alpha1/testrun_types.go. */
const SPEC = ['script', 'parallelism', 'separate', 'arguments', 'ports', 'initializer', 'starter', 'runner', 'cleanup'];
const SCRIPT = ['volumeClaim', 'configMap', 'localFile'];
const POD = ['disabled', 'affinity', 'env', 'envFrom', 'image', 'imagePullPolicy', 'nodeSelector', 'resources'];

const read = (file: string): string => readFileSync(join(projectRoot(), 'load', 'k8s', file), 'utf8');
const run = parse(read('testrun.yaml')) as TestRun;
const plan = parse(read('plan.yaml')) as { kind: string; metadata: { name: string }; data: Record<string, string> };

describe('the manifests for a cluster', () => {
  it('use only fields of the k6 operator', () => {
    assert.equal(`${run.apiVersion} ${run.kind}`, 'k6.io/v1alpha1 TestRun');
    const unknown = (given: object, known: string[]): string[] =>
      Object.keys(given).filter((name) => !known.includes(name));
    const { spec } = run;
    const { script, initializer, runner } = spec;
    assert.deepEqual(
      [unknown(spec, SPEC), unknown(script, SCRIPT), unknown(initializer, POD), unknown(runner, POD)].flat(),
      [],
    );
    assert.ok(Number.isInteger(spec.parallelism) && spec.parallelism > 1);
  });

  it('start a journey that the image has', () => {
    const { localFile } = run.spec.script;
    assert.match(localFile, /^\/assay\/load\/journeys\//);
    assert.ok(existsSync(join(projectRoot(), localFile.replace('/assay/', ''))), localFile);
    const copied = [...read('Dockerfile').matchAll(/^COPY (.*) (\S+)$/gm)].flatMap(([, from = '']) => from.split(' '));
    for (const path of copied) assert.ok(existsSync(join(projectRoot(), path)), path);
    assert.ok(copied.includes('load/journeys') && copied.includes('load/lib'));
  });

  it('hand the journey everything that it asks its environment for', () => {
    const given = run.spec.runner.env.map(({ name }) => name);
    const source = readFileSync(join(projectRoot(), 'load/journeys/steps/play.ts'), 'utf8');
    const asked = [...source.matchAll(/(?:__ENV\[|required\()'([A-Z_]+)'/g)].map(([, name = '']) => name);
    assert.deepEqual(
      [...new Set(asked)].filter((name) => name !== 'PLAN' && !given.includes(name)),
      [],
    );
    for (const { name, valueFrom } of run.spec.runner.env) {
      const map = valueFrom?.configMapKeyRef;
      if (map === undefined) continue;
      assert.equal(map.name, plan.metadata.name, name);
      assert.ok(plan.data[map.key] !== undefined, `${name}: ${map.key}`);
    }
  });

  it('have the profile that they say, as a plan that the journey can read', () => {
    const told = JSON.parse(plan.data['plan.json'] ?? '') as JourneyPlan;
    const { runId, payoutEvery, baseUrl, parts, ...profile } = told;
    assert.deepEqual(profile, readProfile('steady'));
    assert.equal(parts, run.spec.parallelism);
    assert.ok(runId !== '' && payoutEvery === 0 && baseUrl === '');
    assert.deepEqual(thresholdsOf(told)['dropped_iterations'], ['count==0']);
  });
});
