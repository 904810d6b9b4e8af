/**
 * What a PSP relies on when it delivers to the reference service, written by the simulator's real
 * sender of webhooks against Pact's mock.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRealClock, createTcpNetwork } from '../../kernel/index.ts';
import { ACK_CONSUMER, ACK_NEEDS, ACK_PATH, ACK_PROVIDER } from './acknowledgements/needs.ts';
import { deliver } from './acknowledgements/sender.ts';
import { keepPactLocal, writesPacts } from '../config.ts';
import { pactFileName, pactsFolder, readPact } from '../index.ts';
import { runCalls } from './run-calls.ts';

describe('what a PSP relies on when it delivers', () => {
  const clock = createRealClock();
  const pact = { consumer: ACK_CONSUMER, provider: ACK_PROVIDER, dir: '', logLevel: 'error' as const };
  const fileName = pactFileName(ACK_CONSUMER, ACK_PROVIDER);
  const [ordinary] = ACK_NEEDS;

  before(() => {
    keepPactLocal();
    pact.dir = mkdtempSync(join(tmpdir(), 'assay-pact-'));
  });
  after(() => rmSync(pact.dir, { recursive: true, force: true }));

  for (const need of ACK_NEEDS) {
    it(need.description, async () => {
      const network = createTcpNetwork({ clock });
      // What is forged comes beside the true delivery.
      const isExtra = need.fault?.fault === 'webhook-forged';
      const needs = isExtra && ordinary !== undefined ? [ordinary, need] : [need];
      const act = (url: string) => deliver(need, { clock, network, webhookUrl: `${url}${ACK_PATH}` });
      await runCalls({ pact, needs, clock, act }).finally(() => network.close());
    });
  }

  it(writesPacts() ? 'writes the pact file' : 'is the committed pact, byte for byte', () => {
    const fresh = join(pact.dir, fileName);
    const committed = join(pactsFolder(), 'acknowledgements', fileName);
    assert.equal(readPact(fresh).interactions.length, ACK_NEEDS.length);
    if (writesPacts()) copyFileSync(fresh, committed);
    assert.ok(
      readFileSync(fresh).equals(readFileSync(committed)),
      `contracts/pacts/acknowledgements/${fileName} is out of date: run \`npm run contracts\` and look at what changed`,
    );
  });
});
