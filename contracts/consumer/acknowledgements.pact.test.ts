/**
 * What PSPs rely on when they deliver to the reference service: the deliveries of the simulator's real
 * senders of webhooks, passed on to Pact's mock.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRealClock, createTcpNetwork, type Network } from '../../kernel/index.ts';
import { keepPactLocal, writesPacts } from '../config.ts';
import { pactFileName, pactsFolder, readPact } from '../index.ts';
import { ACK_PROVIDER, ackConsumer, ackNeeds } from './acknowledgements/needs.ts';
import { ACK_PSPS } from './acknowledgements/psps.ts';
import { startSender, type Sender } from './acknowledgements/sender.ts';
import { runCalls } from './run-calls.ts';

for (const psp of ACK_PSPS) {
  const consumer = ackConsumer(psp);
  describe(`what ${consumer} relies on when it delivers`, () => {
    const clock = createRealClock();
    const pact = { consumer, provider: ACK_PROVIDER, dir: '', logLevel: 'error' as const };
    const fileName = pactFileName(consumer, ACK_PROVIDER);
    const needs = ackNeeds(psp);
    let network: Network;
    let sender: Sender;

    before(async () => {
      keepPactLocal();
      pact.dir = mkdtempSync(join(tmpdir(), 'assay-pact-'));
      network = createTcpNetwork({ clock });
      sender = await startSender(psp, { clock, network });
    });
    after(async () => {
      await sender.close();
      await network.close();
      rmSync(pact.dir, { recursive: true, force: true });
    });

    for (const need of needs) {
      it(need.description, async () => {
        const { headers, body } = await sender.catch(need.kind);
        const act = async (url: string): Promise<void> => {
          const { host: _host, connection: _connection, ...sent } = headers;
          const call = {
            method: 'POST',
            url: `${url}${psp.path}`,
            headers: sent,
            body,
            timeoutMs: 10_000,
          } as const;
          await network.request(call);
        };
        await runCalls({ pact, needs: [need], clock, act });
      });
    }

    it(writesPacts() ? 'writes the pact file' : 'is the committed pact, byte for byte', () => {
      const fresh = join(pact.dir, fileName);
      const folder = join(pactsFolder(), 'acknowledgements');
      const committed = join(folder, fileName);
      assert.equal(readPact(fresh).interactions.length, needs.length);
      if (writesPacts()) {
        mkdirSync(folder, { recursive: true });
        copyFileSync(fresh, committed);
      }
      assert.ok(
        readFileSync(fresh).equals(readFileSync(committed)),
        `contracts/pacts/acknowledgements/${fileName} is out of date: run \`npm run contracts\` and look at what changed`,
      );
    });
  });
}
