/**
 * Goal: what is decided outside of a transaction is written only if it still stands on the truth,
 * all of it or nothing, and everything that a plan does not know happens in a transaction.
 * Method: a deposit is changed by somebody else between what was read and what is committed.
 */
import assert from 'node:assert/strict';
import { createKeyedIds, createManualClock, createPassiveActivity, createPgliteKnex } from '../../../kernel/index.ts';
import type { PgliteKnex } from '../../../kernel/index.ts';
import type { Attempt, Payment } from '../../domain/deposit.ts';
import type { Decision } from '../../domain/routing/decide.ts';
import type { KnownDeposit } from '../../ports/known.ts';
import type { PspEvent } from '../../ports/psp-adapter.ts';
import type { Database, Unit } from '../../ports/unit.ts';
import { someAttempt, somePayment } from '../../domain/test-deposits.ts';
import { attemptStore, depositStore } from './deposit-store.ts';
import { inbox } from './inbox.ts';
import { keyStore } from './key-store.ts';
import { createLedger } from './ledger.ts';
import { migrate } from './migrate.ts';
import { planOf } from './plan.ts';
import { createDatabase } from './unit.ts';

const AT_FIRST = { createdAt: 1_000, updatedAt: 1_000 };
const PAYMENT = somePayment({ ...AT_FIRST, playerId: 'ann', country: 'DE', expiresAt: 9_000, nextStepAt: 2_000 });
const ATTEMPT = someAttempt({ ...AT_FIRST, returnQuery: { MD: 'x' }, sentAt: 1_000, statusSince: 1_000 });

const CLAIM = { scope: 'test', key: 'k1', fingerprint: 'f', nowMs: 1_000, lockedUntilMs: 2_000, expiresAtMs: 9_000 };

const EVENT: PspEvent = {
  eventId: 'evt_1',
  subject: 'payment',
  outcome: 'succeeded',
  reference: 'att_1',
  pspReference: 'apay_1',
  type: 'payment.captured',
  money: { amountMinor: 5_000, currency: 'EUR' },
  code: null,
  occurredAt: 1_500,
};

const CREDITED: Payment = {
  ...PAYMENT,
  status: 'succeeded',
  creditedAttemptId: 'att_1',
  creditedAt: 3_000,
  creditedMinor: 5_000,
  nextStepAt: null,
};
const APPROVED: Attempt = { ...ATTEMPT, status: 'approved', pspReference: 'apay_1', returnQuery: null };

