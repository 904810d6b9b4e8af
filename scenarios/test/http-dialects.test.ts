/**
 * Goal: each dialect over real sockets, with the service as a process of its own and a real
 * PostgreSQL. Seven runs stand for all pairs: which scenario a dialect tells follows from
 * ASSAY_SEED; `assay run --driver http --psp all` runs every pair.
 */
import assert from 'node:assert/strict';
import { eachDialectOnce, failureBlock, libraryScenarios, runScenario } from '../index.ts';

const seed = process.env['ASSAY_SEED'] ?? '1';

const library = libraryScenarios().filter(({ scenario }) => scenario.drivers?.includes('http') ?? true);

describe(`each dialect over real sockets, seed ${seed}`, function () {
  // A run takes 10 to 20 seconds on a calm machine.
  this.timeout(240_000);

  for (const { scenario, dialect } of eachDialectOnce(library, seed)) {
    it(`${scenario.name} holds with ${dialect}`, async () => {
      const result = await runScenario({ scenario, seed, driver: 'http', dialect });
      const unmet = result.judged.expectations.filter((one) => !one.met).map((one) => one.text);
      assert.equal(result.verdict, 'pass', `${failureBlock(result.report)}\n${unmet.join('\n')}`);
    });
  }
});
