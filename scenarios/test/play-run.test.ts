import assert from 'node:assert/strict';
import type { Scenario } from '../dsl/index.ts';
import { playFake, type FakeRun } from './fake-world.ts';

const base: Scenario = {
  name: 'small',
  title: 'A small one',
  description: 'Nothing special.',
  psps: [{ name: 'stripe', dialect: 'stripe' }],
  traffic: [{ deposits: 3, every: '10s', amount: { min: '5.00', max: '50.00' }, currency: 'EUR', players: 2 }],
  heal_at: '2m',
  settle_within: '1h',
};
const withDeposit = (more: object): Scenario => ({
  ...base,
  traffic: [{ deposits: 1, amount: '5.00', currency: 'EUR', ...more }],
});
const shown = (run: FakeRun, f: string): string[] =>
  run.events
    .filter((event) => event.f === f)
    .map((event) => `${event.type} ${event.key} ${JSON.stringify((event.value as { try?: number }).try ?? '')}`);
const phases = (run: FakeRun): unknown[] =>
  run.events.filter((event) => event.f === 'phase').map((event) => event.value);

describe('a run', () => {
  it('goes through its phases and ends converged', async () => {
    const run = await playFake(base, '7');
    assert.equal(run.events[0]?.f, 'run');
    assert.deepEqual(phases(run), [
      { phase: 'traffic' },
      { phase: 'heal' },
      { phase: 'settle' },
      { phase: 'end', converged: true },
    ]);
    assert.deepEqual(shown(run, 'deposit'), [
      'invoke dep-1 1',
      'ok dep-1 ""',
      'invoke dep-2 1',
      'ok dep-2 ""',
      'invoke dep-3 1',
      'ok dep-3 ""',
    ]);
    const finals = run.events
      .filter((event) => (event.value as { phase?: string }).phase === 'final')
      .map((event) => `${event.f} ${event.key ?? ''}`.trim());
    assert.deepEqual(finals, [
      'entries player-1',
      'entries player-2',
      'payment pay_1',
      'payment pay_2',
      'payment pay_3',
      'wallets player-1',
      'wallets player-2',
      'ledger',
      'cases',
    ]);
  });

  it('goes on until the time it was told to watch, though everything has come to rest long before', async () => {
    const ends = async (scenario: Scenario): Promise<number> => (await playFake(scenario, '7')).events.at(-1)?.t ?? 0;
    assert.ok((await ends(base)) < 3_600_000);
    // What came at the last moment is acknowledged, and then worked on: it has its minute as well.
    const [from, to] = [72 * 3_600_000 + 60_000, 72 * 3_600_000 + 120_000];
    const watched = await ends({ ...base, watch_until: '72h' });
    assert.ok(watched >= from && watched < to, `ended after ${watched} ms`);
  });

  it('pairs each answer with its request, and begins each operation at its time', async () => {
    const { events } = await playFake(base, '7');
    for (const event of events.filter((one) => one.f === 'deposit' && one.type === 'ok')) {
      const invoke = events[event.cause ?? -1];
      assert.deepEqual([invoke?.type, invoke?.key], ['invoke', event.key]);
    }
    assert.deepEqual(
      events.filter((event) => event.type === 'invoke').map((event) => event.t),
      [0, 10_000, 20_000],
    );
  });

  it('is the same for the same seed and another for another', async () => {
    const [first, second, other] = [await playFake(base, '7'), await playFake(base, '7'), await playFake(base, '8')];
    assert.equal(first.fingerprint, second.fingerprint);
    assert.notEqual(first.fingerprint, other.fingerprint);
  });

  it('ends without convergence when a payment stays pending, but not when a case is open for it', async () => {
    assert.deepEqual(phases(await playFake(base, '7', { neverFinal: true })).at(-1), {
      phase: 'end',
      converged: false,
    });
    assert.deepEqual(phases(await playFake(base, '7', { neverFinal: true, cases: true })).at(-1), {
      phase: 'end',
      converged: true,
    });
  });
});

describe('a client', () => {
  it('tries again with the same key after an unknown outcome', async () => {
    const run = await playFake(withDeposit({}), '7', { answersLost: 2 });
    assert.deepEqual(shown(run, 'deposit'), [
      'invoke dep-1 1',
      'info dep-1 ""',
      'invoke dep-1 2',
      'info dep-1 ""',
      'invoke dep-1 3',
      'ok dep-1 ""',
    ]);
    assert.equal(new Set(run.seen.filter((line) => line.includes('/init'))).size, 1, 'one key for all tries');
  });

  it('gives up after its retries, and asks again after everything healed', async () => {
    const run = await playFake(withDeposit({ client: { retries: 1 } }), '7', { answersLost: 2 });
    const tries = run.events
      .filter((event) => event.f === 'deposit' && event.type === 'invoke')
      .map((event) => event.t);
    assert.deepEqual(tries, [0, 5_000, 120_000]);
  });

  it('that submits twice sends both requests at the same instant', async () => {
    const run = await playFake(withDeposit({ client: { double_submit: true } }), '7');
    const invokes = run.events.filter((event) => event.f === 'deposit' && event.type === 'invoke');
    assert.deepEqual(
      invokes.map((event) => [event.t, (event.value as { try: number }).try]),
      [
        [0, 1],
        [0, 2],
      ],
    );
  });

  it('that reuses its key sends another amount, and the refusal is written down', async () => {
    const run = await playFake(withDeposit({ client: { reuse_key_with_other_body: true } }), '7');
    assert.deepEqual(shown(run, 'deposit'), ['invoke dep-1 1', 'ok dep-1 ""', 'invoke dep-1 2', 'fail dep-1 ""']);
  });
});

describe('a cardholder', () => {
  it('thinks, approves, and comes back through the service to the shop', async () => {
    const run = await playFake(withDeposit({ card: '3ds', cardholder: { action: 'approve', thinks: '30s' } }), '7');
    assert.deepEqual(
      run.seen.filter((line) => /challenge|return/.test(line)),
      ['GET /challenge/pay_1', 'POST /challenge/pay_1 action=approve', 'GET /v1/payments/pay_1/return'],
    );
    const challenge = run.events.filter((event) => event.f === 'challenge').map((event) => [event.type, event.t]);
    assert.deepEqual(challenge, [
      ['invoke', 0],
      ['ok', 30_000],
    ]);
    assert.deepEqual(
      run.events.filter((event) => event.f === 'return').map((event) => event.type),
      ['invoke', 'ok'],
    );
  });

  it('who walks away presses nothing', async () => {
    const run = await playFake(withDeposit({ card: '3ds', cardholder: 'abandon' }), '7');
    assert.deepEqual(
      run.seen.filter((line) => /challenge|return/.test(line)),
      ['GET /challenge/pay_1'],
    );
  });
});
