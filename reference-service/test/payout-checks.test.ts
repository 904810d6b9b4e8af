/**
 * Flows of a payout that is checked before it begins, reviewed by a person, sent back by the way
 * the money came, or deferred while no PSP takes it; in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import type { PolicyDocument } from '../config/index.ts';
import { FakePsp } from './fake-psp.ts';
import { stopInOrder } from './fresh-service.ts';
import { NOT_REACHED } from './no-answer.ts';
import { closeSharedDatabase, startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;

after(closeSharedDatabase);

describe('a payout that is checked', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  let beta: FakePsp;
  let moves: number;

  const start = async (payouts: PolicyDocument['payouts'], risk?: PolicyDocument['risk']): Promise<void> => {
    alpha = new FakePsp('alpha');
    beta = new FakePsp('beta', { keptPayoutMethods: ['card'] });
    moves = 0;
    const policy: PolicyDocument = { ...(payouts && { payouts }), ...(risk && { risk }) };
    service = await startVirtualService({ psps: [alpha, beta], policy });
  };
  afterEach(() => stopInOrder(service));

  const move = async (direction: 'credit' | 'debit', amount: string, more: object = {}): Promise<Answered> => {
    moves += 1;
    const id = `move-${moves}`;
    return service.request('POST', `/v1/wallet/${direction}`, {
      player_id: 'player-1',
      payment_id: id,
      txn_id: id,
      amount,
      currency: 'EUR',
      idempotency_key: id,
      ...more,
    });
  };
  /** A deposit that is proven and credited. */
  const deposited = async (more: Record<string, unknown> = {}): Promise<void> => {
    const started = await service.deposit(more);
    await service.pass(60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
  };
  const profile = (body: unknown): Promise<Answered> => service.request('PUT', '/v1/players/player-1/profile', body);
  const payoutOf = async (id: unknown): Promise<Record<string, unknown>> =>
    (await service.request('GET', `/v1/payouts/${String(id)}`)).body;
  const list = async (query: string): Promise<{ ids: unknown[]; next: unknown }> => {
    const { body } = await service.request('GET', `/v1/payouts?${query}`);
    const payouts = body['payouts'] as { payout_id: string }[];
    return { ids: payouts.map(({ payout_id: id }) => id), next: body['next'] };
  };
  const told = async (type: string): Promise<{ failure_reason: string | null }[]> => {
    const rows = await service
      .knex<{ type: string; payload: { failure_reason: string | null } }>('outbox')
      .where({ type })
      .orderBy('position');
    return rows.map(({ payload }) => payload);
  };

  /** What the platform heard of reviews of this payout, in order. */
  async function reviewsTold(id: unknown): Promise<string[]> {
    const all = (await told('payout.review')) as unknown as { payout_id: string; review: { status: string } }[];
    return all.filter((payload) => payload.payout_id === id).map(({ review }) => review.status);
  }

  it('must have its deposits wagered; bets before a deposit and winnings do not count', async () => {
    await start({ wageringFactor: 1 });
    await move('credit', '500.00');
    await move('debit', '300.00');
    await deposited();
    const refused = await service.payout();
    assert.deepEqual(
      [refused.status, refused.body['error'], refused.body['details']],
      [422, 'wagering_not_met', { outstanding: '50.00', currency: 'EUR' }],
    );
    await move('debit', '30.00');
    await move('credit', '90.00');
    assert.deepEqual((await service.request('GET', '/v1/players/player-1/profile')).body['wagering'], [
      { currency: 'EUR', outstanding: '20.00' },
    ]);
    await move('debit', '20.00');
    assert.equal((await service.payout()).status, 201);
    assert.equal((await service.payout()).status, 201);
  });

  it('counts a bonus once, and no bet of a round that did not take place', async () => {
    await start({ wageringFactor: 2 });
    await move('credit', '500.00');
    assert.equal((await service.payout()).status, 201);
    const bonus = { wagering_required: [{ reference: 'bonus-1', currency: 'EUR', amount: '10.00' }] };
    await profile(bonus);
    await profile(bonus);
    const other = { wagering_required: [{ reference: 'bonus-1', currency: 'EUR', amount: '11.00' }] };
    assert.equal((await profile(other)).body['error'], 'txn_conflict');
    await deposited({ amount: '5.00' });
    const outstanding = async (): Promise<unknown> =>
      ((await service.payout({ amount: '1.00' })).body['details'] as { outstanding?: string } | undefined)?.outstanding;
    assert.equal(await outstanding(), '20.00');
    assert.equal((await move('debit', '15.00', { round_id: 'round-1' })).status, 200);
    assert.equal(await outstanding(), '5.00');
    const rollback = await service.request('POST', '/v1/rounds/round-1/rollback', {
      txn_id: 'back-1',
      idempotency_key: 'back-1',
    });
    assert.equal(rollback.status, 200);
    assert.equal(await outstanding(), '20.00');
    await move('debit', '20.00');
    assert.equal(await outstanding(), undefined);
  });

  it('needs the KYC level of its amount, and notes when that was asked for and reached', async () => {
    await start({ kycLevels: [{ currency: 'EUR', from: '10.00', level: 2 }] });
    await move('credit', '500.00');
    assert.equal((await service.payout({ amount: '9.99' })).status, 201);
    const refused = await service.payout({}, 'kyc');
    assert.deepEqual(
      [refused.status, refused.body['error'], refused.body['details']],
      [403, 'kyc_required', { required_level: 2, level: 0 }],
    );
    const requestedAt = new Date(service.clock.now()).toISOString();
    await service.pass(HOUR);
    const { body } = await profile({ kyc_level: 2 });
    assert.deepEqual(
      [body['kyc_requested_at'], body['kyc_verified_at']],
      [requestedAt, new Date(service.clock.now()).toISOString()],
    );
    assert.equal((await service.payout({}, 'kyc')).status, 403);
    assert.equal((await service.payout()).status, 201);
  });

  it('stays under the limit of its day', async () => {
    await start({ dailyLimit: { EUR: '50.00' } });
    await move('credit', '500.00');
    assert.equal((await service.payout()).status, 201);
    assert.equal((await service.payout()).status, 201);
    assert.equal((await service.payout()).body['error'], 'limit_exceeded');
    assert.equal((await service.payout({ amount: '10.00' })).status, 201);
    await service.pass(16 * HOUR);
    assert.equal((await service.payout()).status, 201);
  });

  it('goes back to the PSP and method of the deposit, and says why', async () => {
    await start({ closedLoop: 'prefer' });
    await deposited({ meta: { psp: 'beta' } });
    await deposited({ method: 'ewallet', amount: '30.00', meta: { psp: 'alpha' } });
    const back = await payoutOf((await service.payout()).body['payout_id']);
    assert.equal((back['attempts'] as { psp: string }[])[0]?.psp, 'beta');
    assert.deepEqual(back['route'], {
      kind: 'closed_loop',
      reason: 'method_of_deposit',
      psp: 'beta',
      stored_method_id: null,
      open_by_method: '50.00',
      open_elsewhere: [{ method: 'ewallet', amount: '30.00' }],
    });
    await service.payout({ amount: '30.00' });
    const more = await payoutOf((await service.payout({ amount: '10.00' })).body['payout_id']);
    assert.deepEqual(
      [(more['route'] as { reason: string }).reason, (more['attempts'] as { psp: string }[])[0]?.psp],
      ['other_method_wanted', 'alpha'],
    );
  });

  it('goes to the method that the PSP keeps of the last deposit, and waits for that PSP when it is away', async () => {
    await start({ closedLoop: 'prefer' });
    await deposited({ meta: { psp: 'beta' }, store_method: true });
    const [kept] = (await service.request('GET', '/v1/players/player-1/methods')).body['methods'] as {
      stored_method_id: string;
    }[];
    beta.payoutScript.push({ commit: false, result: NOT_REACHED });
    const id = (await service.payout()).body['payout_id'];
    await service.pass(10 * 60_000);
    const back = await payoutOf(id);
    assert.equal((back['route'] as { stored_method_id: string }).stored_method_id, kept?.stored_method_id);
    assert.deepEqual(
      (back['attempts'] as { psp: string }[]).map(({ psp }) => psp),
      ['beta', 'beta'],
    );
    assert.deepEqual(
      [...beta.payouts.values()].map(({ attempt }) => attempt.destinationToken),
      [...beta.kept.keys()],
    );
    const elsewhere = await payoutOf((await service.payout({ destination_token: 'card_payout_ok' })).body['payout_id']);
    assert.equal((elsewhere['route'] as { stored_method_id: string | null }).stored_method_id, null);
  });

  it('may not leave by another method while a deposit waits, where the policy requires the loop', async () => {
    await start({ closedLoop: 'require' });
    await deposited();
    await move('credit', '100.00');
    const refused = await service.payout({ method: 'ewallet' });
    assert.deepEqual(
      [refused.status, refused.body['error'], refused.body['details']],
      [422, 'closed_loop_required', { open: [{ method: 'card', amount: '50.00' }], currency: 'EUR' }],
    );
    assert.equal((await service.payout({ amount: '50.00' })).status, 201);
    assert.equal((await service.payout({ method: 'ewallet' })).status, 201);
  });

  it('waits for a person from an amount on: approved it is sent, once', async () => {
    await start({ reviewFrom: { EUR: '20.00' } });
    await move('credit', '100.00');
    const started = await service.payout({}, 'large');
    const id = started.body['payout_id'];
    assert.deepEqual([started.status, started.body['status']], [201, 'pending']);
    await service.pass(48 * HOUR);
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '80.00', held: '20.00' }]);
    assert.equal(alpha.payouts.size, 0);
    assert.deepEqual((await list('review=waiting')).ids, [id]);
    const approve = (): Promise<Answered> =>
      service.request('POST', `/v1/payouts/${String(id)}/approve`, { note: 'documents seen' });
    const approved = await approve();
    assert.deepEqual(
      [approved.status, (approved.body['review'] as { status: string; note: string }).note],
      [200, 'documents seen'],
    );
    const again = await approve();
    assert.deepEqual([again.status, again.headers['idempotent-replayed']], [200, 'true']);
    assert.equal((await service.request('POST', `/v1/payouts/${String(id)}/reject`, {})).status, 409);
    assert.equal(alpha.payouts.size, 1);
    for (const book of alpha.payouts.values()) book.state = 'paid';
    await service.pass(HOUR);
    assert.equal((await payoutOf(id))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '80.00', held: '0.00' }]);
    assert.deepEqual(await reviewsTold(id), ['waiting', 'approved']);
  });

  it('waits for a person when its risk is raised: rejected its money comes back, with a reason', async () => {
    await start({}, { attempts: { stepUp: 2, deny: 3 } });
    await move('credit', '100.00');
    const small = await service.payout();
    assert.equal((await payoutOf(small.body['payout_id']))['review'], null);
    assert.equal(
      (await service.request('POST', `/v1/payouts/${String(small.body['payout_id'])}/approve`, {})).status,
      409,
    );
    const { body } = await service.payout();
    const id = String(body['payout_id']);
    const review = (await payoutOf(id))['review'] as { status: string; reasons: string[] };
    assert.deepEqual([review.status, review.reasons], ['waiting', ['velocity_attempts']]);
    assert.equal((await service.request('GET', `/v1/payouts/${id}/risk`)).body['decision'], 'step_up');
    const rejected = await service.request('POST', `/v1/payouts/${id}/reject`, {});
    assert.deepEqual([rejected.status, rejected.body['status']], [200, 'failed']);
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '80.00', held: '20.00' }]);
    assert.equal((await service.payout()).body['error'], 'risk_denied');
    assert.deepEqual(
      (await told('payout.failed')).map((payload) => payload.failure_reason),
      ['rejected in review'],
    );
    assert.deepEqual(await reviewsTold(id), ['waiting', 'rejected']);
    assert.equal((await told('payout.review')).length, 2, 'what no person looks at is not told of');
    assert.equal((await service.request('POST', '/v1/payouts/po_none/approve', {})).status, 404);
  });
});
