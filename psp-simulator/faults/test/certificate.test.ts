/** The certificate of a PSP runs out: a TLS client notices at the handshake, plain HTTP does not. */
import assert from 'node:assert/strict';
import https from 'node:https';
import {
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  createRealClock,
  createTcpNetwork,
} from '../../../kernel/index.ts';
import { createSimulator } from '../../index.ts';
import type { Simulator } from '../../index.ts';
import { createAuthority, newAuthorityCertificate, newPrivateKey } from '../../reach/certificate-authority.ts';

describe('faults of certificates', () => {
  const clock = createRealClock();
  const key = newPrivateKey();
  const cert = newAuthorityCertificate(key, clock.now());
  let network: ReturnType<typeof createTcpNetwork>;
  let simulator: Simulator;
  beforeEach(async () => {
    network = createTcpNetwork({ clock });
    simulator = await createSimulator({
      ports: {
        clock,
        wireClock: clock,
        random: createKeyedRandom('certificate'),
        ids: createKeyedIds('certificate'),
        network,
        history: createHistoryWriter({ clock }),
        activity: createPassiveActivity(),
      },
      psps: [{ name: 'acme', dialect: 'acme' }],
      reach: { authority: createAuthority({ key, cert }, clock) },
    });
  });
  afterEach(async () => {
    await simulator.close();
    await network.close();
  });

  /** HTTP status, or the code of the TLS error. A connection of its own each time. */
  function get(): Promise<string> {
    const { port } = new URL(simulator.psps[0]?.url ?? '');
    return new Promise((resolve) => {
      const request = https.get({ host: 'localhost', port, path: '/payments', ca: cert, agent: false }, (answer) => {
        answer.resume();
        resolve(String(answer.statusCode));
      });
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  }

  async function control(method: string, body?: unknown): Promise<unknown> {
    const answer = await network.request({
      method,
      url: `${simulator.control.url}/v1/faults`,
      timeoutMs: 5_000,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = answer.body.toString();
    return text === '' ? undefined : JSON.parse(text);
  }

  it('certificate-expired: the handshake fails while it is planned, and the hit is counted', async () => {
    assert.equal(await get(), '401');
    await control('PUT', { faults: [{ fault: 'certificate-expired', psp: 'acme' }] });
    assert.equal(await get(), 'CERT_HAS_EXPIRED');
    const [listed] = (await control('GET')) as { hits: number }[];
    assert.ok((listed?.hits ?? 0) >= 1);
    const plain = await network.request({
      method: 'GET',
      url: `${(simulator.psps[0]?.url ?? '').replace('https:', 'http:')}/payments`,
      timeoutMs: 5_000,
    });
    assert.equal(plain.status, 401);
    await control('DELETE');
    assert.equal(await get(), '401');
  });
});
