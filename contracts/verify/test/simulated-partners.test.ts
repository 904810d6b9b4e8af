/** `--target simulator:<dialect>` is a green run for every dialect there is: the example that the page for partners begins with. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIALECTS } from '../dialects/index.ts';
import { runVerify } from '../run.ts';
import { resultsOf } from './sandbox.ts';

/** Each call of the pacts is verified against the simulator by contracts/provider, in every dialect. */
const ONLY = ['preflight.*', 'webhooks.*', 'vectors.*', 'semantics.*'];

describe('a simulated PSP in the place of a partner', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'assay-simulated-'));
  after(() => rmSync(outDir, { recursive: true, force: true }));

  for (const { name } of DIALECTS) {
    it(`keeps the contract as ${name}`, async () => {
      const { summary } = await runVerify({ target: `simulator:${name}`, only: ONLY, lastFailed: false, outDir });
      const troubles = resultsOf(summary.stages).filter(({ finding }) => finding.verdict !== 'pass');
      assert.deepEqual(troubles, []);
      assert.equal(summary.exitCode, 0);
      assert.ok(summary.counts.pass > 40, `${summary.counts.pass} checks`);
    });
  }
});
