/**
 * Flows of money that goes back, in virtual time over real SQL, with a scripted PSP: refunds that
 * the platform asks for, refunds made at the PSP, and disputes.
 */
import assert from 'node:assert/strict';
import type { PspEvent, RefundPaymentResult } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const TIMED_OUT: RefundPaymentResult = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' };
const REFUSED: RefundPaymentResult = { kind: 'not_reached', requestMayHaveArrived: false, reason: 'refused' };

after(closeSharedDatabase);

let service: VirtualService;
let alpha: FakePsp;
let paymentId: string;
let attemptId: string;

/** A credited deposit of 50.00 EUR. */
async function start(more: ConstructorParameters<typeof FakePsp>[1] = {}, deposit: object = {}): Promise<void> {
  alpha = new FakePsp('alpha', more);
  service = await startVirtualService({ psps: [alpha] });
  paymentId = String((await service.deposit({ ...deposit })).body['payment_id']);
  attemptId = (await service.attempts(paymentId))[0]?.attempt_id ?? '';
  await hear(alpha.event(attemptId, 'succeeded'));
}

async function stop(): Promise<void> {
  const { body } = await service.request('GET', '/v1/ledger/balances');
  const sums = new Map<string, number>();
  for (const one of body['accounts'] as { currency: string; balance: string }[])
    sums.set(one.currency, (sums.get(one.currency) ?? 0) + Number(one.balance.replace('.', '')));
  const errors = service.log.filter((line) => line['level'] === 'error');
  await service.stop();
  for (const [currency, sum] of sums) assert.equal(sum, 0, currency);
  assert.deepEqual(errors, []);
}

async function hear(...events: PspEvent[]): Promise<void> {
  for (const event of events) await service.webhook('alpha', event);
  await service.pass(100);
}

let keys = 0;
const refund = (amount: string, key = `refund-${(keys += 1)}`): Promise<Answered> =>
  service.request('POST', `/v1/payments/${paymentId}/refunds`, { amount }, { 'idempotency-key': key });
const refunds = async (): Promise<{ refund_id: string; status: string; amount: string; origin: string }[]> =>
  (await service.request('GET', `/v1/payments/${paymentId}/refunds`)).body['refunds'] as never;
const states = async (): Promise<string[]> =>
  (await refunds()).map(({ origin, amount, status }) => `${origin} ${amount} ${status}`);
const cases = async (): Promise<string[]> => (await service.cases()).map(({ kind, status }) => `${kind} ${status}`);
const purse = (available: string, held = '0.00') => [{ currency: 'EUR', available, held }];
const payment = async (): Promise<{ status: string; refunded: string; disputed: string }> =>
  (await service.payment(paymentId)) as never;
const balance = async (account: string): Promise<string | undefined> =>
  (
    (await service.request('GET', '/v1/ledger/balances')).body['accounts'] as { account: string; balance: string }[]
  ).find((one) => one.account === account)?.balance;
async function told(like: string): Promise<string[]> {
  const { rows } = await service.knex.raw<{ rows: { type: string }[] }>(
    `select type from outbox where type like '${like}%' order by position`,
  );
  return rows.map(({ type }) => type);
}
async function spend(amount: string): Promise<void> {
  const txnId = `bet-${(keys += 1)}`;
  const { status } = await service.request('POST', '/v1/wallet/debit', {
    player_id: 'player-1',
    payment_id: 'round',
    txn_id: txnId,
    amount,
    currency: 'EUR',
    idempotency_key: txnId,
  });
  assert.equal(status, 200);
}

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
  }).timeout(60_000);

  it('gives the money back in bounded time when the PSP can never be reached', async () => {
    for (let i = 0; i < 500; i += 1) alpha.refundScript.push({ commit: false, result: REFUSED });
    await refund('20.00');
    await service.pass(25 * HOUR);
    assert.deepEqual(await states(), ['platform 20.00 failed']);
    assert.deepEqual(await service.wallet(), purse('50.00'));
  }).timeout(60_000);

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
    alpha.refundScript.push({ commit: false, result: REFUSED });
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
    alpha = new FakePsp('alpha');
    service = await startVirtualService({ psps: [alpha] });
    paymentId = String((await service.deposit()).body['payment_id']);
    attemptId = (await service.attempts(paymentId))[0]?.attempt_id ?? '';
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

