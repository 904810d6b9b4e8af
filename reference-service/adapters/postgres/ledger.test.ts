/**
 * Goal: the ledger on real SQL equals a simple model after any sequence of commands, its
 * entries add up to zero, a wallet is the sum of its entries, and no balance of a player is ever
 * negative. Method: random commands, few players and few keys, so that repetitions and conflicts
 * are frequent.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createKeyedIds,
  createManualClock,
  createPassiveActivity,
  createPgliteKnex,
  type PgliteKnex,
} from '../../../kernel/index.ts';
import type { LedgerCommand, LedgerPort } from '../../ports/ledger.ts';
import type { Database } from '../../ports/unit.ts';
import { createLedger } from './ledger.ts';
import { LedgerModel } from './test/ledger-model.ts';
import { migrate } from './migrate.ts';
import { createDatabase } from './unit.ts';

type Kind = LedgerCommand['kind'];

const FIRST_KINDS: Kind[] = [
  'deposit_credit',
  'deposit_refund',
  'refund_reserve',
  'chargeback',
  'chargeback_fee',
  'payout_reserve',
  'payout_surplus',
  'platform_credit',
  'platform_debit',
  'psp_fee',
  'settlement',
  'correction',
];

const ACCOUNTS = ['wallet:ann', 'wallet:bob', 'hold:ann', 'psp:alpha', 'suspense', 'bank', 'chargeback_loss'];

const command = fc.record({
  kind: fc.constantFrom<Kind>('deposit_credit', 'deposit_credit', 'payout_reserve', 'refund_reserve', ...FIRST_KINDS),
  key: fc.nat({ max: 5 }),
  part: fc.constantFrom('', 'a', 'b'),
  player: fc.constantFrom('ann', 'bob'),
  amountMinor: fc.integer({ min: 1, max: 300 }),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  walletLimitMinor: fc.option(fc.integer({ min: -5, max: 300 }), { nil: undefined }),
  from: fc.constantFrom(...ACCOUNTS),
  to: fc.constantFrom(...ACCOUNTS),
  /** What becomes of a reservation, or of money taken back. */
  end: fc.constantFrom('post', 'void', 'open'),
});

const PLATFORM_KINDS: readonly Kind[] = ['platform_credit', 'platform_debit'];
const NOBODYS: readonly Kind[] = ['chargeback_fee', 'psp_fee', 'settlement', 'payout_surplus'];

