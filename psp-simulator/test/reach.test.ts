/**
 * Goal: a client that insists on https, or on the real host name of its PSP, reaches the
 * simulator and nothing else. Method: real sockets, Node's own TLS client, every certificate
 * verified; faults must look the same inside TLS and behind the proxy.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { createRealClock, createTcpNetwork, createMemoryNetwork } from '../../kernel/index.ts';
import { createActivity } from '../../kernel/index.ts';
import { openReachStage, send, type Answer, type ReachStage } from './reach-support.ts';

const PSPS = [
  { name: 'stripe', dialect: 'stripe' },
  { name: 'us', dialect: 'stripe' },
  { name: 'mollie', dialect: 'mollie' },
];

describe('reaching the simulator', () => {
  let stage: ReachStage;
  beforeEach(async () => {
    stage = await openReachStage(PSPS);
  });
  afterEach(() => stage.close());

  const bearer = (psp: string): Record<string, string> => ({
    authorization: `Bearer ${stage.credential(psp, 'apiKey')}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
  const form = 'amount=1000&currency=eur&payment_method=pm_card_visa&confirm=true&payment_method_types[0]=card';
  const pay = (url: string, more: { psp?: string; ca?: string; proxy?: string } = {}): Promise<Answer> => {
    const { psp = 'stripe', ...how } = more;
    return send(`${url}/v1/payment_intents`, { method: 'POST', headers: bearer(psp), body: form, ...how });
  };
  const codeOf = async (exchange: Promise<unknown>): Promise<string> =>
    exchange.then(
      () => 'answered',
      (error: unknown) => (error as NodeJS.ErrnoException).code ?? (error as Error).message,
    );
  const secured = (psp: string, host = 'localhost'): string =>
    stage.url(psp).replace('http://127.0.0.1', `https://${host}`);
  const notes = (f: string): Record<string, unknown>[] =>
    stage.history.events().flatMap((event) => (event.f === f ? [event.value as Record<string, unknown>] : []));
  const payments = async (psp: string): Promise<number> => {
    const { body } = await send(`${stage.simulator.control.url}/v1/psps/${psp}/books`);
    return (JSON.parse(body) as { payments: unknown[] }).payments.length;
  };

  describe('by https on the port of http', () => {
    it('answers http and https on one port, by name and by address', async () => {
      assert.equal((await pay(stage.url('stripe'))).status, 200);
      for (const host of ['localhost', '127.0.0.1'])
        assert.equal((await pay(secured('stripe', host), { ca: stage.ca })).status, 200, host);
      assert.equal(await payments('stripe'), 3);
    });

    it('serves many requests on one TLS connection', async () => {
      const { port } = new URL(stage.url('stripe'));
      const socket = tls.connect({ host: '127.0.0.1', port: Number(port), servername: 'localhost', ca: stage.ca });
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
      for (let round = 1; round <= 3; round += 1) {
        socket.write('GET /v1/balance HTTP/1.1\r\nhost: localhost\r\n\r\n');
        while (received.split('HTTP/1.1 401').length <= round) await once(socket, 'data');
      }
      socket.destroy();
    });

    it('takes a request that comes byte by byte', async () => {
      const { port } = new URL(stage.url('stripe'));
      const socket = net.connect(Number(port), '127.0.0.1');
      socket.setNoDelay(true);
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
      for (const byte of 'GET /v1/balance HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
        await new Promise<void>((resolve) => socket.write(byte, () => resolve()));
      await once(socket, 'close');
      assert.match(received, /^HTTP\/1\.1 401 /);
    });

    it('is refused by a client that does not trust the CA, and says so in the history', async () => {
      // A client that ends the handshake with an alert, as curl, Java and Go do.
      const { port } = new URL(stage.url('stripe'));
      const socket = net.connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00]));
      await once(socket.resume(), 'close');
      assert.equal(notes('tls-failure').length, 1);
      assert.equal(await codeOf(pay(secured('stripe'))), 'SELF_SIGNED_CERT_IN_CHAIN');
    });

    it("shows a certificate for the PSP's real host name to whoever asks for it, and for no other public name", async () => {
      const { port } = new URL(stage.url('stripe'));
      const namesFor = async (servername: string): Promise<string> => {
        const socket = tls.connect({
          port: Number(port),
          host: '127.0.0.1',
          servername,
          ca: stage.ca,
          rejectUnauthorized: false,
        });
        await once(socket, 'secureConnect');
        const { subjectaltname = '' } = socket.getPeerCertificate();
        socket.destroy();
        return subjectaltname;
      };
      assert.equal(await namesFor('api.stripe.com'), 'DNS:api.stripe.com');
      assert.equal(await namesFor('psp-simulator'), 'DNS:psp-simulator');
      assert.match(await namesFor('www.example.com'), /^DNS:localhost, IP Address:127\.0\.0\.1/);
      assert.match(await namesFor('api.mollie.com'), /^DNS:localhost/);
    });

    it('breaks connections inside TLS as it does outside', async () => {
      await stage.plan([{ fault: 'reset-before-commit', count: 1 }]);
      assert.equal(await codeOf(pay(secured('stripe'), { ca: stage.ca })), 'ECONNRESET');
      await stage.plan([{ fault: 'answer-lost', count: 1 }]);
      assert.equal(await codeOf(pay(secured('stripe'), { ca: stage.ca })), 'ECONNRESET');
      await stage.plan([{ fault: 'truncated', count: 1 }]);
      assert.equal(await codeOf(pay(secured('stripe'), { ca: stage.ca })), 'ECONNRESET');
      assert.equal(await payments('stripe'), 2);
      assert.deepEqual(notes('simulator-defect'), []);
      assert.equal((await pay(secured('stripe'), { ca: stage.ca })).status, 200);
    });

    it('shows an expired certificate while that fault lasts', async () => {
      for (const host of ['localhost', '127.0.0.1']) {
        await stage.plan([{ fault: 'certificate-expired', psp: 'stripe' }]);
        assert.equal(await codeOf(pay(secured('stripe', host), { ca: stage.ca })), 'CERT_HAS_EXPIRED', host);
        assert.equal((await pay(secured('us', host), { ca: stage.ca, psp: 'us' })).status, 200, host);
        await stage.plan([]);
        assert.equal((await pay(secured('stripe', host), { ca: stage.ca })).status, 200, host);
      }
    });

    it('keeps its door shut for https, too, during an outage', async () => {
      await stage.plan([{ fault: 'outage', with: { as: 'refused' } }]);
      assert.equal(await codeOf(pay(secured('stripe'), { ca: stage.ca })), 'ECONNREFUSED');
      await stage.plan([]);
      assert.equal((await pay(secured('stripe'), { ca: stage.ca })).status, 200);
    });
  });

  describe('through the proxy', () => {
    const proxied = (host: string, more: { psp?: string } = {}): Promise<Answer> =>
      pay(`https://${host}`, { ca: stage.ca, proxy: stage.proxyUrl, ...more });

    it('answers for the real host names, with certificates of the CA', async () => {
      assert.equal((await proxied('api.stripe.com')).status, 200);
      assert.equal(await payments('stripe'), 1);
      const mollie = await send('https://api.mollie.com/v2/methods', { ca: stage.ca, proxy: stage.proxyUrl });
      assert.match(mollie.headers['content-type'] ?? '', /hal\+json/);
    });

    it('takes plain http requests in absolute form', async () => {
      assert.equal((await pay('http://api.stripe.com', { proxy: stage.proxyUrl })).status, 200);
      assert.equal(await payments('stripe'), 1);
    });

    it('tells two PSPs of one dialect apart by their credentials; a stranger meets the first', async () => {
      assert.equal((await proxied('api.stripe.com', { psp: 'us' })).status, 200);
      assert.equal((await proxied('api.stripe.com', { psp: 'mollie' })).status, 401);
      assert.deepEqual([await payments('stripe'), await payments('us')], [0, 1]);
      const strangers = stage.history.events().filter((event) => event.type === 'recv' && event.f === 'exchange');
      assert.deepEqual(
        strangers.map((event) => (event.value as { psp: string }).psp),
        ['us', 'stripe'],
      );
    });

    it('refuses every other host, and connects to nobody', async () => {
      // A listener on this machine stands for the internet: it must never be called.
      const outside = net.createServer().listen(0, '127.0.0.1');
      await once(outside, 'listening');
      let calls = 0;
      outside.on('connection', (socket) => {
        calls += 1;
        socket.destroy();
      });
      const { port } = outside.address() as net.AddressInfo;
      for (const target of [`https://127.0.0.1:${port}`, 'https://example.com', 'https://api.stripe.com.example.com'])
        assert.equal((await send(target, { ca: stage.ca, proxy: stage.proxyUrl })).status, 403, target);
      for (const target of [`http://127.0.0.1:${port}/`, 'http://example.com/', 'http://169.254.169.254/latest']) {
        const answer = await send(target, { proxy: stage.proxyUrl });
        assert.equal(answer.status, 403);
        assert.match(
          answer.body,
          /is the host of no PSP that runs here, and this proxy never connects to the internet/,
        );
      }
      const near = await send('http://api.strip.com/', { proxy: stage.proxyUrl });
      assert.match(near.body, /Did you mean api\.stripe\.com\?/);
      assert.equal(calls, 0);
      assert.equal(notes('proxy-refused').length, 7);
      outside.close();
    });

    it("passes a PSP's outage, resets and expired certificates on", async () => {
      await stage.plan([{ fault: 'outage', with: { as: 'refused' } }]);
      const outage = await send('http://api.stripe.com/v1/balance', { proxy: stage.proxyUrl });
      assert.equal(outage.status, 502);
      assert.equal((await proxied('api.stripe.com')).status, 502);
      await stage.plan([{ fault: 'reset-before-commit', count: 1 }]);
      assert.equal(await codeOf(proxied('api.stripe.com')), 'ECONNRESET');
      await stage.plan([{ fault: 'certificate-expired', psp: 'stripe' }]);
      assert.equal(await codeOf(proxied('api.stripe.com')), 'CERT_HAS_EXPIRED');
      await stage.plan([]);
      assert.equal((await proxied('api.stripe.com')).status, 200);
    });

    it('takes requests for the address of a PSP, too: some clients send everything through their proxy', async () => {
      assert.equal((await pay(stage.url('stripe'), { proxy: stage.proxyUrl })).status, 200);
      assert.equal((await pay(secured('stripe'), { ca: stage.ca, proxy: stage.proxyUrl })).status, 200);
    });

    it('tells a browser what it is, and hands out the CA', async () => {
      const page = await send(`${stage.proxyUrl}/`);
      assert.match(page.body, /HTTP proxy of a PSP simulator[^]*stripe: api\.stripe\.com/);
      assert.equal((await send(`${stage.proxyUrl}/ca.pem`)).body, stage.ca);
      assert.equal((await send(`${stage.proxyUrl}/nothing`)).status, 404);
    });

    it('survives clients that hang up at any point', async () => {
      const { port } = new URL(stage.proxyUrl);
      const starts = [
        '',
        'CONN',
        'CONNECT api.stripe.com:443 HTTP/1.1\r\n\r\n',
        'CONNECT x HTTP/1.1\r\n\r\n',
        '\x16\x03',
      ];
      for (const start of starts) {
        const socket = net.connect(Number(port), '127.0.0.1');
        await once(socket, 'connect');
        if (start !== '') await new Promise<void>((resolve) => socket.write(start, 'latin1', () => resolve()));
        socket.resetAndDestroy();
      }
      assert.equal((await proxied('api.stripe.com')).status, 200);
    });
  });

  it('closes at once although clients hold connections open', async () => {
    const { port } = new URL(stage.url('stripe'));
    const silent = net.connect(Number(port), '127.0.0.1');
    const { port: proxyPort } = new URL(stage.proxyUrl);
    const tunnel = net.connect(Number(proxyPort), '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(tunnel, 'connect')]);
    tunnel.write('CONNECT api.stripe.com:443 HTTP/1.1\r\n\r\n');
    await once(tunnel, 'data');
    const closed = Promise.all([once(silent, 'close'), once(tunnel, 'close')]);
    await stage.close();
    await closed;
  });
});

describe('networks without TLS', () => {
  it('refuse to pretend', async () => {
    const clock = createRealClock();
    const memory = createMemoryNetwork({ clock, activity: createActivity() });
    await assert.rejects(
      memory.listen({ name: 'psp', listener: () => undefined, tunnel: () => undefined }),
      /the memory network carries plain HTTP only/,
    );
  });

  it('answer CONNECT with nothing: a listener is no proxy unless it is told to be one', async () => {
    const network = createTcpNetwork({ clock: createRealClock() });
    const { url } = await network.listen({ name: 'plain', listener: (_request, response) => response.end() });
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.write('CONNECT api.stripe.com:443 HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    assert.equal(received, '');
    await network.close();
  });
});
