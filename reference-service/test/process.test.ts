/**
 * The service as a process: starts on an empty database, says where it listens, stops cleanly,
 * and after SIGKILL another process finishes what it left.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import request from 'supertest';
import { createDatabase, projectRoot, startEmbeddedPostgres, type EmbeddedPostgres } from '../../kernel/index.ts';

const API_KEY = 'test-key';
const DEPOSIT = {
  amount: '50.00',
  currency: 'EUR',
  method: 'card',
  return_url: 'https://casino.example/done',
  player_id: 'player-1',
};

/** A PSP in the acme dialect that takes the payment and, as long as it is told to, never answers. */
class SilentPsp {
  readonly taken = new Map<string, { amount: string; currency: string }>();
  readonly #open: ServerResponse[] = [];
  readonly #server: Server;
  silent = true;
  #arrived: () => void = () => undefined;
  readonly arrived = new Promise<void>((resolve) => (this.#arrived = resolve));

  constructor() {
    this.#server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const url = new URL(incoming.url ?? '/', 'http://psp');
        if (incoming.method === 'POST') {
          const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
            reference: string;
            amount: string;
            currency: string;
          };
          this.taken.set(body.reference, body);
          this.#arrived();
          if (this.silent) this.#open.push(response);
          else this.#answer(response, 201, this.#payment(body.reference));
          return;
        }
        const reference = url.searchParams.get('reference') ?? '';
        this.#answer(response, 200, { data: this.taken.has(reference) ? [this.#payment(reference)] : [] });
      });
    });
  }

  #payment(reference: string): Record<string, unknown> {
    const { amount, currency } = this.taken.get(reference) ?? { amount: '0.00', currency: 'EUR' };
    return {
      payment_id: `apay_${reference}`,
      reference,
      status: 'captured',
      amount,
      currency,
      captured_amount: amount,
      refunded_amount: '0.00',
      created_at: '2026-01-05T09:00:00.000Z',
    };
  }

  #answer(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  close(): void {
    for (const response of this.#open) response.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('the service process', function () {
  const psp = new SilentPsp();
  const children: ChildProcess[] = [];
  let folder: string;
  let server: EmbeddedPostgres;
  let environment: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'service-process-'));
    server = await startEmbeddedPostgres({ dataDir: folder });
    const baseUrl = await psp.listen();
    environment = {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: await createDatabase(server.url, { name: 'service_process' }),
      API_KEY,
      PORT: '0',
      PSPS: JSON.stringify([
        { name: 'acme', dialect: 'acme', baseUrl, credentials: { apiKey: 'a', webhookSecret: 'b' } },
      ]),
      TIMINGS: JSON.stringify({ pspTimeoutMs: 1_000, inDoubtQueryEveryMs: 200, workerEveryMs: 100 }),
    };
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    psp.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(
    more: Record<string, string> = {},
  ): Promise<{ child: ChildProcess; url: string; said: Promise<string>; exit: Promise<number | null> }> {
    const child = spawn(process.execPath, ['--import=tsx', join(projectRoot(), 'reference-service', 'main.ts')], {
      env: { ...environment, ...more },
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    const exit = once(child, 'close').then(([code]) => code as number | null);
    const said = exit.then(() => errors);
    const line = await Promise.race([
      once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line').then(([text]) => String(text)),
      exit.then(() => '{}'),
    ]);
    return { child, url: (JSON.parse(line) as { url?: string }).url ?? '', said, exit };
  }

  it('finishes what another process had sent when that is killed, though it had nothing to do before, and credits it once', async () => {
    const first = await start();
    const second = await start();
    const unanswered = request(first.url)
      .post('/v1/payments/init')
      .set({ authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'killed' })
      .send(DEPOSIT)
      .then(
        () => 'answered',
        () => 'cut off',
      );
    await psp.arrived;
    first.child.kill('SIGKILL');
    assert.equal(await unanswered, 'cut off');
    psp.silent = false;

    const api = (path: string) => request(second.url).get(path).set('authorization', `Bearer ${API_KEY}`);
    const wallets = async (): Promise<unknown> =>
      ((await api('/v1/wallets/player-1')).body as { wallets: unknown }).wallets;
    const repeated = await request(second.url)
      .post('/v1/payments/init')
      .set({ authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'killed' })
      .send(DEPOSIT);
    assert.equal(repeated.status, 409, 'the lease of the dead process still holds');

    // The long poll wakes when the worker has proven the outcome.
    const [reference] = [...psp.taken.keys()];
    const id = await paymentOf(reference ?? '');
    const payment = (await api(`/v1/payments/${id}?wait=30`)).body as { status: string };
    assert.equal(payment.status, 'succeeded');
    assert.deepEqual(await wallets(), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    assert.equal(psp.taken.size, 1);
    second.child.kill('SIGTERM');
    assert.equal(await second.exit, 0);
  });

  /** The player lost the answer and with it the id; the test reads it where the service stored it. */
  async function paymentOf(attemptId: string): Promise<string> {
    const { default: knexFactory } = await import('knex');
    const knex = knexFactory({ client: 'pg', connection: environment['DATABASE_URL'] ?? '' });
    try {
      const rows = await knex('attempt').select('subject_id').where('id', attemptId);
      return String((rows[0] as { subject_id: string }).subject_id);
    } finally {
      await knex.destroy();
    }
  }

  it('says in one sentence what is wrong, and leaves with its code', async () => {
    const badDatabase = await start({ DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' });
    assert.equal(await badDatabase.exit, 254);
    const text = await badDatabase.said;
    assert.match(text, /127\.0\.0\.1:1/);
    assert.doesNotMatch(text, /secret|\n\s+at /);
    const missing = await start({ API_KEY: '' });
    assert.equal(await missing.exit, 254);
    assert.match(await missing.said, /^API_KEY is not set/);
  });

  it('stops on SIGINT without leaving anything open', async () => {
    const { child, exit, url } = await start();
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    child.kill('SIGINT');
    assert.equal(await exit, 0);
  });
});
