/** Our verdicts on bodies are Pact's own, on needs of all committed pacts and on the ways to break them. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../../kernel/index.ts';
import { bodyCases } from '../test/pact-cases.ts';
import { matchBody, matchHeaders } from './match.ts';
import { UnknownMatcherError } from './matchers.ts';

describe('the matching of pacts', () => {
  it("says what Pact's own verifier says", async () => {
    const cases = bodyCases();
    const theirs = await pactVerdicts();
    assert.ok(cases.length > 250, `${cases.length} cases`);
    const differing = cases.flatMap(({ name, expected, rules, actual }, at) => {
      const ours = matchBody(expected, actual, rules).length === 0;
      return ours === theirs[at] ? [] : [`${name}: Pact says ${theirs[at]}, we say ${ours}`];
    });
    // To Pact null is the text "null", which fits /^.+$/; an id that is null is none to us.
    assert.deepEqual(
      differing.filter((one) => !/ is null: Pact says true, we say false$/.test(one)),
      [],
    );
    assert.ok(theirs.includes(true) && theirs.includes(false));
  });

  it('does not take a matcher that it does not know for a yes', () => {
    assert.throws(
      () => matchBody({ a: 1 }, { a: 1 }, { '$.a': { matchers: [{ match: 'semver' }] } }),
      UnknownMatcherError,
    );
  });

  it('says where, what was expected and what came', () => {
    const found = matchBody({ a: [{ b: 1 }] }, { a: [{ b: '1' }] });
    assert.deepEqual(found, [{ path: '$.a[0].b', expected: '1', got: '"1"' }]);
  });

  it('compares headers without case, and media types without their parameters', () => {
    assert.deepEqual(
      matchHeaders({ 'Content-Type': 'application/json' }, { 'content-type': 'application/json; charset=utf-8' }),
      [],
    );
    assert.equal(matchHeaders({ 'X-Signature': 'a' }, {}).length, 1);
  });
});

function pactVerdicts(): Promise<(boolean | null)[]> {
  const program = join(projectRoot(), 'contracts', 'verify', 'test', 'pact-verdicts.ts');
  const child = fork(program, [], {
    cwd: projectRoot(),
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.resume();
  process.once('exit', () => void child.kill());
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    let verdicts: (boolean | null)[] | undefined;
    child.on('message', (message) => {
      verdicts = message as (boolean | null)[];
    });
    child.once('close', () => (verdicts === undefined ? reject(new Error(errors.join(''))) : resolve(verdicts)));
  });
}