describe('ledger on PostgreSQL', function () {
  let pglite: PgliteKnex;
  let database: Database;
  let ledger: LedgerPort;

  before(async () => {
    pglite = await createPgliteKnex({ activity: createPassiveActivity() });
    await migrate(pglite.knex);
    database = createDatabase(pglite.knex);
    ledger = createLedger({ clock: createManualClock({ startMs: 0 }), ids: createKeyedIds('ledger') });
  });
  after(() => pglite.close());

  const post = async (one: LedgerCommand): Promise<string> => {
    const [outcome] = await database.transaction((unit) => ledger.post(unit, [one]));
    return outcome?.kind ?? 'nothing';
  };

  it('equals the model after any sequence of commands of every kind', async () => {
    const seen = new Set<Kind>();
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
        await pglite.reset();
        const model = new LedgerModel();
        for (const drawn of commands) {
          const one = commandOf(drawn);
          if (one === null) continue;
          const outcome = await post(one);
          assert.equal(outcome, model.post(one), `${one.kind} ${one.paymentId} ${one.part ?? ''}`);
          seen.add(one.kind);
          const ending = outcome === 'posted' ? endOf(one, drawn.end) : null;
          if (ending === null) continue;
          assert.equal(await post(ending), model.post(ending));
          assert.equal(await post(ending), 'already');
          seen.add(ending.kind);
        }
        await compare(model);
      }),
      { numRuns: 60 },
    );
    assert.ok(seen.size >= 15, `only ${[...seen].join(', ')} were drawn`);
  });

  function commandOf(drawn: typeof command extends fc.Arbitrary<infer T> ? T : never): LedgerCommand | null {
    const { kind, key, part, player, amountMinor, currency, walletLimitMinor, from, to } = drawn;
    const platform = PLATFORM_KINDS.includes(kind);
    const between = kind === 'correction' || kind === 'settlement';
    if (between && from === to) return null;
    const isTaking = kind === 'chargeback' || kind === 'deposit_refund';
    return {
      kind,
      paymentId: `${kind}-${key}`,
      ...(platform ? {} : { part }),
      playerId: NOBODYS.includes(kind) ? null : player,
      // Wallets have something, so that what takes from them is not refused most of the time.
      amountMinor: kind === 'deposit_credit' ? 10 * amountMinor : amountMinor,
      currency,
      psp: platform ? null : 'alpha',
      txnId: platform ? `txn-${key}` : null,
      idempotencyKey: platform ? `txn-${key}` : null,
      ...(between ? { from: kind === 'settlement' ? 'bank' : from, to: kind === 'settlement' ? 'psp:alpha' : to } : {}),
      ...(kind === 'correction' ? { reason: 'a person said so', caseId: 'case_1' } : {}),
      ...(isTaking && walletLimitMinor !== undefined ? { walletLimitMinor } : {}),
    };
  }

  function endOf(one: LedgerCommand, end: 'post' | 'void' | 'open'): LedgerCommand | null {
    const ends: Partial<Record<Kind, { post: Kind; void: Kind }>> = {
      payout_reserve: { post: 'payout_post', void: 'payout_void' },
      refund_reserve: { post: 'refund_post', void: 'refund_void' },
      chargeback: { post: 'chargeback_reversal', void: 'chargeback_reversal' },
      deposit_refund: { post: 'refund_return', void: 'refund_return' },
    };
    const kinds = ends[one.kind];
    if (kinds === undefined || end === 'open') return null;
    const { walletLimitMinor: _, ...rest } = one;
    return { ...rest, kind: kinds[end] };
  }

  async function compare(model: LedgerModel): Promise<void> {
    for (const player of ['ann', 'bob']) {
      const found = await ledger.wallets(database.autocommit, player);
      const entries = await ledger.entries(database.autocommit, player, { after: 0, limit: 1_000 });
      for (const { currency, availableMinor, heldMinor } of found) {
        const sum = (account: string): number =>
          entries
            .filter((entry) => entry.account === account && entry.currency === currency)
            .reduce((total, entry) => total + entry.amountMinor, 0);
        assert.equal(availableMinor, model.balance(`wallet:${player}`, currency));
        assert.equal(heldMinor, model.balance(`hold:${player}`, currency));
        assert.equal(sum(`wallet:${player}`), availableMinor);
        assert.equal(sum(`hold:${player}`), heldMinor);
        assert.ok(availableMinor >= 0 && heldMinor >= 0);
      }
    }
    const balances = await ledger.balances(database.autocommit);
    for (const { account, currency, balanceMinor } of balances)
      assert.equal(balanceMinor, model.balance(account, currency), `${account} ${currency}`);
    for (const [account, currency] of model.accounts())
      assert.ok(balances.some((one) => one.account === account && one.currency === currency));
    for (const currency of ['EUR', 'JPY', 'KWD']) {
      const ofCurrency = balances.filter((balance) => balance.currency === currency);
      assert.equal(
        ofCurrency.reduce((sum, { balanceMinor }) => sum + balanceMinor, 0),
        0,
      );
    }
  }

  it('gives back exactly what a chargeback took, whatever the wallet has by then', async () => {
    await pglite.reset();
    const base = { paymentId: 'pay_1', playerId: 'ann', currency: 'EUR', psp: 'alpha', txnId: null } as const;
    const dispute = { ...base, idempotencyKey: null, part: 'dp_1', amountMinor: 50 };
    await post({ ...base, idempotencyKey: null, kind: 'deposit_credit', amountMinor: 50 });
    await post({ ...base, kind: 'platform_debit', amountMinor: 30, txnId: 'bet', idempotencyKey: 'bet', psp: null });
    const [taken] = await database.transaction((unit) => ledger.post(unit, [{ ...dispute, kind: 'chargeback' }]));
    assert.deepEqual(taken, { kind: 'posted', availableMinor: 0, lossMinor: 30 });
    await post({ ...base, kind: 'platform_credit', amountMinor: 5, txnId: 'win', idempotencyKey: 'win', psp: null });
    const [back] = await database.transaction((unit) =>
      ledger.post(unit, [{ ...dispute, kind: 'chargeback_reversal' }]),
    );
    assert.deepEqual(back, { kind: 'posted', availableMinor: 25, lossMinor: 30 });
    const balances = await ledger.balances(database.autocommit);
    assert.equal(balances.find(({ account }) => account === 'chargeback_loss')?.balanceMinor, 0);
    assert.equal(balances.find(({ account }) => account === 'psp:alpha')?.balanceMinor, -50);
  });

  it('reverses nothing that was not posted', async () => {
    await pglite.reset();
    const reversal = { kind: 'chargeback_reversal', paymentId: 'pay_1', part: 'dp_1', playerId: 'ann' } as const;
    const money = { amountMinor: 50, currency: 'EUR', psp: 'alpha', txnId: null, idempotencyKey: null };
    await assert.rejects(post({ ...reversal, ...money }), /reverses 0, not 50/);
  });

  it('refuses accounts that the chart does not have', async () => {
    const one = { kind: 'correction', paymentId: 'case_1', playerId: null, amountMinor: 5, currency: 'EUR' } as const;
    const rest = { psp: null, txnId: null, idempotencyKey: null, reason: 'because', caseId: 'case_1' };
    await assert.rejects(post({ ...one, ...rest, from: 'suspense', to: 'my pocket' }), /to my pocket/);
    await assert.rejects(post({ ...one, ...rest, from: 'suspense', to: 'suspense' }), /to suspense/);
  });

  const insert = (id: string, more = ''): Promise<unknown> =>
    pglite.knex.raw(
      `insert into transfer (id, kind, payment_id, part, player_id, amount_minor, currency, created_at) values (?, 'deposit_credit', 'pay_1', '${more}', 'ann', 5, 'EUR', 0)`,
      [id],
    );

  it('refuses the same transfer a second time even when the code is wrong: the index holds', async () => {
    await pglite.reset();
    await insert('tr_1');
    await assert.rejects(insert('tr_2'), /transfer_payment_kind_once/);
    await insert('tr_3', 'another part');
    await assert.rejects(insert('tr_4', 'another part'), /transfer_payment_kind_once/);
  });

  it('never changes or drops a transfer or an entry', async () => {
    await pglite.reset();
    await insert('tr_1');
    await pglite.knex.raw(
      `insert into entry (transfer_id, account, amount_minor, currency, created_at) values ('tr_1', 'psp:alpha', -5, 'EUR', 0), ('tr_1', 'wallet:ann', 5, 'EUR', 0)`,
    );
    for (const change of [
      'update transfer set amount_minor = 6',
      'delete from transfer',
      'update entry set amount_minor = 6',
    ])
      await assert.rejects(pglite.knex.raw(change), /never changed/, change);
    await assert.rejects(
      pglite.knex.raw(
        `insert into entry (transfer_id, account, amount_minor, currency, created_at) values ('tr_1', 'psp:alpha', -5, 'EUR', 0), ('tr_1', 'wallet:ann', 5, 'JPY', 0)`,
      ),
      /do not add up to zero/,
    );
  });

  it('never commits a wallet below zero', async () => {
    await pglite.reset();
    await assert.rejects(
      pglite.knex.raw(
        `insert into wallet (player_id, currency, available_minor, held_minor, updated_at) values ('ann', 'EUR', -1, 0, 0)`,
      ),
      /wallet_available_not_negative/,
    );
  });

  it('is migrated again without a change, and says so when the version is another one', async () => {
    await migrate(pglite.knex);
    await pglite.knex.raw(
      `create or replace function service_schema_version() returns int language sql immutable as 'select 999'`,
    );
    await assert.rejects(migrate(pglite.knex), /schema version 999/);
    await pglite.knex.raw(
      `create or replace function service_schema_version() returns int language sql immutable as 'select 1'`,
    );
  });
});
