/**
 * Goal: both networks mean the same by every word, so that what is learned in memory holds
 * over TCP. Method: the same cases run on each.
 */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  NetworkError,
  type HttpRequest,
  type HttpResponse,
  type Listening,
  type NetworkErrorKind,
} from '../network.ts';
import { AMPLE_MS, memoryBench, tcpBench, type Bench } from './benches.ts';

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * A request right after the server stopped may still be sent on the kept-alive connection to
 * it, and is then reset. The one after that needs a new connection.
 */
async function forgetStaleConnection(send: () => Promise<unknown>): Promise<void> {
  await assert.rejects(
    send,
    (error: unknown) => error instanceof NetworkError && ['reset', 'refused'].includes(error.kind),
  );
}

for (const [name, createBench] of Object.entries({ tcp: tcpBench, memory: memoryBench })) {
  describe(`${name} network`, () => {
    let bench: Bench;
    beforeEach(() => {
      bench = createBench();
    });
    afterEach(() => bench.network.close());

    const serve = (listener: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<Listening> =>
      bench.network.listen({ name: 'server', listener: (request, response) => listener(request, response) as void });
    const send = (url: string, more: Partial<HttpRequest> = {}): Promise<HttpResponse> =>
      bench.network.request({ method: 'GET', url, timeoutMs: AMPLE_MS, ...more });

    async function assertFails(
      exchange: () => Promise<unknown>,
      kind: NetworkErrorKind,
      mayHaveArrived: boolean,
    ): Promise<void> {
      await assert.rejects(exchange, (error: unknown) => {
        assert.ok(error instanceof NetworkError, String(error));
        assert.equal(error.kind, kind, error.message);
        assert.equal(error.requestMayHaveArrived, mayHaveArrived, 'requestMayHaveArrived');
        return true;
      });
    }

    it('carries method, path, headers, status and body in both directions', () =>
      bench.play(async () => {
        const { url } = await serve(async (request, response) => {
          const body = await readAll(request);
          response.writeHead(201, { 'X-Echo': String(request.headers['x-sent']), 'Set-Cookie': ['a=1', 'b=2'] });
          response.end(`${request.method} ${request.url} ${body.toString()}`);
        });
        for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
          const answer = await send(`${url}/path?q=ä`, { method, headers: { 'X-Sent': 'yes' }, body: 'grüße' });
          assert.equal(answer.status, 201);
          assert.equal(answer.headers['x-echo'], 'yes');
          assert.equal(answer.headers['set-cookie'], 'a=1, b=2');
          assert.equal(answer.body.toString(), `${method} /path?q=%C3%A4 grüße`);
        }
      }));

    it('serves one exchange after another, with an idle connection in between', () =>
      bench.play(async () => {
        const { url } = await serve((_request, response) => response.end('ok'));
        for (let round = 0; round < 5; round += 1) {
          assert.equal((await send(url)).body.toString(), 'ok');
          await bench.clock.sleep(1);
        }
      }));

    it('joins a chunked answer that drips', () =>
      bench.play(async () => {
        const { url } = await serve(async (_request, response) => {
          for (const part of ['a', 'b', 'c']) {
            response.write(part);
            await bench.clock.sleep(2);
          }
          response.end('d');
        });
        const answer = await send(url);
        assert.equal(answer.headers['transfer-encoding'], 'chunked');
        assert.equal(answer.body.toString(), 'abcd');
      }));

    it('carries a body of one megabyte each way', () =>
      bench.play(async () => {
        const { url } = await serve(async (request, response) => response.end(await readAll(request)));
        const body = Buffer.alloc(1 << 20, 'assay');
        const answer = await send(url, { method: 'POST', body });
        assert.ok(answer.body.equals(body));
      }));

    it('answers many concurrent exchanges, each with its own answer', () =>
      bench.play(async () => {
        const { url } = await serve(async (request, response) => {
          await bench.clock.sleep(Number(request.url?.slice(1)) % 7);
          response.end(request.url);
        });
        const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
        const answers = await Promise.all(paths.map((path) => send(url + path)));
        assert.deepEqual(
          answers.map((answer) => answer.body.toString()),
          paths,
        );
      }));

    it('works for a handler written with event callbacks', () =>
      bench.play(async () => {
        const { url } = await serve((request, response) => {
          request.resume().on('end', async () => {
            await bench.clock.sleep(3);
            response.end('from a callback');
          });
        });
        assert.equal((await send(url, { method: 'POST', body: 'x' })).body.toString(), 'from a callback');
      }));

    it('reports a connection dropped before any answer as reset, possibly arrived', () =>
      bench.play(async () => {
        const { url } = await serve(async (request) => {
          await readAll(request);
          request.socket.destroy();
        });
        await assertFails(() => send(url, { method: 'POST', body: 'charge' }), 'reset', true);
      }));

    it('reports a kept-alive connection that is dropped at the next request the same way', () =>
      bench.play(async () => {
        let served = 0;
        const { url } = await serve((request, response) => {
          served += 1;
          if (served === 1) response.end('ok');
          else request.socket.resetAndDestroy();
        });
        await send(url);
        await assertFails(() => send(url), 'reset', true);
      }));

    it('reports an answer shorter than its length as truncated', () =>
      bench.play(async () => {
        const { url } = await serve(async (request, response) => {
          response.writeHead(200, { 'Content-Length': 100 });
          response.write('only this');
          await bench.clock.sleep(5);
          request.socket.destroy();
        });
        await assertFails(() => send(url), 'truncated', true);
      }));

    it('reports a chunked answer without its last chunk as truncated', () =>
      bench.play(async () => {
        const { url } = await serve(async (request, response) => {
          response.write('first');
          await bench.clock.sleep(5);
          request.socket.resetAndDestroy();
        });
        await assertFails(() => send(url), 'truncated', true);
      }));

    it('reports an answer that is not HTTP as a protocol error', () =>
      bench.play(async () => {
        const { url } = await serve(async (request) => {
          request.socket.write('SMTP says hello\r\n\r\n');
          await bench.clock.sleep(5);
          request.socket.destroy();
        });
        await assertFails(() => send(url), 'protocol', true);
      }));

    it('reports silence as a timeout, and the server sees its client leave', () =>
      bench.play(async () => {
        let left: () => void = () => undefined;
        const clientLeft = new Promise<void>((resolve) => {
          left = resolve;
        });
        const silence = new AbortController();
        const { url } = await serve(async (_request, response) => {
          response.once('close', () => {
            left();
            silence.abort();
          });
          await bench.clock.sleep(AMPLE_MS, { signal: silence.signal }).catch(() => undefined);
        });
        await assertFails(() => send(url, { method: 'POST', body: 'x', timeoutMs: 30 }), 'timeout', true);
        await clientLeft;
      }));

    it('ends an exchange that its caller aborts, and starts none that is aborted already', () =>
      bench.play(async () => {
        const controller = new AbortController();
        const { url } = await serve(async () => {
          controller.abort();
        });
        await assertFails(() => send(url, { signal: controller.signal }), 'aborted', true);
        await assertFails(() => send(url, { signal: controller.signal }), 'aborted', false);
      }));

    it('tells a stopped server (refused) from one that never was, and reaches a restarted one', () =>
      bench.play(async () => {
        const first = await serve((_request, response) => response.end('first life'));
        assert.equal((await send(first.url)).body.toString(), 'first life');
        await first.close(0);
        await forgetStaleConnection(() => send(first.url));
        await assertFails(() => send(first.url), 'refused', false);
        const port = Number(new URL(first.url).port);
        const second = await bench.network.listen({
          name: 'server',
          port,
          listener: (_request, response) => response.end('second life'),
        });
        assert.equal(second.url, first.url);
        assert.equal((await send(first.url)).body.toString(), 'second life');
      }));

    it('cuts busy connections when a server stops without grace', () =>
      bench.play(async () => {
        const server = await serve(async () => {
          await server.close(0);
        });
        await assertFails(() => send(server.url), 'reset', true);
      }));

    it('refuses a second listener at the same place', () =>
      bench.play(async () => {
        const { url } = await serve((_request, response) => response.end());
        const port = Number(new URL(url).port);
        await assert.rejects(
          bench.network.listen({ name: 'server', port, listener: () => undefined }),
          (error: unknown) =>
            error instanceof NetworkError && error.kind === 'port-taken' && /in use/.test(error.message),
        );
      }));
  });
}
