/**
 * Two processes of the service on one PostgreSQL, behind a balancer that gives each request to
 * one of them, with the simulator as PSP. Players deposit and withdraw while either process is
 * killed without warning, at moments that a seed decides, and started again. At the end the
 * PSP's books, the ledger and the wallets must tell one story.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import knexFactory from 'knex';
import {
  createDatabase,
  createHistoryWriter,
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
  projectRoot,
  startEmbeddedPostgres,
  type Clock,
  type EmbeddedPostgres,
  type Network,
} from '../kernel/index.ts';
import { createSimulator, type Simulator } from '../psp-simulator/index.ts';

const API_KEY = 'two-processes-key';
const SEED = 'two-processes';
const PLAYERS = 20;
const ROUNDS = 16;
const KILLS = 6;
/** Everything comes to rest within this; far more than the timings below need. */
const DEADLINE_MS = 120_000;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** One of the two: killed and started again on the same database, on whichever port is free. */
class Instance {
  url: string | undefined;
  starts = 0;
  #child: ChildProcess | undefined;
  readonly #environment: Record<string, string>;

  constructor(environment: Record<string, string>) {
    this.#environment = environment;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import=tsx', join(projectRoot(), 'reference-service', 'main.ts')], {
      cwd: projectRoot(),
      env: { PATH: process.env['PATH'] ?? '', ...this.#environment, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.starts += 1;
    const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
    this.url = (JSON.parse(line) as { url: string }).url;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.url = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** Gives each request to one of those that listen, in turn; 502 where that one dies under it. */
class Balancer {
  readonly #instances: readonly Instance[];
  readonly #server: http.Server;
  #turn = 0;

  constructor(instances: readonly Instance[]) {
    this.#instances = instances;
    this.#server = http.createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #pass(incoming: http.IncomingMessage, outgoing: http.ServerResponse): void {
    const fail = (): void => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    };
    const listening = this.#instances.filter(({ url }) => url !== undefined);
    this.#turn += 1;
    const chosen = listening[this.#turn % Math.max(1, listening.length)]?.url;
    if (chosen === undefined) return fail();
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers, agent: false };
    const forwarded = http.request(`${chosen}${incoming.url ?? '/'}`, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    forwarded.on('error', fail);
    incoming.on('error', () => forwarded.destroy());
    incoming.pipe(forwarded);
  }
}

describe('two processes on one PostgreSQL, either killed at any moment', function () {
  this.timeout(300_000);
  const clock: Clock = createRealClock();
  const random = createKeyedRandom(SEED);
  const network: Network = createTcpNetwork({ clock });
  let folder: string;
  let server: EmbeddedPostgres;
  let databaseUrl: string;
  let simulator: Simulator;
  let instances: [Instance, Instance];
  let balancer: Balancer;
  let url: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'two-processes-'));
    server = await startEmbeddedPostgres({ dataDir: folder });
    databaseUrl = await createDatabase(server.url, { name: 'two_processes' });
    const psps = ['acme', 'backup'] as const;
    simulator = await createSimulator({
      ports: {
        clock,
        wireClock: clock,
        random,
        ids: createRandomIds(),
        network,
        history: createHistoryWriter({ clock }),
        activity: createPassiveActivity(),
      },
      psps: psps.map((name) => ({
        name,
        dialect: 'acme',
        profile: {
          latency: { kind: 'uniform', minMs: 5, maxMs: 150 },
          firstDelivery: { kind: 'uniform', minMs: 20, maxMs: 300 },
          retryScheduleMs: [500, 1_000, 2_000, 4_000, 8_000, 16_000],
          payoutSettlement: { kind: 'uniform', minMs: 200, maxMs: 2_000 },
        },
      })),
    });
    const environment: Record<string, string> = {
      DATABASE_URL: databaseUrl,
      API_KEY,
      LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: '12',
      PSPS: JSON.stringify(
        simulator.psps.map(({ name, dialect, url: baseUrl, credentials }) => ({ name, dialect, baseUrl, credentials })),
      ),
      TIMINGS: JSON.stringify({
        pspTimeoutMs: 3_000,
        statusQueryAfterMs: 3_000,
        pspWorksOnMs: 4_000,
        inDoubtQueryEveryMs: 1_000,
        inDoubtQueryMaxMs: 4_000,
        retryEveryMs: 1_000,
        workerEveryMs: 200,
        workerIdleMs: 1_000,
        idempotencyLeaseMs: 3_000,
        payoutRetryEveryMs: 1_000,
        payoutQueryAfterMs: 2_000,
        recoveryProbeEveryMs: 1_000,
        breakerPauseMs: 1_000,
      }),
    };
    instances = [new Instance(environment), new Instance(environment)];
    balancer = new Balancer(instances);
    url = await balancer.listen();
    for (const instance of instances) await instance.start();
    for (const name of psps) {
      const body = JSON.stringify({ webhook_url: `${url}/v1/payments/webhook/${name}` });
      const headers = { 'content-type': 'application/json' };
      const address = `${simulator.control.url}/v1/psps/${name}`;
      assert.equal(
        (await network.request({ method: 'PATCH', url: address, headers, body, timeoutMs: 5_000 })).status,
        200,
      );
    }
  });
  after(async () => {
    for (const instance of instances) await instance.kill();
    balancer.close();
    await simulator.close();
    await network.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    if (key !== undefined) headers['idempotency-key'] = key;
    const answer = await network.request({
      method,
      url: `${url}${path}`,
      headers,
      timeoutMs: 30_000,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = answer.body.toString('utf8');
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  /** As a client that means it: the same request under the same key until there is an answer that stays. */
  async function insist(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    const until = clock.now() + DEADLINE_MS;
    for (;;) {
      const answer = await ask(method, path, body, key).catch(() => null);
      const isFinal = answer !== null && answer.status < 500 && answer.body['error'] !== 'idempotency_in_flight';
      if (isFinal) return answer;
      if (clock.now() > until) throw new Error(`${method} ${path} came to no end: ${JSON.stringify(answer)}`);
      await clock.sleep(100);
    }
  }

  async function settled(path: string): Promise<string> {
    const until = clock.now() + DEADLINE_MS;
    for (;;) {
      const status = String((await insist('GET', path)).body['status']);
      if (!['pending', 'deferred'].includes(status)) return status;
      if (clock.now() > until) throw new Error(`${path} is still ${status}`);
      await clock.sleep(500);
    }
  }

  it('loses nothing and doubles nothing', async () => {
    const deposits: string[] = [];
    const payouts: string[] = [];
    let refused = 0;
    let working = true;

    async function play(player: number): Promise<void> {
      const playerId = `player-${player}`;
      for (let round = 0; round < ROUNDS; round += 1) {
        const amount = `${1 + random.integer({ min: 0, max: 90 }, 'amount', player, round)}.${String(10 + round)}`;
        const started = await insist(
          'POST',
          '/v1/payments/init',
          {
            amount,
            currency: 'EUR',
            method: 'card',
            return_url: 'https://casino.example/done',
            player_id: playerId,
            meta: { psp: round % 2 === 0 ? 'acme' : 'backup' },
          },
          `deposit-${player}-${round}`,
        );
        assert.equal(started.status, 201, JSON.stringify(started.body));
        deposits.push(String(started.body['payment_id']));
        if (round % 4 !== 3) continue;
        const paid = await insist(
          'POST',
          '/v1/payouts/init',
          { amount: '5.00', currency: 'EUR', method: 'card', player_id: playerId },
          `payout-${player}-${round}`,
        );
        if (paid.status === 402) refused += 1;
        else {
          assert.equal(paid.status, 201, JSON.stringify(paid.body));
          payouts.push(String(paid.body['payout_id']));
        }
      }
    }

    async function kill(): Promise<void> {
      for (let turn = 0; turn < KILLS || working; turn += 1) {
        await clock.sleep(300 + random.integer({ min: 0, max: 1_500 }, 'pause', turn));
        const victim = random.pick(instances, 'victim', turn);
        await victim.kill();
        await clock.sleep(random.integer({ min: 0, max: 500 }, 'down', turn));
        await victim.start();
      }
    }

    const killing = kill();
    await Promise.all(Array.from({ length: PLAYERS }, (_, player) => play(player)));
    working = false;
    await killing;
    const kills = instances[0].starts + instances[1].starts - 2;
    assert.ok(kills >= KILLS, `${kills} kills`);

    for (const id of deposits) assert.equal(await settled(`/v1/payments/${id}`), 'succeeded', id);
    for (const id of payouts) assert.equal(await settled(`/v1/payouts/${id}`), 'succeeded', id);
    assert.equal(new Set(deposits).size, PLAYERS * ROUNDS, 'one payment per key');
    assert.equal(new Set(payouts).size + refused, (PLAYERS * ROUNDS) / 4, 'one payout per key');

    const knex = knexFactory({ client: 'pg', connection: databaseUrl });
    try {
      const one = async (text: string): Promise<number> => {
        const { rows } = await knex.raw<{ rows: { value: string | null }[] }>(text);
        return Number(rows[0]?.value ?? 0);
      };
      const wallets = await one(`select sum(available_minor + held_minor) as value from wallet`);
      const credited = await one(`select sum(amount_minor) as value from transfer where kind = 'deposit_credit'`);
      const posted = await one(`select sum(amount_minor) as value from transfer where kind = 'payout_post'`);
      assert.equal(wallets, credited - posted, 'wallets = credits − payouts');
      assert.equal(await one(`select count(*) as value from transfer where kind = 'deposit_credit'`), deposits.length);
      assert.equal(await one(`select count(*) as value from transfer where kind = 'payout_post'`), payouts.length);
      assert.equal(await one(`select sum(held_minor) as value from wallet`), 0, 'nothing stays reserved');
      assert.equal(await one(`select sum(amount_minor) as value from entry`), 0, 'entries add up to zero');
      assert.equal(await one(`select count(*) as value from inbox where status <> 'done'`), 0, 'the inbox is empty');

      const books = await Promise.all(simulator.psps.map(({ name }) => booksOf(name)));
      const captured = sum(books.flatMap((book) => book.payments.map((p) => p.captured_minor - p.refunded_minor)));
      const paidOut = sum(
        books.flatMap((book) => book.payouts.map((p) => (p.status === 'failed' ? 0 : p.amount_minor))),
      );
      assert.equal(captured, credited, 'the PSPs hold what the players were given');
      assert.equal(paidOut, posted, 'the PSPs paid out what the wallets gave');
    } finally {
      await knex.destroy();
    }
  });

  interface Books {
    payments: { captured_minor: number; refunded_minor: number }[];
    payouts: { amount_minor: number; status: string }[];
  }

  async function booksOf(psp: string): Promise<Books> {
    const address = `${simulator.control.url}/v1/psps/${psp}/books`;
    const answer = await network.request({ method: 'GET', url: address, timeoutMs: 10_000 });
    return JSON.parse(answer.body.toString('utf8')) as Books;
  }
});

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
