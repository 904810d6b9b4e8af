/**
 * Two service processes on one real PostgreSQL server tell one platform: each event once while
 * both live, and when one is killed with an event on its way, the other tells it again under the
 * same id.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import request from 'supertest';
import { Webhook } from 'standardwebhooks';
import { createDatabase, projectRoot, startEmbeddedPostgres, type EmbeddedPostgres } from '../../kernel/index.ts';
import { SECRET } from './fake-platform.ts';

const API_KEY = 'test-key';
const DEPOSITS = 24;

/** Declines every payment, so that each deposit is one event and nothing is left to be done. */
function decline(incoming: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const { reference, amount, currency } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<
      string,
      string
    >;
    const payment = {
      payment_id: `apay_${reference}`,
      reference,
      status: 'declined',
      decline_code: 'do_not_honor',
      amount,
      currency,
      captured_amount: '0.00',
      refunded_amount: '0.00',
      created_at: '2026-01-05T09:00:00.000Z',
    };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(payment));
  });
}

/** Takes what is signed, and at first holds one delivery for ever. */
class Platform {
  readonly taken: string[] = [];
  readonly held: { id: string; response: ServerResponse }[] = [];
  holds = false;
  #news: () => void = () => undefined;

  readonly listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = incoming.headers as Record<string, string>;
      new Webhook(SECRET).verify(Buffer.concat(chunks).toString('utf8'), headers);
      const id = headers['webhook-id'] ?? '';
      if (this.holds) {
        this.held.push({ id, response });
      } else {
        this.taken.push(id);
        response.writeHead(204).end();
      }
      this.#news();
    });
  };

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#news = resolve));
  }
}

describe('events of two service processes', function () {
  const platform = new Platform();
  const children: ChildProcess[] = [];
  const servers: Server[] = [];
  let folder: string;
  let database: EmbeddedPostgres;
  let environment: Record<string, string>;

  async function listen(listener: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'service-events-'));
    database = await startEmbeddedPostgres({ dataDir: folder });
    const credentials = { apiKey: 'a', webhookSecret: 'b' };
    environment = {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: await createDatabase(database.url, { name: 'service_events' }),
      API_KEY,
      PORT: '0',
      PSPS: JSON.stringify([{ name: 'acme', dialect: 'acme', baseUrl: await listen(decline), credentials }]),
      EVENTS_URL: `${await listen(platform.listener)}/webhooks`,
      EVENTS_SECRETS: SECRET,
      TIMINGS: JSON.stringify({ eventTimeoutMs: 1_000, workerIdleMs: 500 }),
    };
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, ['--import=tsx', join(projectRoot(), 'reference-service', 'main.ts')], {
      env: environment,
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
    return { child, url: (JSON.parse(String(line)) as { url: string }).url };
  }

  const deposit = (url: string, key: string): Promise<request.Response> =>
    request(url)
      .post('/v1/payments/init')
      .set({ authorization: `Bearer ${API_KEY}`, 'idempotency-key': key })
      .send({
        amount: '50.00',
        currency: 'EUR',
        method: 'card',
        return_url: 'https://casino.example/done',
        player_id: key,
      });

  async function stored(url: string): Promise<{ event_id: string; status: string }[]> {
    const { body } = await request(url).get('/v1/events?limit=1000').set('authorization', `Bearer ${API_KEY}`);
    return (body as { events: { event_id: string; status: string }[] }).events;
  }

  it('are each told once while both live, and again under the same id when one is killed', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    const answers = await Promise.all(
      Array.from({ length: DEPOSITS }, (_, index) => deposit(index % 2 === 0 ? first.url : second.url, `d-${index}`)),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([402]));
    await platform.until(() => platform.taken.length >= DEPOSITS);
    assert.deepEqual([...platform.taken].sort(), (await stored(second.url)).map(({ event_id: id }) => id).sort());

    platform.holds = true;
    await deposit(first.url, 'killed');
    await platform.until(() => platform.held.length > 0);
    first.child.kill('SIGKILL');
    platform.holds = false;
    await platform.until(() => platform.taken.length > DEPOSITS);
    assert.equal(platform.taken.at(-1), platform.held[0]?.id, 'the id that the dead process had used');
    assert.equal(platform.taken.length, DEPOSITS + 1);
  });
});
