/** Goal: what only TCP has: connections that are reused, and listeners that close with grace. */
import assert from 'node:assert/strict';
import { createRealClock } from '../../clock/real-clock.ts';
import { createTcpNetwork } from '../tcp-network.ts';
import { AMPLE_MS } from './benches.ts';

describe('tcp network, on its own', () => {
  it('reuses a connection for the next request', async () => {
    const network = createTcpNetwork({ clock: createRealClock() });
    const ports = new Set<number | undefined>();
    const { url } = await network.listen({
      name: 'server',
      listener: (request, response) => {
        ports.add(request.socket.remotePort);
        response.end();
      },
    });
    for (let round = 0; round < 3; round += 1) await network.request({ method: 'GET', url, timeoutMs: AMPLE_MS });
    await network.close();
    assert.equal(ports.size, 1);
  });

  it('lets a busy exchange finish within the grace of a closing listener', async () => {
    const clock = createRealClock();
    const network = createTcpNetwork({ clock });
    let closing: Promise<void> | undefined;
    const server = await network.listen({
      name: 'server',
      listener: (_request, response) => {
        closing = server.close(AMPLE_MS);
        clock.schedule(2, 'answer', () => void response.end('finished'));
      },
    });
    assert.equal(
      (await network.request({ method: 'GET', url: server.url, timeoutMs: AMPLE_MS })).body.toString(),
      'finished',
    );
    await network.close();
    await closing;
  });
});
