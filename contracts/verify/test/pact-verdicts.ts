/**
 * Asks Pact's own verifier what it says of every case, as a process of its own: the verifier prints
 * pages to standard output. Sends the verdicts to its parent, in the order of the cases.
 */
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import { keepPactLocal } from '../../config.ts';
import { bodyCases } from './pact-cases.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

keepPactLocal();
const cases = bodyCases();
const server = createServer((request, response) => {
  const at = Number(/\d+$/.exec(request.url ?? '')?.[0]);
  response.writeHead(200, JSON_TYPE).end(JSON.stringify(cases[at]?.actual));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const folder = mkdtempSync(join(tmpdir(), 'assay-verdicts-'));
const path = join(folder, 'cases.json');
writeFileSync(
  path,
  JSON.stringify({
    consumer: { name: 'cases' },
    provider: { name: 'cases' },
    interactions: cases.map(({ expected, rules }, at) => ({
      type: 'Synchronous/HTTP',
      description: `case ${at}`,
      request: { method: 'GET', path: `/case/${at}` },
      response: {
        status: 200,
        body: { content: expected, contentType: 'application/json', encoded: false },
        matchingRules: { body: rules },
      },
    })),
    metadata: { pactSpecification: { version: '4.0' } },
  }),
);
const { port } = server.address() as AddressInfo;
const verifier = new Verifier({
  provider: 'cases',
  providerBaseUrl: `http://127.0.0.1:${port}`,
  pactUrls: [path],
  logLevel: 'error',
});
const report = await verifier.verifyProvider().then(String, (error: Error) => error.message);
const { interactionResults = [] } = JSON.parse(report) as {
  interactionResults?: { description: string; result: string }[];
};
const byName = new Map(interactionResults.map(({ description, result }) => [description, result === 'OK']));
process.send?.(cases.map((_one, at) => byName.get(`case ${at}`) ?? null));
server.close();
rmSync(folder, { recursive: true, force: true });
