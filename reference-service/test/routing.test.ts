/**
 * Goal: payments go where rules, quality and operators want them, every decision can be asked
 * for, and what is held back comes through by itself. Method: flows on scripted PSPs.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const GONE = { kind: 'not_reached', requestMayHaveArrived: false, reason: 'refused' } as const;

interface Decision {
  attempt_id: string | null;
  psp: string | null;
  rule: string | null;
  ranked: { psp: string; place: string; outcomes: number }[];
  rejected: { psp: string; reason: string; detail: string | null }[];
  explanation: string[];
}

describe('routing', () => {
  let alpha: FakePsp;
  let beta: FakePsp;
  let service: VirtualService;

  beforeEach(() => {
    alpha = new FakePsp('alpha', { methods: ['card', 'bank', 'voucher'] });
    beta = new FakePsp('beta', { methods: ['card', 'bank'] });
  });

  afterEach(async () => {
    await service.drive('stop', () => service.service.stop());
  });

  after(() => closeSharedDatabase());

  async function decisions(id: unknown, what = 'payments'): Promise<Decision[]> {
    const { status, body } = await service.request('GET', `/v1/${what}/${String(id)}/routing`);
    assert.equal(status, 200);
    return body['decisions'] as Decision[];
  }

  async function goesTo(more: Record<string, unknown> = {}): Promise<string | null> {
    const { body } = await service.deposit(more);
    return (await decisions(body['payment_id'])).at(-1)?.psp ?? null;
  }

  async function put(path: string, body: Record<string, unknown>): Promise<void> {
    const answer = await service.request('PUT', path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }

  async function shownMethods(query = ''): Promise<{ method: string; because: unknown }[]> {
    const { status, body } = await service.request('GET', `/v1/methods?currency=EUR&country=DE${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    const methods = body['methods'] as { method: string; hidden_because: unknown }[];
    return methods.map(({ method, hidden_because: because }) => ({ method, because }));
  }

  it('sends payouts by the country and the bank that the money goes to, told or known from the profile', async () => {
    service = await startVirtualService({
      psps: [alpha, beta],
      routing: {
        rules: [
          { name: 'to-finland', when: { country: 'FI' }, only: ['beta'] },
          { name: 'to-bank-b', when: { bank: ['bank-b'] }, only: ['beta'] },
        ],
      },
    });
    const wallet = { player_id: 'player-1', payment_id: 'fund', txn_id: 'fund', idempotency_key: 'fund' };
    await service.request('POST', '/v1/wallet/credit', { ...wallet, amount: '900.00', currency: 'EUR' });
    const paidBy = async (more: Record<string, unknown>): Promise<string | null> => {
      const { status, body } = await service.payout({ method: 'bank', ...more });
      assert.equal(status, 201, JSON.stringify(body));
      return (await decisions(body['payout_id'], 'payouts')).at(-1)?.psp ?? null;
    };
    assert.equal(await paidBy({}), 'alpha');
    assert.equal(await paidBy({ meta: { country: 'FI' } }), 'beta');
    assert.equal(await paidBy({ meta: { bank: 'bank-b' } }), 'beta');
    await put('/v1/players/player-1/profile', { country: 'FI' });
    assert.equal(await paidBy({ destination_token: 'player.one+fi@example.com' }), 'beta');
    assert.equal(await paidBy({ meta: { country: 'DE' } }), 'alpha');
    assert.equal((await service.payout({ destination_token: 'not an address@x' })).status, 422);
  });

  it('stores a decision with every attempt and says why, for every PSP', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    alpha.script.push({ commit: false, result: GONE });
    const { body } = await service.deposit();
    const [first, second, ...more] = await decisions(body['payment_id']);
    assert.deepEqual(more, []);
    assert.equal(first?.psp, 'alpha');
    assert.deepEqual(
      first.ranked.map(({ psp, place }) => `${psp} ${place}`),
      ['alpha order', 'beta order'],
    );
    assert.equal(second?.psp, 'beta');
    assert.deepEqual(second.rejected, [{ psp: 'alpha', reason: 'tried', detail: null }]);
    assert.equal(second.explanation.length, 3);
    const payment = await service.payment(body['payment_id']);
    assert.deepEqual(
      (payment['attempts'] as { attempt_id: string }[]).map(({ attempt_id: id }) => id),
      [first.attempt_id, second.attempt_id],
    );
    assert.equal((await service.request('GET', '/v1/payments/pay_none/routing')).status, 404);
  });

  it('keeps to its rules, and takes nothing that they leave no PSP for', async () => {
    service = await startVirtualService({
      psps: [alpha, beta],
      routing: {
        rules: [
          { name: 'germans', when: { country: 'DE' }, prefer: ['beta'] },
          { name: 'large', when: { currency: 'EUR', amount: { min: 1000 } }, only: ['alpha'] },
          { name: 'no-tablets', when: { device: 'tablet' }, exclude: ['alpha', 'beta'] },
        ],
      },
    });
    assert.equal(await goesTo({ meta: { country: 'DE' } }), 'beta');
    assert.equal(await goesTo({ meta: { country: 'ES' } }), 'alpha');
    assert.equal(await goesTo({ meta: { country: 'DE' }, amount: '1000.00' }), 'alpha');
    const refused = await service.deposit({ meta: { device: 'tablet' } });
    assert.equal(refused.status, 422);
    assert.equal(refused.body['error'], 'method_not_available');
    const [card] = await shownMethods('&device=tablet');
    assert.equal(card?.because, 'rule');
  });

  it('leaves a PSP that does worse, and leaves what it saw in the database', async () => {
    service = await startVirtualService({ psps: [alpha, beta], routing: { strategy: 'quality' } });
    for (let count = 0; count < 40; count += 1) {
      await service.deposit({ payment_token: 'card_declined', meta: { psp: 'alpha' } });
      await service.deposit({ meta: { psp: 'beta' } });
      await service.pass(500);
    }
    await service.pass(3_000);
    const chosen: (string | null)[] = [];
    for (let count = 0; count < 20; count += 1) chosen.push(await goesTo());
    assert.ok(chosen.filter((psp) => psp === 'beta').length >= 18, chosen.join(' '));
    const { rows } = await service.knex.raw<{ rows: { psp: string; approved: string; declined: string }[] }>(
      "select psp, sum(approved) as approved, sum(declined) as declined from route_quality where operation = 'authorize' group by psp order by psp",
    );
    assert.equal(Number(rows[0]?.declined), 40);
    assert.ok(Number(rows[1]?.approved) >= 40);
  });

  it('shares what it saw with other processes through the database', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    await service.deposit();
    await service.pass(2_000);
    await service.deposit();
    await service.pass(10_000);
    const { body } = await service.request('GET', '/v1/routing/health');
    const [first] = body['psps'] as { operations: { operation: string; calls: number; approved: number }[] }[];
    const authorize = first?.operations.find(({ operation }) => operation === 'authorize');
    assert.equal(authorize?.calls, 2);
    assert.equal(authorize?.approved, 2);
  });

  it('holds new payments back from a sick PSP, and goes on asking it about those in doubt', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    for (let count = 0; count < 3; count += 1) {
      alpha.script.push({
        commit: true,
        result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'time-out' },
      });
      await service.deposit();
    }
    const { body } = await service.deposit();
    const [decision] = await decisions(body['payment_id']);
    assert.deepEqual(decision?.rejected, [{ psp: 'alpha', reason: 'breaker_open', detail: null }]);
    // The first answer after the silence, and what was pulled forward by it within the worker's next look.
    await service.pass(22_000);
    assert.equal(alpha.calls.filter((call) => call.startsWith('query')).length, 3);
  });

  it("takes a PSP out of service and back at an operator's word", async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    await put('/v1/routing/psps/alpha', { in_service: false, reason: 'maintenance' });
    const { body } = await service.deposit();
    const [decision] = await decisions(body['payment_id']);
    assert.equal(decision?.psp, 'beta');
    assert.deepEqual(decision.rejected, [{ psp: 'alpha', reason: 'out_of_service', detail: 'maintenance' }]);
    await put('/v1/routing/psps/alpha', { in_service: true, reason: 'done' });
    assert.equal(await goesTo(), 'alpha');
    const unknown = await service.request('PUT', '/v1/routing/psps/nobody', { in_service: true, reason: 'x' });
    assert.equal(unknown.status, 404);
  });

  it('starts nothing new while read-only, and repeats the answers it has given', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    const before = await service.deposit({}, 'same-key');
    await put('/v1/routing/level', { level: 'read_only', reason: 'moving house' });
    const refused = await service.deposit();
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '30');
    assert.deepEqual(refused.body['details'], { level: 'read_only', reason: 'moving house' });
    assert.equal((await service.payout()).status, 503);
    const replayed = await service.deposit({}, 'same-key');
    assert.equal(replayed.status, 201);
    assert.equal(replayed.body['payment_id'], before.body['payment_id']);
    assert.ok((await shownMethods()).every(({ because }) => because === 'read_only' || because === 'not_offered'));
    await put('/v1/routing/level', { level: 'automatic', reason: 'moved' });
    assert.equal((await service.deposit()).status, 201);
  });

  it('keeps payouts reserved while they are deferred, and sends them by itself afterwards', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    await service.deposit();
    await service.pass(60_000);
    await put('/v1/routing/level', { level: 'payouts_deferred', reason: 'bank holiday' });
    const { body } = await service.payout();
    assert.equal(body['status'], 'deferred');
    const [decision] = await decisions(body['payout_id'], 'payouts');
    assert.equal(decision?.attempt_id, null);
    assert.ok(decision.rejected.every(({ reason }) => reason === 'level'));
    await service.pass(10 * 60_000);
    assert.equal((await service.wallet())[0]?.held, '20.00');
    assert.equal(alpha.payouts.size, 0);
    await put('/v1/routing/level', { level: 'automatic', reason: 'over' });
    await service.pass(15 * 60_000);
    assert.equal(alpha.payouts.size, 1);
    assert.equal((await decisions(body['payout_id'], 'payouts')).at(-1)?.psp, 'alpha');
  });

  it('tells the cashier what to show: heavy methods hidden when slow, fast ones first when degraded', async () => {
    service = await startVirtualService({ psps: [alpha, beta] });
    assert.deepEqual(
      (await shownMethods()).map(({ method, because }) => `${method} ${String(because)}`),
      ['card null', 'bank null', 'voucher null', 'ewallet not_offered', 'p2p not_offered'],
    );
    await put('/v1/routing/level', { level: 'slow', reason: 'all is slow' });
    assert.deepEqual(
      (await shownMethods()).filter(({ because }) => because === 'heavy_while_slow'),
      [{ method: 'voucher', because: 'heavy_while_slow' }],
    );
    await put('/v1/routing/level', { level: 'degraded', reason: 'trouble' });
    assert.equal((await shownMethods())[0]?.method, 'bank');
  });

  it("keeps a player's payments at one bank with one PSP", async () => {
    service = await startVirtualService({
      psps: [alpha, beta],
      routing: { rules: [{ name: 'halves', split: { alpha: 1, beta: 1 }, by: 'payment' }] },
    });
    const bank = (player: string): Record<string, unknown> => ({
      method: 'bank',
      player_id: player,
      meta: { bank: 'bank-a' },
    });
    for (const player of ['p-1', 'p-2', 'p-3']) {
      const first = await goesTo(bank(player));
      for (let count = 0; count < 4; count += 1) {
        await service.pass(60_000);
        assert.equal(await goesTo(bank(player)), first);
      }
    }
    const first = await goesTo(bank('p-4'));
    await put(`/v1/routing/psps/${String(first)}`, { in_service: false, reason: 'gone' });
    assert.notEqual(await goesTo(bank('p-4')), first, 'not where it is out of service');
  });
});
