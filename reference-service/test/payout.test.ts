/**
 * Flows of a payout, in virtual time over real SQL, with scripted PSPs.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { NOT_REACHED, TIMED_OUT } from './no-answer.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;

after(closeSharedDatabase);

describe('payout', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  let beta: FakePsp;

  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    beta = new FakePsp('beta');
    service = await startVirtualService({ psps: [alpha, beta] });
    await service.request('POST', '/v1/wallet/credit', {
      player_id: 'player-1',
      payment_id: 'bonus-1',
      txn_id: 'bonus-1',
      amount: '100.00',
      currency: 'EUR',
      idempotency_key: 'bonus-1',
    });
  });
  afterEach(async () => {
    const failures = service.log.filter((line) => line['level'] === 'error');
    const balances = (await service.request('GET', '/v1/ledger/balances')).body['accounts'] as { balance: string }[];
    await service.stop();
    assert.deepEqual(failures, []);
    const sum = balances.reduce((so, { balance }) => so + Math.round(Number(balance) * 100), 0);
    assert.equal(sum, 0);
  });

  const balances = async (): Promise<Map<string, string>> => {
    const { body } = await service.request('GET', '/v1/ledger/balances');
    return new Map(
      (body['accounts'] as { account: string; balance: string }[]).map((one) => [one.account, one.balance]),
    );
  };
  /** Types of the events that the platform is told, in order. */
  const told = async (): Promise<string[]> => {
    const { rows } = await service.knex.raw<{ rows: { type: string }[] }>(
      `select type from outbox where type like 'payout.%' order by position`,
    );
    return rows.map(({ type }) => type);
  };
  const purse = (available: string, held: string) => [{ currency: 'EUR', available, held }];
  const onlyAttempt = async (id: unknown) => {
    const attempts = (await service.request('GET', `/v1/payouts/${String(id)}`)).body['attempts'] as {
      attempt_id: string;
      status: string;
      psp: string;
    }[];
    assert.equal(attempts.length, 1);
    return attempts[0]?.attempt_id ?? '';
  };
  const status = async (id: unknown) => (await service.request('GET', `/v1/payouts/${String(id)}`)).body['status'];

  it('reserves at once and posts when the PSP has paid', async () => {
    const started = await service.payout();
    assert.equal(started.status, 201);
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    const event = alpha.event(await onlyAttempt(started.body['payout_id']), 'succeeded');
    await service.webhook('alpha', event);
    await service.webhook('alpha', { ...event, eventId: 'evt_again' });
    await service.pass(100);
    assert.equal(await status(started.body['payout_id']), 'succeeded');
    assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
    assert.deepEqual(await service.cases(), []);
  });

  it('opens a case, and moves nothing, when events tell of another payout under its reference', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'failed', { pspReference: 'po_stranger' }));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'po_second' }));
    await service.pass(100);
    assert.equal(await status(started.body['payout_id']), 'pending');
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(100);
    assert.equal(await status(started.body['payout_id']), 'succeeded');
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['unknown_payment'],
    );
    assert.equal((await balances()).get('suspense'), undefined);
  });

  it('books in suspense, with a case, what the PSP confirms to have paid a second time', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    alpha.surplusPayouts.set('po_second', attemptId);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'po_second' }));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'po_second' }));
    await service.pass(100);
    assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
    assert.equal((await balances()).get('psp:alpha'), '40.00');
    assert.equal((await balances()).get('suspense'), '-20.00');
    assert.deepEqual(
      (await service.cases()).map(({ kind, status: state }) => `${kind} ${state}`),
      ['late_success open'],
    );
  });

  it('gives the money back only on proven failure, and never after it was posted', async () => {
    const started = await service.payout();
    const event = alpha.event(await onlyAttempt(started.body['payout_id']), 'failed');
    await service.webhook('alpha', event);
    await service.webhook('alpha', { ...event, eventId: 'evt_again' });
    await service.pass(100);
    assert.equal(await status(started.body['payout_id']), 'failed');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
  });

  it('keeps the reservation when a "failed" follows a "paid" of another currency: a person decides', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    const paid = alpha.event(attemptId, 'succeeded');
    await service.webhook('alpha', { ...paid, money: { amountMinor: 2000, currency: 'JPY' } });
    await service.webhook('alpha', { ...alpha.event(attemptId, 'failed'), eventId: 'evt_failed' });
    await service.pass(100);
    assert.equal(await status(started.body['payout_id']), 'pending');
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['currency_mismatch', 'contradictory_final'],
    );
  });

  it('keeps the reservation while in doubt and learns by asking that it was paid', async () => {
    alpha.payoutScript.push({ commit: true, result: TIMED_OUT });
    const started = await service.payout();
    await service.pass(5_000);
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    const attemptId = await onlyAttempt(started.body['payout_id']);
    const book = alpha.payouts.get(attemptId);
    assert.ok(book);
    book.state = 'paid';
    await service.pass(10 * 60_000);
    assert.equal(await status(started.body['payout_id']), 'succeeded');
    assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
    assert.deepEqual(beta.calls, []);
  });

  it('sends again, once, after a time-out that is proven to have reached nobody', async () => {
    alpha.payoutScript.push({ commit: false, result: TIMED_OUT });
    const started = await service.payout();
    await service.pass(30 * 60_000);
    assert.equal(alpha.payouts.size + beta.payouts.size, 1);
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    for (const psp of [alpha, beta]) for (const book of psp.payouts.values()) book.state = 'paid';
    await service.pass(30 * 60_000);
    assert.equal(await status(started.body['payout_id']), 'succeeded');
    assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
  });

  it('is deferred while no PSP can be reached, then sent', async () => {
    for (const psp of [alpha, beta])
      for (let i = 0; i < 3; i += 1) psp.payoutScript.push({ commit: false, result: NOT_REACHED });
    const started = await service.payout();
    assert.equal(started.body['status'], 'deferred');
    await service.pass(HOUR);
    assert.equal(alpha.payouts.size + beta.payouts.size, 1);
    assert.equal(await status(started.body['payout_id']), 'pending');
  });

  it('returns the money in bounded time when no PSP can ever be reached', async () => {
    for (const psp of [alpha, beta])
      for (let i = 0; i < 500; i += 1) psp.payoutScript.push({ commit: false, result: NOT_REACHED });
    const started = await service.payout();
    await service.pass(25 * HOUR);
    assert.equal(await status(started.body['payout_id']), 'failed');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
  });

  it('takes back what the bank returned, exactly once, and says so', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    const returned = { ...alpha.returnPayout(attemptId), code: 'account_closed' };
    await service.webhook('alpha', returned);
    await service.pass(100);
    await service.webhook('alpha', returned);
    await service.webhook('alpha', alpha.event(attemptId, 'failed'));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(HOUR);
    const { body } = await service.request('GET', `/v1/payouts/${String(started.body['payout_id'])}`);
    assert.equal(body['status'], 'returned');
    assert.equal(body['failure_reason'], 'The bank sent the money back: The account is closed.');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
    assert.deepEqual(await service.cases(), []);
    assert.deepEqual(await told(), ['payout.succeeded', 'payout.returned']);
    assert.equal(alpha.calls.filter((call) => call.startsWith('payout ')).length, 1);
  });

  it('tells a person of a return about which the PSP cannot be asked, and books it when the event is replayed', async () => {
    const { body } = await service.payout();
    const attemptId = await onlyAttempt(body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(100);
    for (let n = 0; n < 50; n += 1) alpha.payoutQueryScript.push(NOT_REACHED);
    const returned = alpha.event(attemptId, 'returned');
    await service.webhook('alpha', returned);
    await service.pass(24 * HOUR);
    assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
    assert.deepEqual(
      (await service.cases()).map(({ kind, status: state }) => [kind, state]),
      [['dead_letter', 'open']],
    );
    alpha.payoutQueryScript.length = 0;
    const payout = alpha.payouts.get(attemptId);
    if (payout !== undefined) payout.state = 'returned';
    const path = `/v1/webhooks/events/alpha/${returned.eventId}/replay`;
    const replayed = await service.request('POST', path);
    assert.equal(replayed.body['outcome'], 'applied');
    await service.pass(1_000);
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
    assert.deepEqual(
      (await service.cases()).map(({ status: state }) => state),
      ['resolved'],
    );
  });

  it('gives the money back once when it hears of the return before the payment', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'returned'));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(HOUR);
    assert.equal(await status(started.body['payout_id']), 'returned');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
    assert.deepEqual(await service.cases(), []);
    assert.deepEqual(await told(), ['payout.returned']);
  });

  for (const outcome of ['failed', 'returned'] as const)
    it(`asks the PSP about "${outcome}" after "paid", and gives nothing back while it says paid: a person decides`, async () => {
      const started = await service.payout();
      const attemptId = await onlyAttempt(started.body['payout_id']);
      await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
      const payout = alpha.payouts.get(attemptId);
      assert.ok(payout !== undefined);
      payout.state = 'paid';
      await service.webhook('alpha', alpha.event(attemptId, outcome));
      await service.pass(HOUR);
      assert.equal(await status(started.body['payout_id']), 'succeeded');
      assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
      assert.deepEqual(
        (await service.cases()).map(({ kind }) => kind),
        ['contradictory_final'],
      );
    });

  for (const known of ['which the PSP has answered', 'whose id at the PSP is not known'])
    it(`gives nothing back on the word that a payout ${known} failed when the PSP, asked, says that it was paid`, async () => {
      if (known !== 'which the PSP has answered') alpha.payoutScript.push({ commit: true, result: TIMED_OUT });
      const started = await service.payout();
      const attemptId = await onlyAttempt(started.body['payout_id']);
      const payout = alpha.payouts.get(attemptId);
      assert.ok(payout !== undefined);
      payout.state = 'paid';
      await service.webhook('alpha', alpha.event(attemptId, 'failed'));
      await service.pass(1_000);
      assert.equal((await service.wallet())[0]?.available, '80.00');
      await service.pass(30 * HOUR);
      assert.equal(await status(started.body['payout_id']), 'succeeded');
      assert.deepEqual(await service.wallet(), purse('80.00', '0.00'));
      assert.deepEqual(
        (await service.cases()).map(({ kind }) => kind),
        ['contradictory_final'],
      );
    });

  it('gives the money back once when the PSP, asked, says that a paid payout failed', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    const payout = alpha.payouts.get(attemptId);
    assert.ok(payout !== undefined);
    payout.state = 'failed';
    await service.webhook('alpha', alpha.event(attemptId, 'failed'));
    await service.webhook('alpha', alpha.event(attemptId, 'failed'));
    await service.pass(HOUR);
    assert.equal(await status(started.body['payout_id']), 'returned');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
    assert.deepEqual(await service.cases(), []);
  });

  it('refuses what the wallet cannot cover, with the same answer to a repetition', async () => {
    const first = await service.payout({ amount: '100.01' }, 'too-much');
    const again = await service.payout({ amount: '100.01' }, 'too-much');
    for (const answer of [first, again]) {
      assert.equal(answer.status, 402);
      assert.equal(answer.body['error'], 'insufficient_funds');
    }
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(await service.wallet(), purse('100.00', '0.00'));
    assert.deepEqual(alpha.calls, []);
  });

  it('answers a repetition with the same payout', async () => {
    const first = await service.payout({}, 'one-intent');
    const again = await service.payout({}, 'one-intent');
    assert.equal(again.body['payout_id'], first.body['payout_id']);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal(alpha.payouts.size, 1);
  });

  it('does not believe a webhook of another amount', async () => {
    const started = await service.payout();
    const attemptId = await onlyAttempt(started.body['payout_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { money: { amountMinor: 1, currency: 'EUR' } }));
    await service.pass(100);
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['amount_mismatch'],
    );
  });
});
