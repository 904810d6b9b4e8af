import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../kernel/index.ts';
import { createWorld } from '../drivers/index.ts';
import { resolveScenario } from '../dsl/index.ts';
import { defineScenario, failureBlock, runScenario, type Scenario } from '../index.ts';

interface ToldValue {
  event_type: string;
  verified: boolean;
}

const small: Scenario = defineScenario({
  name: 'small',
  title: 'A few deposits and a payout over real sockets',
  description: 'Real sockets, a real PostgreSQL, and the service as a process of its own.',
  psps: [
    { name: 'stripe', dialect: 'stripe' },
    { name: 'adyen', dialect: 'adyen' },
    { name: 'acme', dialect: 'acme' },
  ],
  traffic: [
    {
      deposits: 6,
      every: '6s',
      amount: '20.00',
      currency: 'EUR',
      psp: ['stripe', 'adyen', 'acme'],
      client: { double_submit: true },
    },
    {
      deposits: 2,
      from: '5s',
      every: '6s',
      amount: '20.00',
      currency: 'EUR',
      psp: ['stripe', 'adyen'],
      card: '3ds',
      cardholder: { action: 'approve', thinks: '2s' },
    },
    { payouts: 2, burst: true, fund: '50.00', amount: '20.00', currency: 'EUR', psp: ['acme', 'stripe'] },
  ],
  faults: [{ fault: 'webhook-duplicate', with: { copies: 2 } }],
  heal_at: '90s',
  settle_within: '6h',
  expect: { succeeded_at_least: 8, payouts_succeeded_at_least: 2, faults_hit: ['webhook-duplicate'] },
  http: { compression: 30 },
});

describe('a run over real sockets', function () {
  // Processes start and a killed one comes back: seconds each, more on a busy machine.
  this.timeout(240_000);

  let outDir: string;
  before(() => {
    outDir = mkdtempSync(join(tmpdir(), 'assay-http-'));
  });
  after(() => rmSync(outDir, { recursive: true, force: true }));

  it('passes with the reference service as a process on a fresh database', async () => {
    const result = await runScenario({ scenario: small, seed: 7, driver: 'http', outDir });
    assert.equal(result.verdict, 'pass', failureBlock(result.report));
    const told = result.history.filter(({ f }) => f === 'told').map(({ value }) => value as ToldValue);
    assert.ok(
      told.filter(({ event_type: type }) => type === 'deposit.succeeded').length >= 8,
      'the platform heard of it',
    );
    assert.ok(
      told.every(({ verified }) => verified),
      'each event is signed',
    );
    assert.equal(result.invariants.find(({ id }) => id === 'I17')?.verdict, 'pass');
    const lines = readFileSync(join(result.runDir ?? '', 'history.ndjson'), 'utf8')
      .trim()
      .split('\n');
    assert.ok(lines.length > result.history.length, 'the file has a header and every event');
  });

  it('loses and doubles nothing when the service is killed in the middle', async () => {
    // Without challenges: a person whose bank page leads to a dead shop goes away.
    const traffic = small.traffic.filter((entry) => !('card' in entry));
    const scenario = defineScenario({
      ...small,
      drivers: ['http'],
      traffic: traffic.map((entry) =>
        'refunds' in entry ? entry : { ...entry, client: { retries: 40, retry_after: '30s' } },
      ),
      target: { kill: [{ at: '18s', restart_after: '2s' }] },
      expect: { succeeded_at_least: 6, payouts_succeeded_at_least: 2 },
    });
    const result = await runScenario({ scenario, seed: 7, driver: 'http', outDir });
    assert.equal(result.verdict, 'pass', failureBlock(result.report));
    const kills = result.history
      .filter((event) => event.f === 'target')
      .map((event) => (event.value as { event: string }).event);
    assert.deepEqual(kills, ['killed', 'restarted']);
  });

  it('begins the time of its PSPs with the time of its target, however long that takes to start', async () => {
    const plan = resolveScenario({ ...small, http: { compression: 1 } }, '7');
    const world = await createWorld('http', { plan });
    try {
      const zeroMs = world.clock.now() - world.clock.elapsed();
      const apartMs = Math.abs(zeroMs - Date.parse(world.serviceClock.started_at));
      assert.ok(apartMs < 500, `${apartMs} ms apart: a compressed run makes days of it`);
    } finally {
      await world.close();
    }
  });

  it('says in one sentence that no database answers', async () => {
    const run = runScenario({
      scenario: small,
      seed: 7,
      driver: 'http',
      databaseUrl: 'postgres://nobody:secret@127.0.0.1:1/none',
    });
    await assert.rejects(run, (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /No PostgreSQL server answers at 127\.0\.0\.1:1/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});
