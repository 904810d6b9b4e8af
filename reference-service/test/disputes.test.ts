/**
 * Flows of disputes and the ledger report that shows them, in virtual time over real SQL, with a
 * scripted PSP.
 */
import assert from 'node:assert/strict';
import {
  alpha,
  attemptId,
  balance,
  cases,
  hear,
  payment,
  paymentId,
  purse,
  refund,
  service,
  spend,
  start,
  stop,
  told,
} from './money-back-stage.ts';
import { TIMED_OUT } from './no-answer.ts';
import { closeSharedDatabase } from './virtual-service.ts';

const HOUR = 3_600_000;

after(closeSharedDatabase);

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

  it('leaves what is reserved for a refund alone: both together take no more than the deposit gave', async () => {
    const won = { txn_id: 'won', payment_id: 'won', idempotency_key: 'won', player_id: 'player-1', currency: 'EUR' };
    await service.request('POST', '/v1/wallet/credit', { ...won, amount: '50.00' });
    alpha.refundScript.push({ commit: true, result: TIMED_OUT }, { commit: false, result: TIMED_OUT });
    await refund('20.00');
    await service.pass(10);
    assert.deepEqual(await service.wallet(), purse('80.00', '20.00'));
    await hear(alpha.openDispute(attemptId, 5_000));
    assert.deepEqual(await service.wallet(), purse('50.00', '20.00'));
    assert.equal(await balance('chargeback_loss'), '-20.00');
    assert.deepEqual(await cases(), ['chargeback open', 'refund_after_chargeback open']);
    await service.pass(HOUR);
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.equal((await payment()).refunded, '20.00');
  });

  it('is paid by the wallet after all when the refund that was reserved is not given back', async () => {
    const won = { txn_id: 'won', payment_id: 'won', idempotency_key: 'won', player_id: 'player-1', currency: 'EUR' };
    await service.request('POST', '/v1/wallet/credit', { ...won, amount: '50.00' });
    alpha.refundScript.push(
      { commit: false, result: TIMED_OUT },
      { commit: false, result: { kind: 'rejected', reason: 'the payment is disputed' } },
    );
    await refund('20.00');
    await service.pass(10);
    const opened = alpha.openDispute(attemptId);
    await hear(opened);
    assert.deepEqual(await service.wallet(), purse('50.00', '20.00'));
    assert.equal(await balance('chargeback_loss'), '-20.00');
    await service.pass(HOUR);
    assert.deepEqual(await service.wallet(), purse('50.00'));
    assert.equal(await balance('chargeback_loss'), '0.00');
    assert.deepEqual(
      (await disputes()).map(({ status, amount, loss }) => [status, amount, loss]),
      [['open', '50.00', '0.00']],
    );
    await hear(alpha.endDispute(attemptId, opened.partReference ?? '', 'won'));
    assert.deepEqual(await service.wallet(), purse('100.00'));
  });

  it('takes no more than the refund that came back, whatever the wallet has won since', async () => {
    await refund('20.00');
    await service.pass(2_000);
    const [done] = alpha.books.get(attemptId)?.refunds?.values() ?? [];
    await spend('25.00');
    await hear(alpha.openDispute(attemptId, 5_000));
    assert.deepEqual(await service.wallet(), purse('0.00'));
    assert.equal(await balance('chargeback_loss'), '-45.00');
    const won = { txn_id: 'won', payment_id: 'won', idempotency_key: 'won', player_id: 'player-1', currency: 'EUR' };
    await service.request('POST', '/v1/wallet/credit', { ...won, amount: '80.00' });
    await hear(alpha.failRefund(attemptId, done?.partReference ?? ''));
    assert.deepEqual(await service.wallet(), purse('80.00'));
    assert.equal(await balance('chargeback_loss'), '-25.00');
    assert.equal(await balance('psp:alpha'), '0.00');
  });

  it('takes only what of the refund came back to the wallet, not what we had borne of it', async () => {
    await spend('35.00');
    const done = alpha.dashboardRefund(attemptId, 2_000);
    await hear(done, alpha.openDispute(attemptId, 5_000));
    assert.equal(await balance('chargeback_loss'), '-55.00');
    const won = { txn_id: 'won', payment_id: 'won', idempotency_key: 'won', player_id: 'player-1', currency: 'EUR' };
    await service.request('POST', '/v1/wallet/credit', { ...won, amount: '80.00' });
    await hear(alpha.failRefund(attemptId, done.partReference ?? ''));
    assert.deepEqual(await service.wallet(), purse('80.00'));
    assert.equal(await balance('chargeback_loss'), '-35.00');
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
