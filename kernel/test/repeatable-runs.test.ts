/**
 * Goal: the same seed gives the same history, to the byte, in any number of runs.
 * Method: two servers and some clients exchange messages over the memory network with drawn
 * delays, resets, truncated answers and restarts; 1,000 runs must have one fingerprint per seed.
 */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createMemoryNetwork,
  createVirtualClock,
  diffHistories,
  NetworkError,
  sampleMs,
  type HistoryWriter,
} from '../index.ts';

const CLIENTS = 3;
const MESSAGES = 2;

async function playOnce(seed: string): Promise<HistoryWriter> {
  const activity = createActivity();
  const random = createKeyedRandom(seed);
  const clock = createVirtualClock({ startMs: 0, activity, random });
  const network = createMemoryNetwork({ clock, activity });
  const ids = createKeyedIds(seed);
  const history = createHistoryWriter({ clock });
  const delay = (...keys: string[]): number =>
    sampleMs({ kind: 'lognormal', p50Ms: 20, p95Ms: 80 }, random.unit('delay', ...keys));

  async function ping(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.url ?? '';
    history.append({ proc: 'ping', type: 'recv', f: 'message', key });
    await clock.sleep(delay('ping', key));
    const fate = random.pick(['answer', 'forward', 'reset', 'truncate'], 'fate', key);
    if (fate === 'reset') return void request.socket.destroy();
    if (fate === 'forward') {
      const forwarded = await network.request({
        method: 'POST',
        url: `http://pong${key}`,
        timeoutMs: 60,
        body: ids.next('msg'),
      });
      return void response.end(forwarded.body);
    }
    if (fate === 'answer') return void response.end(`ping ${ids.next('msg')}`);
    response.writeHead(200, { 'content-length': 50 });
    response.write('half');
    await clock.sleep(1);
    request.socket.destroy();
  }

  const pong = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume().on('end', async () => {
      await clock.sleep(delay('pong', request.url ?? ''));
      response.end('pong');
    });
  };

  await network.listen({
    name: 'ping',
    listener: (request, response) => {
      ping(request, response).catch((error: NetworkError) => response.writeHead(502).end(error.kind));
    },
  });
  const firstLife = await network.listen({ name: 'pong', listener: pong });
  clock.schedule(40, 'crash', () => firstLife.close(0));
  clock.schedule(70, 'restart', async () => void (await network.listen({ name: 'pong', listener: pong })));

  for (let client = 0; client < CLIENTS; client += 1) {
    clock.schedule(0, `client-${client}`, async () => {
      for (let message = 0; message < MESSAGES; message += 1) {
        const key = `/${client}/${message}`;
        const cause = history.append({ proc: `client-${client}`, type: 'invoke', f: 'message', key });
        try {
          const answer = await network.request({
            method: 'POST',
            url: `http://ping${key}`,
            timeoutMs: 100,
            body: 'hello',
          });
          history.append({
            proc: `client-${client}`,
            type: 'ok',
            f: 'message',
            key,
            cause,
            value: `${answer.status} ${answer.body.toString()}`,
          });
        } catch (error) {
          assert.ok(error instanceof NetworkError);
          history.append({
            proc: `client-${client}`,
            type: error.requestMayHaveArrived ? 'info' : 'fail',
            f: 'message',
            key,
            cause,
            value: error.kind,
          });
        }
      }
    });
  }
  assert.equal(await clock.run(), 'idle');
  await network.close();
  return history;
}

describe('repeatable runs', function () {
  it('give one fingerprint per seed in 1,000 runs', async () => {
    const first = await playOnce('seed-1');
    const fingerprint = first.fingerprint();
    for (let run = 1; run < 1_000; run += 1) {
      const again = await playOnce('seed-1');
      if (again.fingerprint() !== fingerprint)
        assert.fail(JSON.stringify(diffHistories(first.events(), again.events()), undefined, 1));
    }
  });

  it('give different histories for different seeds, and among them every kind of end', async () => {
    const ends = new Set<unknown>();
    const fingerprints = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const history = await playOnce(`seed-${seed}`);
      fingerprints.add(history.fingerprint());
      for (const event of history.events())
        if (typeof event.value === 'string') ends.add(event.value.split(' msg_')[0]);
    }
    assert.equal(fingerprints.size, 40);
    for (const end of ['200 ping', '200 pong', 'reset', 'truncated', 'timeout', '502 refused'])
      assert.ok(ends.has(end), `no run ended with ${end}: ${[...ends].join(', ')}`);
  });
});
