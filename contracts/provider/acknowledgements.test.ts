/** The running reference service acknowledges deliveries as PSPs rely on; a promise that it does not keep is found. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACK_PROVIDER, ackConsumer, ackNeeds } from '../consumer/acknowledgements/needs.ts';
import { ACK_PSPS, type AckPsp } from '../consumer/acknowledgements/psps.ts';
import { pactFileName, pactsFolder, readPact } from '../index.ts';
import { runVerification } from './run-verification.ts';
import type { Finding } from './verify.ts';

const pathOf = (psp: AckPsp): string =>
  join(pactsFolder(), 'acknowledgements', pactFileName(ackConsumer(psp), ACK_PROVIDER));
const paths = ACK_PSPS.map(pathOf);
const folder = mkdtempSync(join(tmpdir(), 'assay-wrong-acknowledgement-'));
const wrongPath = join(folder, 'wrong.json');

describe('the reference service keeps what PSPs rely on', () => {
  let findings: Finding[] = [];

  before(async () => {
    // A bad signature that is answered as if it were good.
    const [first = ''] = paths;
    writeFileSync(wrongPath, JSON.stringify(readPact(first)).replaceAll('"status":401', '"status":200'));
    findings = await runVerification([...paths, wrongPath], 'verify-acknowledgements.ts');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, psp] of ACK_PSPS.entries())
    describe(ackConsumer(psp), () => {
      for (const { description } of ackNeeds(psp))
        it(description, () => {
          const verdict = findings[index]?.verdicts.find((one) => one.description === description);
          assert.ok(verdict?.ok, verdict?.mismatches.join('\n') ?? 'not verified');
        });

      it('meets every state', () => assert.deepEqual(findings[index]?.problems, []));
    });

  it('fails for a pact that wants a bad or an old signature to be taken', () => {
    const refused = findings
      .at(-1)
      ?.verdicts.filter(({ ok }) => !ok)
      .map(({ description }) => description);
    assert.deepEqual(refused?.sort(), ['an event that was signed long ago', 'an event with a bad signature']);
  });
});
