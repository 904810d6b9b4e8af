/**
 * Flows of a deposit about which a PSP says what does not fit: too late, another amount, nobody's. In
 * virtual time over real SQL, with scripted PSPs.
 */
import assert from 'node:assert/strict';
import { alpha, beta, closeSharedDatabase, service, withTwoPsps } from './fresh-service.ts';
import { TIMED_OUT } from './no-answer.ts';

const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

describe('a deposit that is contradicted', () => {
  withTwoPsps();

  async function onlyAttempt(paymentId: unknown): Promise<string> {
    const attempts = await service.attempts(paymentId);
    assert.equal(attempts.length, 1);
    return attempts[0]?.attempt_id ?? '';
  }

  it('gives a late success back to the card and opens one case', async () => {
    alpha.script.push({ commit: false, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
    const started = await service.deposit();
    await service.pass(10 * 60_000);
    const [late] = await service.attempts(started.body['payment_id']);
    assert.equal(late?.status, 'absent_proven');
    const lateId = late?.attempt_id ?? '';
    const view = [...beta.books.values()][0]?.attempt;
    assert.ok(view);
    alpha.books.set(lateId, { attempt: { ...view, attemptId: lateId }, state: 'captured' });
    const event = alpha.event(lateId, 'succeeded');
    await service.webhook('alpha', event);
    await service.webhook('alpha', { ...event, eventId: 'evt_again' });
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 0);
    assert.equal(beta.captured(), 5_000);
    assert.deepEqual(
      (await service.cases()).map(({ kind, status }) => `${kind} ${status}`),
      ['late_success resolved'],
    );
    assert.equal((await service.attempts(started.body['payment_id']))[0]?.status, 'reversed');
  });

  it('changes nothing on a wrong amount or currency, opens a case, and still learns the truth by asking', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    await service.webhook(
      'alpha',
      alpha.event(attemptId, 'succeeded', { money: { amountMinor: 50_000, currency: 'EUR' } }),
    );
    await service.webhook(
      'alpha',
      alpha.event(attemptId, 'succeeded', { money: { amountMinor: 5_000, currency: 'JPY' } }),
    );
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { money: null }));
    await service.pass(100);
    assert.deepEqual(await service.wallet(), []);
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['amount_mismatch', 'currency_mismatch'],
    );
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), FIFTY);
  });

  it('keeps a credited payment when a late failure arrives, and opens a case', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.webhook('alpha', alpha.event(attemptId, 'failed'));
    await service.webhook('alpha', alpha.event(attemptId, 'pending'));
    await service.pass(100);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['contradictory_final'],
    );
  });

  it('debits the wallet and opens a case when somebody refunds a credited deposit at the PSP', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.webhook(
      'alpha',
      alpha.event(attemptId, 'succeeded', { subject: 'refund', reference: 'dashboard-1', partReference: 're_1' }),
    );
    await service.pass(100);
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '0.00', held: '0.00' }]);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'refunded');
    assert.deepEqual(
      (await service.cases()).map(({ kind, subject_id }) => `${kind} ${subject_id}`),
      [`contradictory_final ${String(started.body['payment_id'])}`],
    );
  });

  it('never credits what was refunded at the PSP before it heard of the payment', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    const book = alpha.books.get(attemptId);
    assert.ok(book);
    book.state = 'refunded';
    await service.webhook('alpha', alpha.event(attemptId, 'refunded'));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(60_000);
    assert.deepEqual(await service.wallet(), []);
    assert.equal((await service.payment(started.body['payment_id']))['status'], 'refunded');
  });

  it('rejects what is not signed, before anything is stored', async () => {
    const started = await service.deposit();
    const event = alpha.event(await onlyAttempt(started.body['payment_id']), 'succeeded');
    const rejected = await service.webhook('alpha', event, 'forged');
    assert.equal(rejected.status, 401);
    assert.equal(rejected.body['error'], 'invalid_signature');
    assert.deepEqual((await service.webhook('alpha', event)).body, { received: true, duplicate: false });
  });

  it('opens one case for an event about a payment that is not ours', async () => {
    const event = alpha.event('att_unknown', 'succeeded', {
      money: { amountMinor: 100, currency: 'EUR' },
      pspReference: 'psp_unknown',
    });
    await service.webhook('alpha', event);
    await service.webhook('alpha', event);
    await service.pass(100);
    assert.deepEqual(
      (await service.cases()).map(({ kind, subject_id }) => `${kind} ${subject_id}`),
      [`unknown_payment ${event.eventId}`],
    );
  });

  it('opens a case when a PSP reports on an attempt that another PSP made', async () => {
    const started = await service.deposit();
    const attemptId = await onlyAttempt(started.body['payment_id']);
    await service.webhook('beta', { ...alpha.event(attemptId, 'succeeded'), eventId: 'evt_beta' });
    await service.pass(100);
    assert.deepEqual(await service.wallet(), []);
    assert.deepEqual(
      (await service.cases()).map(({ kind }) => kind),
      ['unknown_payment'],
    );
  });
});
