/**
 * The simulated PSPs keep what the pacts ask of them: every call is answered over a real socket
 * and every webhook is one that was really delivered. Goal: the simulator is never friendlier to
 * the service than the pact that was written by the service's own adapter.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { listPacts, readPact, titleOf, type PactFile } from '../index.ts';
import { runVerification } from './run-verification.ts';
import type { Finding } from './verify.ts';

const pacts = listPacts().map((path) => ({ path, pact: readPact(path) }));
/** Wrong in three ways, to see that verification can fail. */
const folder = mkdtempSync(join(tmpdir(), 'assay-wrong-pact-'));
const wrongPath = join(folder, 'wrong.json');

/** What must be left in the books under the references of the troubled calls. */
const PAYMENTS_LEFT: Record<string, number> = { retry: 1, flight: 1, limited: 0, wrong_key: 0, '500': 0, '503': 0 };

describe('the simulator keeps the pacts', () => {
  let findings: Finding[] = [];
  const findingOf = (path: string): Finding => {
    const finding = findings.find((one) => one.path === path);
    assert.ok(finding, `${path} was not verified`);
    return finding;
  };

  before(async () => {
    writeFileSync(wrongPath, JSON.stringify(wrongPact()));
    findings = await runVerification([...pacts.map(({ path }) => path), wrongPath]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { path, pact } of pacts) {
    describe(basename(path), () => {
      pact.interactions.forEach((interaction, index) => {
        it(titleOf(interaction), () => {
          const verdict = findingOf(path).verdicts[index];
          assert.equal(verdict?.description, interaction.description);
          assert.ok(verdict.ok, verdict.mismatches.join('\n'));
        });
      });

      it('meets every state, and every delivery is signed as the service demands', () => {
        assert.deepEqual(findingOf(path).problems, []);
      });

      it('has one payment after a repeated call and none after a refused one', () => {
        const { payments } = findingOf(path);
        const dialect = pact.provider.name.replace(/^psp-/, '');
        const reference = (word: string): string => `att_${dialect.replace('-', '_')}_${word}`;
        // Not every PSP tells a request that is still being answered from one that was.
        const asked = Object.entries(PAYMENTS_LEFT).filter(([word]) => JSON.stringify(pact).includes(reference(word)));
        assert.ok(asked.length >= 4);
        const left = asked.map(([word]) => [word, payments[reference(word)] ?? 0]);
        assert.deepEqual(Object.fromEntries(left), Object.fromEntries(asked));
      });
    });
  }

  describe('a pact that asks for something else', () => {
    it('fails for another amount in an answer', () => {
      const [call] = findingOf(wrongPath).verdicts;
      assert.equal(call?.ok, false);
      assert.match(call.mismatches.join(), /captured_amount.*50\.01/);
    });

    it('fails for another amount in a delivered webhook', () => {
      const webhook = findingOf(wrongPath).verdicts[1];
      assert.equal(webhook?.ok, false);
      assert.match(webhook.mismatches.join(), /amount.*50\.01/);
    });

    it('fails for a state that nobody can make', () => {
      assert.match(findingOf(wrongPath).problems.join(), /"a state of bliss"/);
    });
  });
});

/** Three needs of the acme pact, each made wrong. */
function wrongPact(): PactFile {
  const acme = pacts.find(({ path }) => path.endsWith('psp-acme.json'))?.pact;
  assert.ok(acme);
  const take = (description: string) => {
    const found = acme.interactions.find((one) => one.description === description);
    assert.ok(found, `the acme pact has no "${description}"`);
    return JSON.parse(
      JSON.stringify(found).replaceAll('"captured_amount":"50.00"', '"captured_amount":"50.01"'),
    ) as typeof found;
  };
  const stateless = { ...take('a search that finds nothing'), providerStates: [{ name: 'a state of bliss' }] };
  return {
    ...acme,
    interactions: [take('a card payment that is captured at once'), take('webhook payment.captured'), stateless],
  };
}