describe('a decision outside of a transaction', function () {
  let pglite: PgliteKnex;
  let database: Database;
  let known: KnownDeposit;
  const ledger = createLedger({ clock: createManualClock({ startMs: 3_000 }), ids: createKeyedIds('decide') });

  before(async () => {
    pglite = await createPgliteKnex({ activity: createPassiveActivity() });
    await migrate(pglite.knex);
    database = createDatabase(pglite.knex);
  });
  after(() => pglite.close());

  beforeEach(async () => {
    await pglite.reset();
    const decision: Decision = {
      operation: 'authorize',
      subjectId: 'pay_1',
      decidedAtMs: 1_000,
      psp: 'alpha',
      segment: 'card|DE|EUR',
      rule: null,
      level: 'normal',
      ranked: [],
      rejected: [],
    };
    const route = { decision, sessionKey: null, seq: 1, attemptId: 'att_1' };
    const first = { attempt: ATTEMPT, route };
    const started = await depositStore.start(database.autocommit, CLAIM, PAYMENT, first, { unlessGuarded: true });
    assert.equal(started.kind, 'started');
    if (started.kind === 'started') known = { payment: PAYMENT, attempt: ATTEMPT, versions: started.versions };
    const message = { psp: 'alpha', event: EVENT, rawBody: Buffer.from('raw ÿ'), headers: {}, receivedAt: 1_600 };
    assert.equal(await inbox.store(database.autocommit, message), 'stored');
    assert.equal(await inbox.store(database.autocommit, message), 'duplicate');
  });

  /** Says, for each time that it ran, whether it was a plan. */
  const credit = (runs: boolean[], more?: (unit: Unit) => Promise<void>) => async (unit: Unit) => {
    runs.push(planOf(unit) !== null);
    const stored = await inbox.take(unit, { psp: 'alpha', eventId: 'evt_1' });
    const found = await depositStore.lock(unit, 'pay_1');
    if (stored === null || found?.payment.status !== 'pending') return 'nothing';
    await more?.(unit);
    const { id: paymentId, playerId, amountMinor, currency } = PAYMENT;
    const money = { paymentId, playerId, amountMinor, currency, psp: 'alpha', txnId: null, idempotencyKey: null };
    const [outcome] = await ledger.post(unit, [{ kind: 'deposit_credit', ...money }]);
    await attemptStore.save(unit, APPROVED);
    await depositStore.save(unit, CREDITED);
    await keyStore.complete(unit, 'test', 'k1', { status: 201, body: null });
    await inbox.finish(unit, { psp: 'alpha', eventId: 'evt_1' }, 'applied');
    return outcome?.kind;
  };
  const decideEvent = (work: (unit: Unit) => Promise<unknown>) =>
    database.decide({ waiting: { psp: 'alpha', eventId: 'evt_1' } }, work);
  const available = async (): Promise<number> =>
    (await ledger.wallets(database.autocommit, 'ann'))[0]?.availableMinor ?? 0;

  it('writes everything at once, and what is read afterwards is what was decided', async () => {
    const runs: boolean[] = [];
    const tasks: string[] = [];
    const work = credit(runs, (unit) => {
      unit.afterCommit(() => tasks.push('told'));
      return Promise.resolve();
    });
    assert.equal(await decideEvent(work), 'posted');
    assert.deepEqual([runs, tasks], [[true], ['told']]);
    assert.deepEqual(await depositStore.find(database.autocommit, 'pay_1'), {
      payment: CREDITED,
      attempts: [APPROVED],
    });
    assert.equal(await available(), 5_000);
    assert.equal((await keyStore.find(database.autocommit, 'test', 'k1'))?.responseStatus, 201);
    const [row] = (
      await pglite.knex.raw<{ rows: object[] }>('select status, outcome, next_step_at, raw_body from inbox')
    ).rows;
    assert.deepEqual(row, { status: 'done', outcome: 'applied', next_step_at: null, raw_body: Buffer.from('raw ÿ') });
    const { rows } = await pglite.knex.raw<{ rows: object[] }>(
      'select account, amount_minor::int as amount from entry order by id',
    );
    assert.deepEqual(rows, [
      { account: 'psp:alpha', amount: -5_000 },
      { account: 'wallet:ann', amount: 5_000 },
    ]);
  });

  for (const [what, change] of [
    ['payment', `update payment set next_step_at = 2500`],
    ['attempt', `update attempt set checks = 1`],
    ['event', `update inbox set status = 'dead'`],
  ] as const) {
    it(`is made anew, in a transaction, when the ${what} has changed since it was read`, async () => {
      const runs: boolean[] = [];
      let isFirst = true;
      await decideEvent(
        credit(runs, async () => {
          if (isFirst) await pglite.knex.raw(change);
          isFirst = false;
        }),
      );
      assert.deepEqual(runs, [true, false]);
      // An event that is dead is not taken any more; else it is credited once.
      assert.equal(await available(), what === 'event' ? 0 : 5_000);
      const { rows } = await pglite.knex.raw<{ rows: unknown[] }>('select 1 from transfer');
      assert.equal(rows.length, what === 'event' ? 0 : 1);
    });
  }

  it('credits nothing that was credited before, whatever the payment says', async () => {
    const runs: boolean[] = [];
    const { id: paymentId, playerId, amountMinor, currency } = PAYMENT;
    const money = { paymentId, playerId, amountMinor, currency, psp: 'alpha', txnId: null, idempotencyKey: null };
    await database.transaction((unit) => ledger.post(unit, [{ kind: 'deposit_credit', ...money }]));
    assert.equal(await decideEvent(credit(runs)), 'already');
    assert.deepEqual(runs, [true, false]);
    assert.equal(await available(), 5_000);
  });

  it('is left to a transaction when the work asks for anything else, even when nobody hears of it', async () => {
    const runs: boolean[] = [];
    const work = credit(runs, async (unit) => {
      await keyStore.find(unit, 'test', 'k1').catch(() => null);
    });
    assert.equal(await decideEvent(work), 'posted');
    assert.deepEqual(runs, [true, false]);
    assert.equal(await available(), 5_000);
  });

  it('starts from what was stored just before, without reading it', async () => {
    const answered: Attempt = { ...ATTEMPT, pspReference: 'apay_1' };
    const learn = async (unit: Unit): Promise<boolean> => {
      await attemptStore.save(unit, answered);
      await depositStore.save(unit, { ...PAYMENT, nextStepAt: 4_000 });
      return planOf(unit) !== null;
    };
    assert.equal(await database.decide({ deposit: known }, learn), true);
    // The same start again is stale: the rows have changed.
    assert.equal(await database.decide({ deposit: known }, learn), false);
    const found = await depositStore.find(database.autocommit, 'pay_1');
    assert.deepEqual(found?.attempts, [answered]);
  });

  describe('together with the event that it is about', () => {
    const arriving = { psp: 'alpha', event: { ...EVENT, eventId: 'evt_2' }, rawBody: Buffer.from('x'), headers: {} };
    const message = { ...arriving, receivedAt: 1_700, leftUntil: 6_700 };
    const key = { psp: 'alpha', eventId: 'evt_2' };
    let sharing: Database;

    before(() => {
      sharing = createDatabase(pglite.knex, { batching: true });
    });

    const storeAndCredit = async (unit: Unit): Promise<string | null> => {
      if ((await inbox.store(unit, message)) !== 'stored') return null;
      const { id: paymentId, playerId, amountMinor, currency } = PAYMENT;
      const money = { paymentId, playerId, amountMinor, currency, psp: 'alpha', txnId: null, idempotencyKey: null };
      await ledger.post(unit, [{ kind: 'deposit_credit', ...money }]);
      await attemptStore.save(unit, APPROVED);
      await depositStore.save(unit, CREDITED);
      await inbox.finish(unit, key, 'applied');
      return 'credited';
    };
    const events = async (): Promise<unknown[]> =>
      (await pglite.knex.raw<{ rows: unknown[] }>(`select status, outcome from inbox where event_id = 'evt_2'`)).rows;

    it('is one commit where commits are shared', async () => {
      assert.equal(await sharing.decideAtOnce(known, storeAndCredit), 'credited');
      assert.deepEqual(await events(), [{ status: 'done', outcome: 'applied' }]);
      assert.equal(await available(), 5_000);
      assert.equal(await inbox.store(database.autocommit, message), 'duplicate');
    });

    it('knows the versions that an earlier decision has left', async () => {
      let left: KnownDeposit = known;
      const answer = (unit: Unit): Promise<void> =>
        attemptStore.save(unit, { ...ATTEMPT, pspReference: 'apay_1' }).then(() => depositStore.save(unit, PAYMENT));
      await sharing.decide({ deposit: known, left: (now) => (left = now) }, answer);
      assert.equal(await sharing.decideAtOnce(known, storeAndCredit), null, 'what was known before is out of date');
      assert.equal(left.attempt.pspReference, 'apay_1');
      assert.equal(await sharing.decideAtOnce(left, storeAndCredit), 'credited');
    });

    for (const [what, change] of [
      ['the payment has changed', `update payment set next_step_at = 2500`],
      ['the attempt has changed', `update attempt set checks = 1`],
      ['the event was stored before', `update inbox set event_id = 'evt_2'`],
    ] as const) {
      it(`writes nothing when ${what}`, async () => {
        await pglite.knex.raw(change);
        const before = await events();
        assert.equal(await sharing.decideAtOnce(known, storeAndCredit), null);
        assert.deepEqual(await events(), before);
        assert.equal(await available(), 0);
      });
    }

    it('writes nothing when the work asks for more, fails, or does not want it', async () => {
      const asks = (unit: Unit): Promise<unknown> => storeAndCredit(unit).then(() => keyStore.find(unit, 'test', 'k1'));
      const fails = (unit: Unit): Promise<never> =>
        storeAndCredit(unit).then(() => Promise.reject(new Error('the story failed')));
      const leaves = (unit: Unit): Promise<null> => storeAndCredit(unit).then(() => null);
      for (const work of [asks, fails, leaves]) assert.equal(await sharing.decideAtOnce(known, work), null);
      assert.deepEqual(await events(), []);
      assert.equal(await available(), 0);
    });

    it('is left to two commits where commits are not shared', async () => {
      assert.equal(await database.decideAtOnce(known, storeAndCredit), null);
      assert.deepEqual(await events(), []);
    });
  });

  it('does nothing of what failed', async () => {
    const failing = credit([], () => Promise.reject(new Error('the story failed')));
    await assert.rejects(decideEvent(failing), /the story failed/);
    assert.equal(await available(), 0);
    assert.equal((await depositStore.find(database.autocommit, 'pay_1'))?.payment.status, 'pending');
  });
});
