/**
 * Flows of a deposit, in virtual time over real SQL, with scripted PSPs.
 */
import assert from 'node:assert/strict';
import { DEFAULT_TIMINGS } from '../domain/timings.ts';
import { alpha, beta, closeSharedDatabase, service, withTwoPsps } from './fresh-service.ts';
import { NOT_REACHED, TIMED_OUT } from './no-answer.ts';

const HOUR = 3_600_000;
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

describe('deposit', () => {
  withTwoPsps();

  async function onlyAttempt(paymentId: unknown): Promise<string> {
    const attempts = await service.attempts(paymentId);
    assert.equal(attempts.length, 1);
    return attempts[0]?.attempt_id ?? '';
  }

  it('is pending until the webhook proves it, then credited once', async () => {
    const started = await service.deposit();
    assert.equal(started.status, 201);
    assert.equal(started.body['status'], 'pending');
    assert.deepEqual(await service.wallet(), []);
    const event = alpha.event(await onlyAttempt(started.body['payment_id']), 'succeeded');
    assert.deepEqual((await service.webhook('alpha', event)).body, { received: true, duplicate: false });
    await service.pass(10);
    assert.deepEqual((await service.webhook('alpha', event)).body, { received: true, duplicate: true });
    await service.webhook('alpha', { ...event, eventId: 'evt_same_news_other_id' });
    await service.pass(10);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.deepEqual(await service.cases(), []);
  });

  it('is credited by a status query when the webhook never comes', async () => {
    const started = await service.deposit();
    await service.pass(29_000);
    assert.deepEqual(await service.wallet(), []);
    await service.pass(5_000);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
  });

  it('accepts a webhook that overtakes the answer of the call', async () => {
    alpha.duringCreate = async () => {
      const [attemptId] = [...alpha.books.keys()];
      await service.deliver('alpha', alpha.event(attemptId ?? '', 'succeeded'));
    };
    const started = await service.deposit();
    await service.pass(100);
    assert.equal(started.status, 201);
    assert.deepEqual(await service.wallet(), FIFTY);
  });

  it('answers 402 to an issuer decline and tries no other PSP', async () => {
    const declined = await service.deposit({ payment_token: 'card_declined' });
    assert.equal(declined.status, 402);
    assert.equal(declined.body['error'], 'declined');
    assert.equal((declined.body['details'] as Record<string, unknown>)['decline_code'], 'do_not_honor');
    assert.deepEqual(beta.calls, []);
  });

  it('fails over at once when nothing can have arrived, and after a technical decline', async () => {
    alpha.script.push({ commit: false, result: NOT_REACHED });
    const first = await service.deposit();
    assert.deepEqual(
      (await service.attempts(first.body['payment_id'])).map(({ psp, status }) => `${psp} ${status}`),
      ['alpha not_reached', 'beta approved'],
    );
    alpha.script.push({
      commit: false,
      result: { kind: 'declined', pspReference: 'x', code: 'acquirer_down', declineClass: 'technical' },
    });
    const second = await service.deposit();
    assert.deepEqual(
      (await service.attempts(second.body['payment_id'])).map(({ psp, status }) => `${psp} ${status}`),
      ['alpha declined', 'beta approved'],
    );
  });

  it('does not fail over while in doubt, and finds the captured payment by asking', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    const started = await service.deposit();
    assert.equal(started.status, 201);
    assert.equal(started.body['status'], 'pending');
    await service.pass(60_000);
    assert.deepEqual(beta.calls, []);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 5_000);
  });

  it('sends what the PSP does not know once more, under the same key, before it thinks of another PSP', async () => {
    alpha.script.push({ commit: false, result: TIMED_OUT });
    const started = await service.deposit();
    await service.pass(DEFAULT_TIMINGS.pspWorksOnMs);
    assert.deepEqual(beta.calls, []);
    assert.equal(new Set(alpha.keys).size, 1);
    assert.equal(alpha.keys.length, 2);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 5_000);
  });

  it('proves absence by two answers, when the PSP can no longer be working on it, before it fails over', async () => {
    alpha.script.push({ commit: false, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
    const started = await service.deposit();
    await service.pass(DEFAULT_TIMINGS.pspWorksOnMs);
    assert.deepEqual(beta.calls, []);
    await service.pass(10 * 60_000);
    const attempts = await service.attempts(started.body['payment_id']);
    assert.deepEqual(
      attempts.map(({ psp, status }) => `${psp} ${status}`),
      ['alpha absent_proven', 'beta approved'],
    );
    assert.ok(alpha.calls.filter((call) => call.startsWith('query')).length >= 2);
    assert.equal(alpha.captured() + beta.captured(), 5_000);
    assert.deepEqual(await service.wallet(), FIFTY);
  });

  it('waits when both PSPs are down and is taken after they recover', async () => {
    for (const psp of [alpha, beta])
      for (let i = 0; i < 4; i += 1) psp.script.push({ commit: false, result: NOT_REACHED });
    const started = await service.deposit();
    assert.equal(started.status, 201);
    assert.equal(started.body['status'], 'pending');
    await service.pass(30 * 60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured() + beta.captured(), 5_000);
  });

  it('fails only after its time is over when no PSP ever answers', async () => {
    for (const psp of [alpha, beta])
      for (let i = 0; i < 100; i += 1) psp.script.push({ commit: false, result: NOT_REACHED });
    const started = await service.deposit();
    await service.pass(HOUR - 60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'pending');
    await service.pass(11 * 60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'failed');
    assert.deepEqual(await service.wallet(), []);
  });

  it('sends the player to the challenge, credits only on proof, never on the return', async () => {
    const started = await service.deposit({ payment_token: 'card_3ds' });
    assert.equal(started.body['redirect_url'], 'http://alpha/challenge');
    const attemptId = await onlyAttempt(started.body['payment_id']);
    const returned = await service.request(
      'GET',
      `/v1/payments/${String(started.body['payment_id'])}/return?redirect_status=succeeded`,
    );
    assert.equal(returned.status, 303);
    assert.equal(
      returned.headers['location'],
      `https://casino.example/done?payment_id=${String(started.body['payment_id'])}`,
    );
    await service.pass(20_000);
    assert.deepEqual(await service.wallet(), []);
    const book = alpha.books.get(attemptId);
    assert.ok(book);
    book.state = 'captured';
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
  });

  it('cancels an abandoned challenge at the PSP, then reports it as canceled', async () => {
    const started = await service.deposit({ payment_token: 'card_3ds' });
    await service.pass(HOUR + 20 * 60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'canceled');
    assert.equal([...alpha.books.values()][0]?.state, 'canceled');
    assert.deepEqual(await service.cases(), []);
  });

  it('reports an approved payment as soon as it is credited to whoever waits', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    const id = String(started.body['payment_id']);
    const begun = service.clock.now();
    service.clock.schedule(3_000, 'late webhook', () => service.deliver('alpha', alpha.event(attemptId, 'succeeded')));
    const answer = await service.request('GET', `/v1/payments/${id}?wait=30`);
    assert.equal(answer.body['status'], 'succeeded');
    assert.ok(service.clock.now() - begun < 4_000);
    const still = await service.deposit();
    const before = service.clock.now();
    const timedOut = await service.request('GET', `/v1/payments/${String(still.body['payment_id'])}?wait=2`);
    assert.equal(timedOut.body['status'], 'pending');
    assert.ok(service.clock.now() - before >= 2_000);
  });

  it('opens a case, and closes it again, when an outcome stays unproven for hours', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    for (let i = 0; i < 2_000; i += 1)
      alpha.queryScript.push({ kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' });
    const started = await service.deposit();
    await service.pass(2 * HOUR + 20 * 60_000);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'pending');
    assert.deepEqual(
      (await service.cases()).map(({ kind, status }) => `${kind} ${status}`),
      ['stuck_in_doubt open'],
    );
    alpha.queryScript.length = 0;
    await service.pass(2 * 60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.deepEqual(
      (await service.cases()).map(({ kind, status }) => `${kind} ${status}`),
      ['stuck_in_doubt resolved'],
    );
  });
});
