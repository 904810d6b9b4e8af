/**
 * Goal: what was once broken stays repaired. Method: every scenario of this folder is played with
 * its own seed, and every seed of the corpus is a run that can be named.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { closeVirtualDatabase } from '../drivers/index.ts';
import { loadScenario } from '../dsl/index.ts';
import { readCorpus } from '../explore/corpus.ts';
import { parseToken } from '../explore/token.ts';
import { runOfToken } from '../mutants/replay-token.ts';
import { runScenario } from '../runner/run-scenario.ts';

const FOLDER = join(projectRoot(), 'scenarios/regressions');
const CORPUS = 'corpus.yaml';

describe('regressions', function () {
  this.timeout(120_000);
  after(closeVirtualDatabase);

  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== CORPUS);
  for (const file of files) {
    it(`${file} holds`, async () => {
      const scenario = loadScenario(join(FOLDER, file));
      const { verdict, judged } = await runScenario({ scenario, seed: scenario.seed ?? '1', driver: 'virtual' });
      const failed = judged.invariants.flatMap(({ violations }) =>
        violations.map(({ contradiction }) => contradiction),
      );
      assert.notEqual(verdict, 'fail', failed.join('\n'));
    });
  }

  for (const { token, why } of readCorpus()) {
    it(`${token} holds: ${why}`, async () => {
      const named = parseToken(token);
      assert.ok(named !== null);
      const { judged } = await runScenario(runOfToken(named));
      const failed = judged.invariants.flatMap(({ violations }) =>
        violations.map(({ contradiction }) => contradiction),
      );
      assert.deepEqual(failed, []);
    });
  }
});