describe('a dispute', () => {
  beforeEach(() => start());
  afterEach(stop);
  const disputes = async (): Promise<{ status: string; amount: string; loss: string }[]> =>
    (await service.request('GET', `/v1/disputes?payment_id=${paymentId}`)).body['disputes'] as never;

  it('takes the deposit back, what the wallet lacks is our loss, and won gives both back', async () => {
    await spend('35.00');
    const opened = alpha.openDispute(attemptId);
    await hear(opened, { ...opened, eventId: 'again' });
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.equal(await balance('chargeback_loss'), '-35.00');
    assert.equal(await balance('psp:alpha'), '0.00');
    assert.equal((await payment()).disputed, '50.00');
    assert.deepEqual(
      (await disputes()).map(({ status, amount, loss }) => [status, amount, loss]),
      [['open', '50.00', '35.00']],
    );
    assert.deepEqual(await cases(), ['chargeback open']);
    const won = alpha.endDispute(attemptId, opened.partReference ?? '', 'won');
    await hear(won, { ...won, eventId: 'won-again' }, { ...opened, eventId: 'late' });
    assert.deepEqual(await service.wallet(), purse('15.00'));
    assert.equal(await balance('chargeback_loss'), '0.00');
    assert.equal((await payment()).disputed, '0.00');
    assert.deepEqual(await cases(), ['chargeback resolved']);
    assert.deepEqual(await told('chargeback'), ['chargeback.opened', 'chargeback.won']);
    assert.equal((await refund('15.00')).status, 201);
  });

  it('that is lost stays taken, also when we hear of it before it was opened', async () => {
    const opened = { ...alpha.openDispute(attemptId), occurredAt: 1 };
    const lost = { ...alpha.endDispute(attemptId, opened.partReference ?? '', 'lost'), occurredAt: 2 };
    await hear(lost, opened);
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.deepEqual(
      (await disputes()).map(({ status }) => status),
      ['lost'],
    );
    assert.deepEqual(await cases(), ['chargeback resolved']);
    assert.deepEqual(await told('chargeback'), ['chargeback.lost']);
  });

  it('forbids a refund, and a case says that one was wanted', async () => {
    await hear(alpha.openDispute(attemptId, 1_000));
    const answer = await refund('10.00');
    assert.equal(answer.status, 409);
    assert.equal(answer.body['error'], 'disputed');
    assert.deepEqual(await cases(), ['chargeback open', 'refund_after_chargeback open']);
    assert.equal(alpha.calls.filter((call) => call.startsWith('refund')).length, 0);
  });

  it('after a refund never takes from the wallet what had gone back already', async () => {
    await refund('50.00');
    await service.pass(2_000);
    await service.request('POST', '/v1/wallet/credit', {
      player_id: 'player-1',
      payment_id: 'win',
      txn_id: 'win',
      amount: '80.00',
      currency: 'EUR',
      idempotency_key: 'win',
    });
    const opened = alpha.event(attemptId, 'dispute_opened', { subject: 'dispute', partReference: 'dp_1' });
    await hear(opened);
    assert.deepEqual(await service.wallet(), purse('80.00'));
    assert.equal(await balance('chargeback_loss'), '-50.00');
    assert.deepEqual(await cases(), ['chargeback open', 'refund_after_chargeback open']);
  });

  it('of another amount or currency than the payment changes nothing', async () => {
    const opened = { subject: 'dispute', partReference: 'dp_1' } as const;
    await hear(
      alpha.event(attemptId, 'dispute_opened', { ...opened, money: { amountMinor: 5_001, currency: 'EUR' } }),
      alpha.event(attemptId, 'dispute_opened', { ...opened, money: { amountMinor: 5_000, currency: 'USD' } }),
    );
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.deepEqual(await disputes(), []);
    assert.deepEqual(await cases(), ['amount_mismatch open', 'currency_mismatch open']);
  });
});

describe('the ledger report', () => {
  afterEach(stop);

  it('opens with what the day before closed with, by account and day, as JSON and as CSV, in every currency', async () => {
    await start();
    await service.deposit({ amount: '700', currency: 'JPY', player_id: 'player-2' });
    const yen = [...alpha.books.keys()].at(-1) ?? '';
    await hear(alpha.event(yen, 'succeeded'));
    await service.pass(26 * HOUR);
    await refund('20.00');
    await service.pass(2_000);
    const question = '/v1/ledger/report?from=2026-01-05&to=2026-01-06&account=psp:alpha';
    const lines = (await service.request('GET', question)).body['lines'] as Record<string, string>[];
    assert.deepEqual(
      lines.map((line) => Object.values(line).join(' ')),
      [
        'psp:alpha EUR 2026-01-05 0.00 50.00 0.00 -50.00',
        'psp:alpha EUR 2026-01-06 -50.00 0.00 20.00 -30.00',
        'psp:alpha JPY 2026-01-05 0 700 0 -700',
      ],
    );
    const again = await service.request('GET', question);
    assert.deepEqual(again.body['lines'], lines);
    const chart = (await service.request('GET', '/v1/ledger/report?from=2026-01-06&to=2026-01-06&currency=EUR')).body;
    assert.deepEqual(
      (chart['lines'] as Record<string, string>[]).map(({ account, opening, closing }) => [account, opening, closing]),
      [
        ['hold:*', '0.00', '0.00'],
        ['psp:alpha', '-50.00', '-30.00'],
        ['wallet:*', '50.00', '30.00'],
      ],
    );
    const csv = await service.text(
      '/v1/ledger/report?from=2026-01-05&to=2026-01-05&account=wallet:player-2',
      'text/csv',
    );
    assert.equal(
      csv,
      'account,currency,day,opening,debits,credits,closing\nwallet:player-2,JPY,2026-01-05,0,0,700,700\n',
    );
    for (const wrong of ['from=2026-01-06&to=2026-01-05', 'from=2020-01-01&to=2026-01-05', 'from=x&to=2026-01-05'])
      assert.equal((await service.request('GET', `/v1/ledger/report?${wrong}`)).status, 400, wrong);
  });
});
