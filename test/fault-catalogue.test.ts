/**
 * Every example of docs/FAULTS.md is run: read as a plan file, and played dry over traffic in
 * which its fault can strike. An example that hits nothing shows nothing.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { describeFaults, dryRunFaults } from '../psp-simulator/index.ts';
import { loadPlanFile } from '../scenarios/index.ts';

const CATALOGUE = readFileSync(join(projectRoot(), 'docs', 'FAULTS.md'), 'utf8');

/** What a dry run has no wire for: connections that are refused, handshakes. */
const ON_THE_WIRE_ONLY = ['certificate-expired'];

/** All that can happen to a payment, slowly enough for windows of minutes to open and close. */
const TRAFFIC = {
  payments: 40,
  everyMs: 30_000,
  operations: ['create-payment', 'capture', 'refund', 'create-payout', 'get-payment', 'list-payments'],
  pages: true,
};

function exampleOf(fault: string): string {
  const entry = CATALOGUE.split(/^### /m).find((text) => text.startsWith(`${fault}\n`)) ?? '';
  return /```yaml\n(.*?)```/s.exec(entry)?.[1] ?? '';
}

describe('the catalogue of faults', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-faults-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function planOf(fault: string): Record<string, unknown>[] {
    const file = join(folder, `${fault}.yaml`);
    writeFileSync(file, exampleOf(fault));
    return loadPlanFile(file).faults.map(({ spec }) => ({ ...spec }));
  }

  for (const { name } of describeFaults()) {
    it(`has an example of ${name} that strikes`, async () => {
      const faults = planOf(name);
      assert.deepEqual(
        faults.map(({ fault }) => fault),
        [name],
      );
      const psps = [{ name: 'acme', dialect: 'acme' }];
      const hitsIn = async (traffic: object): Promise<number> =>
        (await dryRunFaults({ seed: 'catalogue', psps, faults, traffic })).faults[0]?.hits ?? 0;
      // Captured at once and without a page, for those that strike only there.
      const plain = { ...TRAFFIC, operations: ['create-payment', 'get-payment'], pages: false };
      const hits = (await hitsIn(TRAFFIC)) || (await hitsIn(plain));
      if (ON_THE_WIRE_ONLY.includes(name)) assert.equal(hits, 0);
      else assert.ok(hits > 0, `${exampleOf(name)} hits nothing`);
    });
  }
});
