/**
 * Flows of refunds, those that the platform asks for and those made at the PSP, in virtual time
 * over real SQL, with a scripted PSP.
 */
import assert from 'node:assert/strict';
import {
  alpha,
  attemptId,
  balance,
  cases,
  hear,
  payment,
  purse,
  refund,
  refunds,
  service,
  spend,
  start,
  states,
  stop,
  told,
  startUncredited,
} from './money-back-stage.ts';
import { NOT_REACHED, TIMED_OUT } from './no-answer.ts';
import { closeSharedDatabase } from './virtual-service.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

after(closeSharedDatabase);

describe('a refund that the platform asks for', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('is reserved at once, posted when the PSP has done it, and leaves the payment refunded when it was all', async () => {
    const first = await refund('20.00');
    assert.equal(first.status, 201);
    assert.equal(first.body['status'], 'pending');
    assert.deepEqual(await service.wallet(), purse('30.00', '20.00'));
    await service.pass(2_000);
    assert.deepEqual(await service.wallet(), purse('30.00'));
    assert.deepEqual(await payment().then(({ status, refunded }) => [status, refunded]), ['succeeded', '20.00']);
    await refund('30.00');
    await service.pass(2_000);
    assert.deepEqual(await states(), ['platform 20.00 succeeded', 'platform 30.00 succeeded']);
    assert.deepEqual(await payment().then(({ status, refunded }) => [status, refunded]), ['refunded', '50.00']);
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.equal(await balance('psp:alpha'), '0.00');
    assert.equal(alpha.captured(), 0);
    assert.deepEqual(await told('refund'), ['refund.succeeded', 'refund.succeeded']);
    assert.deepEqual(await told('deposit.refunded'), ['deposit.refunded']);
    assert.deepEqual(await cases(), []);
  });

  it('is one for one key, and another one for another payment', async () => {
    const first = await refund('20.00', 'one-intent');
    const again = await refund('20.00', 'one-intent');
    assert.equal(again.status, 201);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal(again.body['refund_id'], first.body['refund_id']);
    assert.equal((await refund('21.00', 'one-intent')).body['error'], 'idempotency_key_reused');
    const other = String((await service.deposit()).body['payment_id']);
    const elsewhere = await service.request(
      'POST',
      `/v1/payments/${other}/refunds`,
      { amount: '20.00' },
      { 'idempotency-key': 'one-intent' },
    );
    assert.equal(elsewhere.body['error'], 'idempotency_key_reused');
    const found = await service.request('GET', `/v1/refunds/${String(first.body['refund_id'])}`);
    assert.equal(found.body['amount'], '20.00');
    assert.equal((await service.request('GET', '/v1/refunds/ref_nobody')).status, 404);
  });

  it('is refused beyond what is left, counting what is under way, and what the wallet cannot pay', async () => {
    alpha.refundScript.push({ commit: false, result: TIMED_OUT });
    await refund('30.00');
    await service.pass(10);
    const tooMuch = await refund('20.01');
    assert.equal(tooMuch.status, 409);
    assert.equal(tooMuch.body['error'], 'not_refundable');
    assert.deepEqual(tooMuch.body['details'], { refundable: '20.00', currency: 'EUR' });
    await spend('15.00');
    const poor = await refund('20.00');
    assert.equal(poor.status, 402);
    assert.deepEqual(poor.body['details'], { available: '5.00', currency: 'EUR' });
    assert.equal((await refund('0.00')).status, 422);
    assert.equal((await refund('1.0')).status, 422);
  });

  it('is not possible for a payment that is not credited', async () => {
    const open = String((await service.deposit({ payment_token: 'card_3ds' })).body['payment_id']);
    const answer = await service.request(
      'POST',
      `/v1/payments/${open}/refunds`,
      { amount: '1.00' },
      { 'idempotency-key': 'early' },
    );
    assert.equal(answer.body['error'], 'not_refundable');
  });

  it('stays reserved while in doubt, and is repeated under the same key until the PSP says what it did', async () => {
    alpha.refundScript.push({ commit: true, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
    await refund('50.00');
    await service.pass(5_000);
    assert.deepEqual(await service.wallet(), purse('0.00', '50.00'));
    await service.pass(5 * MINUTE);
    assert.deepEqual(await states(), ['platform 50.00 succeeded']);
    assert.equal(new Set(alpha.keys.filter((key) => key.startsWith('key-ref'))).size, 1);
    assert.equal(alpha.captured(), 0);
    assert.deepEqual(await service.wallet(), purse('0.00'));
  });

  it('goes back to the wallet when the PSP proves that it gave nothing back', async () => {
    alpha.refundScript.push({ commit: false, result: { kind: 'rejected', reason: 'card closed' } });
    await refund('50.00');
    await service.pass(2_000);
    assert.deepEqual(await states(), ['platform 50.00 failed']);
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.deepEqual(await told('refund'), ['refund.failed']);
    assert.equal((await refund('50.00')).status, 201);
  });

  it('is credited again, once, when it comes back after it was done', async () => {
    await refund('50.00');
    await service.pass(2_000);
    const part = [...(alpha.books.get(attemptId)?.refunds?.values() ?? [])][0]?.partReference ?? '';
    const failed = alpha.failRefund(attemptId, part);
    await hear(failed, { ...failed, eventId: 'again' });
    assert.deepEqual(await states(), ['platform 50.00 returned']);
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.deepEqual(await payment().then(({ status, refunded }) => [status, refunded]), ['succeeded', '0.00']);
    assert.deepEqual(await told('refund'), ['refund.succeeded', 'refund.failed']);
    assert.deepEqual(await told('deposit.succeeded'), ['deposit.succeeded']);
  });

  it('is never sent again once the PSP may have forgotten its key: the webhook or a person decides', async () => {
    for (let i = 0; i < 500; i += 1) alpha.refundScript.push({ commit: false, result: TIMED_OUT });
    await refund('20.00');
    await service.pass(25 * HOUR);
    const sends = alpha.calls.filter((call) => call.startsWith('refund ')).length;
    assert.deepEqual(await cases(), ['stuck_in_doubt open']);
    assert.deepEqual(await service.wallet(), purse('30.00', '20.00'));
    const id = (await refunds())[0]?.refund_id ?? '';
    await hear(
      alpha.event(attemptId, 'succeeded', {
        subject: 'refund',
        reference: id,
        partReference: 're_late',
        money: { amountMinor: 2_000, currency: 'EUR' },
      }),
    );
    await service.pass(HOUR);
    assert.equal(alpha.calls.filter((call) => call.startsWith('refund ')).length, sends);
    assert.deepEqual(await states(), ['platform 20.00 succeeded']);
    assert.deepEqual(await cases(), ['stuck_in_doubt resolved']);
  });

  it('gives the money back in bounded time when the PSP can never be reached', async () => {
    for (let i = 0; i < 500; i += 1) alpha.refundScript.push({ commit: false, result: NOT_REACHED });
    await refund('20.00');
    await service.pass(25 * HOUR);
    assert.deepEqual(await states(), ['platform 20.00 failed']);
    assert.deepEqual(await service.wallet(), purse('50.00'));
  });

  it('is recognised by its amount when the webhook overtakes the answer and names no id of ours', async () => {
    alpha.refundScript.push({ commit: true, result: TIMED_OUT });
    await refund('50.00');
    await service.pass(10);
    const part = `re_${(await refunds())[0]?.refund_id ?? ''}`;
    const done = { subject: 'refund', reference: null, partReference: part } as const;
    await hear(alpha.event(attemptId, 'succeeded', done), alpha.event(attemptId, 'refunded'));
    await service.pass(MINUTE);
    assert.deepEqual(await states(), ['platform 50.00 succeeded']);
    assert.deepEqual(await cases(), []);
  });
});

describe('a refund made at the PSP', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('debits the wallet once per refund, however often and in whatever words it is told', async () => {
    const one = alpha.dashboardRefund(attemptId, 2_000);
    const two = alpha.dashboardRefund(attemptId, 2_000);
    await hear(one, { ...one, eventId: 'one-again' }, two, one);
    assert.deepEqual(await service.wallet(), purse('10.00'));
    assert.deepEqual(await states(), ['psp 20.00 succeeded', 'psp 20.00 succeeded']);
    await hear(alpha.dashboardRefund(attemptId, 1_000), alpha.event(attemptId, 'refunded'));
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.deepEqual(await payment().then(({ status, refunded }) => [status, refunded]), ['refunded', '50.00']);
    assert.equal(await balance('psp:alpha'), '0.00');
    assert.deepEqual(await cases(), ['contradictory_final open']);
  });

  it('is booked from the total when that comes first, and explained by its own event afterwards', async () => {
    const one = alpha.dashboardRefund(attemptId, 2_000);
    const two = alpha.dashboardRefund(attemptId, 3_000);
    await hear(alpha.event(attemptId, 'refunded'), one, two);
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.equal((await payment()).refunded, '50.00');
    assert.equal(await balance('psp:alpha'), '0.00');
    assert.deepEqual(await cases(), ['contradictory_final open']);
  });

  it('takes what the wallet has, the rest is our loss, and a person is told', async () => {
    await spend('35.00');
    await hear(alpha.dashboardRefund(attemptId, 5_000));
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.equal(await balance('chargeback_loss'), '-35.00');
    assert.deepEqual(await cases(), ['contradictory_final open', 'refund_shortfall open']);
  });

  it('comes back to where it was taken from when it fails afterwards', async () => {
    await spend('35.00');
    const done = alpha.dashboardRefund(attemptId, 5_000);
    await hear(done);
    const failed = alpha.failRefund(attemptId, done.partReference ?? '');
    await hear(failed, { ...failed, eventId: 'again' });
    assert.deepEqual(await service.wallet(), purse('15.00'));
    assert.equal(await balance('chargeback_loss'), '0.00');
    assert.equal((await payment()).status, 'succeeded');
  });

  it('changes nothing when its failure is told before its success', async () => {
    const done = alpha.dashboardRefund(attemptId, 5_000);
    const failed = alpha.failRefund(attemptId, done.partReference ?? '');
    await hear({ ...failed, occurredAt: 2 }, { ...done, occurredAt: 1 });
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.deepEqual(await cases(), []);
  });

  it('never adds up to more than was captured: what does not fit is a case', async () => {
    await hear(alpha.dashboardRefund(attemptId, 4_000));
    const more = { subject: 'refund', reference: null, partReference: 're_wrong' } as const;
    await hear(alpha.event(attemptId, 'succeeded', { ...more, money: { amountMinor: 1_001, currency: 'EUR' } }));
    await hear(
      alpha.event(attemptId, 'succeeded', {
        ...more,
        partReference: 're_usd',
        money: { amountMinor: 100, currency: 'USD' },
      }),
    );
    assert.deepEqual(await service.wallet(), purse('10.00'));
    assert.deepEqual(await cases(), ['contradictory_final open', 'refund_unmatched open', 'currency_mismatch open']);
  });

  it('between the request and the sending of ours leaves the bounds whole', async () => {
    alpha.refundScript.push({ commit: false, result: NOT_REACHED });
    await refund('30.00');
    await service.pass(10);
    await hear(alpha.dashboardRefund(attemptId, 4_000));
    await service.pass(10 * MINUTE);
    assert.deepEqual(await states(), ['platform 30.00 failed', 'psp 40.00 succeeded']);
    assert.equal((await payment()).refunded, '40.00');
    assert.equal(await balance('psp:alpha'), '-10.00');
    assert.equal(alpha.captured(), 1_000);
  });
});

describe('a part that went back before the payment was credited', () => {
  it('waits for the credit, then debits it', async () => {
    await startUncredited();
    const part = alpha.dashboardRefund(attemptId, 2_000);
    const dispute = alpha.openDispute(attemptId, 1_000);
    await hear(part, dispute);
    assert.deepEqual(await service.wallet(), []);
    await hear(alpha.event(attemptId, 'succeeded'));
    await service.pass(10 * MINUTE);
    assert.deepEqual(await service.wallet(), purse('20.00'));
    assert.deepEqual(await cases(), ['contradictory_final open', 'chargeback open']);
    await stop();
  });
});
