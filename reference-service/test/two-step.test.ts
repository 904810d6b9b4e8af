/**
 * Flows of deposits in two steps, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { DEFAULT_TIMINGS } from '../domain/timings.ts';
import { alpha, beta, closeSharedDatabase, service, withTwoPsps } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';
import type { Answered } from './virtual-service.ts';

const HOUR = 3_600_000;
const eur = (available: string) => [{ currency: 'EUR', available, held: '0.00' }];

after(closeSharedDatabase);

describe('a deposit in two steps', () => {
  withTwoPsps();

  async function authorized(more: Record<string, unknown> = {}): Promise<{ id: string; attemptId: string }> {
    const started = await service.deposit({ capture: 'manual', ...more });
    assert.equal(started.status, 201);
    assert.equal(started.body['status'], 'authorized');
    const id = String(started.body['payment_id']);
    return { id, attemptId: (await service.attempts(id))[0]?.attempt_id ?? '' };
  }
  let keys = 0;
  const capture = (id: string, body: object = {}, key = `capture-${(keys += 1)}`): Promise<Answered> =>
    service.request('POST', `/v1/payments/${id}/capture`, body, { 'idempotency-key': key });
  const release = (id: string, key = `void-${(keys += 1)}`): Promise<Answered> =>
    service.request('POST', `/v1/payments/${id}/void`, {}, { 'idempotency-key': key });
  async function told(id: string): Promise<string[]> {
    const { rows } = await service.knex.raw<{ rows: { type: string }[] }>(
      'select type from outbox where subject_id = ? order by position',
      [id],
    );
    return rows.map(({ type }) => type);
  }

  it('is authorized on the answer, credits nothing, and is credited with what was captured, on proof', async () => {
    const { id, attemptId } = await authorized();
    assert.deepEqual(await service.wallet(), []);
    const captured = await capture(id, { amount: '30.00' });
    assert.equal(captured.status, 200);
    assert.equal(captured.body['status'], 'authorized');
    assert.equal(captured.body['capture_requested'], '30.00');
    assert.deepEqual(await service.wallet(), [], 'our own call is no proof');
    const money = { amountMinor: 3_000, currency: 'EUR' };
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { money }));
    await service.pass(10);
    const payment = await service.payment(id);
    assert.equal(payment['status'], 'succeeded');
    assert.equal(payment['credited'], '30.00');
    assert.deepEqual(await service.wallet(), eur('30.00'));
    assert.deepEqual(await told(id), ['deposit.authorized', 'deposit.succeeded']);
    assert.deepEqual(await service.cases(), []);
  });

  it('is credited by a query when the webhook of the capture never comes', async () => {
    const { id } = await authorized();
    await capture(id);
    await service.pass(DEFAULT_TIMINGS.statusQueryAfterMs + 2_000);
    assert.deepEqual(await service.wallet(), eur('50.00'));
  });

  it('captures once: the same key is answered again, another capture is refused', async () => {
    const { id } = await authorized();
    const [one, two] = [await capture(id, {}, 'same'), await capture(id, {}, 'same')];
    assert.equal(one.status, 200);
    assert.equal(two.status, 200);
    assert.equal(two.headers['idempotent-replayed'], 'true');
    const other = await capture(id);
    assert.equal(other.status, 409);
    assert.equal(other.body['error'], 'invalid_state');
    assert.equal((await capture(id, { amount: '1.00' }, 'same')).body['error'], 'idempotency_key_reused');
    assert.equal(alpha.calls.filter((call) => call.startsWith('capture')).length, 1);
  });

  it('asks what became of a capture without an answer, whether it was done or not, under one key', async () => {
    for (const commit of [true, false]) {
      const { id, attemptId } = await authorized({ player_id: `player-${commit}` });
      alpha.captureScript.push({ commit, result: TIMED_OUT });
      const answer = await capture(id, { amount: '20.00' });
      assert.equal(answer.body['status'], 'authorized');
      await service.pass(3 * 60_000);
      assert.deepEqual(await service.wallet(`player-${commit}`), eur('20.00'));
      assert.equal(alpha.books.get(attemptId)?.capturedMinor, 2_000);
    }
    const captureKeys = alpha.keys.filter((key) => key.endsWith('-c'));
    assert.equal(captureKeys.length, 3);
    assert.equal(new Set(captureKeys).size, 2);
  });

  it('believes no webhook about another amount than was captured', async () => {
    const { id, attemptId } = await authorized();
    await capture(id, { amount: '30.00' });
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(10);
    assert.deepEqual(await service.wallet(), []);
    assert.deepEqual((await service.cases())[0]?.kind, 'amount_mismatch');
    await service.pass(HOUR);
    assert.deepEqual(await service.wallet(), eur('30.00'));
  });

  it('is not disturbed by a late word that it is authorized', async () => {
    const { id, attemptId } = await authorized();
    await capture(id, { amount: '30.00' });
    await service.webhook('alpha', alpha.event(attemptId, 'authorized'));
    await service.pass(HOUR);
    await service.webhook('alpha', alpha.event(attemptId, 'authorized'));
    await service.pass(10);
    assert.equal((await service.payment(id))['status'], 'succeeded');
    assert.deepEqual(await service.cases(), []);
  });

  it('refuses more than is authorized, and a capture of what captures itself or is not known', async () => {
    const { id } = await authorized();
    assert.equal((await capture(id, { amount: '50.01' })).body['error'], 'validation_failed');
    assert.equal((await capture(id, { amount: '0.00' })).body['error'], 'validation_failed');
    const direct = await service.deposit();
    assert.equal((await capture(String(direct.body['payment_id']))).body['error'], 'invalid_state');
    assert.equal((await capture('pay_unknown')).status, 404);
    assert.equal((await capture(id, { amount: '50.00' })).status, 200, 'a refused capture leaves the payment open');
  });

  it('is voided at once, and never captured after', async () => {
    const { id, attemptId } = await authorized();
    const answer = await release(id, 'v');
    assert.equal(answer.body['status'], 'canceled');
    assert.equal((await release(id, 'v')).headers['idempotent-replayed'], 'true');
    assert.equal((await capture(id)).body['error'], 'invalid_state');
    assert.equal(alpha.books.get(attemptId)?.state, 'canceled');
    assert.deepEqual(await told(id), ['deposit.authorized', 'deposit.canceled']);
  });

  it('says that a captured payment must be refunded, not voided', async () => {
    const { id } = await authorized();
    await capture(id);
    await service.pass(HOUR);
    const answer = await release(id);
    assert.equal(answer.status, 409);
    assert.match(String(answer.body['message']), /refund/);
  });

  it('repeats a void that had no answer until the PSP has done it', async () => {
    const { id } = await authorized();
    const lost = { commit: false, result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'reset' } } as const;
    alpha.cancelScript.push(lost, lost);
    const answer = await release(id);
    assert.equal(answer.body['status'], 'authorized');
    assert.equal(answer.body['void_requested'], true);
    assert.equal((await capture(id)).body['error'], 'invalid_state');
    await service.pass(5 * 60_000);
    assert.equal((await service.payment(id))['status'], 'canceled');
  });

  it('says why a capture is refused by the PSP, and learns that the authorization is over', async () => {
    const { id, attemptId } = await authorized();
    const book = alpha.books.get(attemptId);
    assert.ok(book);
    book.state = 'canceled';
    const answer = await capture(id);
    assert.equal(answer.body['status'], 'canceled');
    const second = await authorized({ player_id: 'player-2' });
    alpha.captureScript.push({ commit: false, result: { kind: 'rejected', reason: 'not today' } });
    const refused = await capture(second.id, {}, 'refused');
    assert.equal(refused.status, 409);
    assert.match(String(refused.body['message']), /not today/);
    assert.equal((await capture(second.id, {}, 'refused')).status, 200, 'nothing happened, so the key is free');
  });

  it('is voided by itself at the end of its life, and canceled when it ends at the PSP before', async () => {
    const own = await authorized();
    const theirs = await authorized({ player_id: 'player-2' });
    const book = alpha.books.get(theirs.attemptId);
    assert.ok(book);
    book.state = 'canceled';
    await service.pass(DEFAULT_TIMINGS.authorizationLookEveryMs + 60_000);
    assert.equal((await service.payment(theirs.id))['status'], 'canceled');
    assert.equal((await service.payment(own.id))['status'], 'authorized');
    await service.pass(DEFAULT_TIMINGS.authorizationLifeMs);
    assert.equal((await service.payment(own.id))['status'], 'canceled');
    assert.equal(alpha.books.get(own.attemptId)?.state, 'canceled');
    assert.deepEqual(await service.cases(), []);
  });

  it('credits what somebody captured at the PSP, when the PSP says how much', async () => {
    const { id, attemptId } = await authorized();
    const book = alpha.books.get(attemptId);
    assert.ok(book);
    book.state = 'captured';
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(10);
    assert.equal((await service.payment(id))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), eur('50.00'));
  });

  it('goes through a challenge first', async () => {
    const started = await service.deposit({ capture: 'manual', payment_token: 'card_3ds' });
    const id = String(started.body['payment_id']);
    const attemptId = (await service.attempts(id))[0]?.attempt_id ?? '';
    alpha.finishAction(attemptId);
    await service.webhook('alpha', alpha.event(attemptId, 'authorized'));
    await service.pass(10);
    assert.equal((await service.payment(id))['status'], 'authorized');
    await capture(id);
    await service.pass(HOUR);
    assert.deepEqual(await service.wallet(), eur('50.00'));
  });

  it('goes only to a PSP that can do it, and is refused when none can', async () => {
    Object.assign(alpha.capabilities, { twoStepMethods: [] });
    const { id } = await authorized();
    assert.equal((await service.attempts(id))[0]?.psp, 'beta');
    Object.assign(beta.capabilities, { twoStepMethods: [] });
    const refused = await service.deposit({ capture: 'manual' });
    assert.equal(refused.status, 422);
    assert.equal(refused.body['error'], 'method_not_available');
    assert.match(JSON.stringify(refused.body['details']), /cannot authorize card first/);
  });

  it('releases what a PSP reserved for an attempt that was given up', async () => {
    const lost = {
      commit: false,
      result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' },
    } as const;
    alpha.script.push(lost, lost);
    const started = await service.deposit({ capture: 'manual' });
    const id = String(started.body['payment_id']);
    await service.pass(10 * 60_000);
    const [late, second] = await service.attempts(id);
    assert.deepEqual([late?.status, second?.status], ['absent_proven', 'authorized']);
    const lateId = late?.attempt_id ?? '';
    const view = beta.books.get(second?.attempt_id ?? '')?.attempt;
    assert.ok(view);
    alpha.books.set(lateId, { attempt: { ...view, attemptId: lateId }, state: 'authorized' });
    await service.webhook('alpha', alpha.event(lateId, 'authorized'));
    await service.pass(1_000);
    assert.equal(alpha.books.get(lateId)?.state, 'canceled');
    assert.equal((await service.payment(id))['status'], 'authorized');
  });

  it('is proven by the repetition of the capture where the PSP cannot be asked', async () => {
    Object.assign(alpha.capabilities, { statusQuery: false });
    const { id } = await authorized();
    alpha.captureScript.push({ commit: true, result: TIMED_OUT });
    await capture(id, { amount: '10.00' });
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), eur('10.00'));
  });

  it('is shown to a person when a void was received and nothing more is heard, and only that PSP could tell', async () => {
    Object.assign(alpha.capabilities, { statusQuery: false });
    const { id, attemptId } = await authorized();
    for (let n = 0; n < 300; n += 1) alpha.cancelScript.push({ commit: n === 0, result: { kind: 'received' } });
    await release(id);
    await service.pass(48 * HOUR);
    assert.deepEqual(
      (await service.cases()).map(({ kind, status }) => ({ kind, status })),
      [{ kind: 'stuck_in_doubt', status: 'open' }],
    );
    await service.webhook('alpha', alpha.event(attemptId, 'canceled'));
    await service.pass(100);
    assert.equal((await service.payment(id))['status'], 'canceled');
    assert.deepEqual(
      (await service.cases()).map(({ status }) => status),
      ['resolved'],
    );
  });
});
