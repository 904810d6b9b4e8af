/** Goal: what only memory has: names instead of addresses, and virtual time. */
import assert from 'node:assert/strict';
import { NetworkError } from '../network.ts';
import { AMPLE_MS, memoryBench } from './benches.ts';

describe('memory network, on its own', () => {
  it('knows no name that never listened', async () => {
    const { network, play } = memoryBench();
    await play(() =>
      assert.rejects(
        network.request({ method: 'GET', url: 'http://nobody/', timeoutMs: AMPLE_MS }),
        (error: unknown) =>
          error instanceof NetworkError && error.kind === 'unresolved' && !error.requestMayHaveArrived,
      ),
    );
  });

  it('dates answers by the virtual clock', async () => {
    const { network, play } = memoryBench();
    await play(async () => {
      const { url } = await network.listen({ name: 'server', listener: (_request, response) => response.end() });
      const answer = await network.request({ method: 'GET', url, timeoutMs: AMPLE_MS });
      assert.equal(answer.headers['date'], 'Tue, 01 Jan 2030 00:00:00 GMT');
    });
  });

  it('closes with grace: waits for work, not for what only the clock could end', async () => {
    const { network, clock, play } = memoryBench();
    await play(async () => {
      const server = await network.listen({
        name: 'server',
        listener: (_request, response) => {
          void clock.sleep(1_000).then(() => response.end());
        },
      });
      const outcome = network
        .request({ method: 'GET', url: server.url, timeoutMs: AMPLE_MS })
        .catch((error: NetworkError) => error.kind);
      await clock.sleep(10);
      await server.close();
      assert.equal(await outcome, 'reset');
      assert.equal(clock.elapsed(), 10);
    });
  });
});
