/** The running reference service acknowledges deliveries as PSPs rely on; a promise that it does not keep is found. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACK_CONSUMER, ACK_NEEDS, ACK_PROVIDER } from '../consumer/acknowledgements/needs.ts';
import { pactFileName, pactsFolder, readPact } from '../index.ts';
import { runVerification } from './run-verification.ts';
import type { Finding } from './verify.ts';

const path = join(pactsFolder(), 'acknowledgements', pactFileName(ACK_CONSUMER, ACK_PROVIDER));
const folder = mkdtempSync(join(tmpdir(), 'assay-wrong-acknowledgement-'));
const wrongPath = join(folder, 'wrong.json');

describe('the reference service keeps what PSPs rely on', () => {
  let findings: Finding[] = [];

  before(async () => {
    // A bad signature that is answered as if it were good.
    writeFileSync(wrongPath, JSON.stringify(readPact(path)).replaceAll('"status":401', '"status":200'));
    findings = await runVerification([path, wrongPath], 'verify-acknowledgements.ts');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { description } of ACK_NEEDS)
    it(description, () => {
      const verdict = findings[0]?.verdicts.find((one) => one.description === description);
      assert.ok(verdict?.ok, verdict?.mismatches.join('\n') ?? 'not verified');
    });

  it('meets every state', () => assert.deepEqual(findings[0]?.problems, []));

  it('fails for a pact that wants a bad or an old signature to be taken', () => {
    const refused = findings[1]?.verdicts.filter(({ ok }) => !ok).map(({ description }) => description);
    assert.deepEqual(refused?.sort(), ['an event that was signed long ago', 'an event with a bad signature']);
  });
});
