/**
 * Goal: the ledger on real SQL equals a simple model after any sequence of commands, its
 * entries add up to zero, and no balance is ever negative. Method: random commands, few
 * players and few keys, so that repetitions and conflicts are frequent.
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
import { migrate } from './migrate.ts';
import { createDatabase } from './unit.ts';

type Kind = LedgerCommand['kind'];

const command = fc.record({
  kind: fc.constantFrom<Kind>('deposit_credit', 'payout_reserve', 'platform_credit', 'platform_debit'),
  key: fc.nat({ max: 5 }),
  player: fc.constantFrom('ann', 'bob'),
  amountMinor: fc.integer({ min: 1, max: 300 }),
  currency: fc.constantFrom('EUR', 'JPY'),
  /** What becomes of a reservation. */
  end: fc.constantFrom('post', 'void', 'open'),
});

class Model {
  readonly wallets = new Map<string, { available: number; held: number }>();
  readonly done = new Map<string, string>();

  wallet(player: string, currency: string): { available: number; held: number } {
    const id = `${player} ${currency}`;
    const wallet = this.wallets.get(id) ?? { available: 0, held: 0 };
    this.wallets.set(id, wallet);
    return wallet;
  }

  expect(one: LedgerCommand): string {
    const once = one.txnId ?? `${one.paymentId} ${one.kind}`;
    const content = JSON.stringify({ ...one, psp: null });
    const wallet = this.wallet(one.playerId, one.currency);
    const before = this.done.get(once);
    if (before !== undefined) return before === content ? 'already' : 'conflict';
    if ((one.kind === 'payout_reserve' || one.kind === 'platform_debit') && wallet.available < one.amountMinor)
      return 'insufficient_funds';
    this.done.set(once, content);
    const changes: Record<Kind, [number, number]> = {
      deposit_credit: [1, 0],
      platform_credit: [1, 0],
      platform_debit: [-1, 0],
      payout_reserve: [-1, 1],
      payout_post: [0, -1],
      payout_void: [1, -1],
      payout_return: [1, 0],
    };
    const [available, held] = changes[one.kind];
    wallet.available += available * one.amountMinor;
    wallet.held += held * one.amountMinor;
    return 'posted';
  }
}

describe('ledger on PostgreSQL', function () {
  this.timeout(60_000);
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

  it('equals the model after any sequence of commands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        await pglite.reset();
        const model = new Model();
        for (const { kind, key, player, amountMinor, currency, end } of commands) {
          const platform = kind.startsWith('platform');
          const one: LedgerCommand = {
            kind,
            paymentId: `${kind}-${key}`,
            playerId: player,
            amountMinor,
            currency,
            psp: platform ? null : 'alpha',
            txnId: platform ? `txn-${key}` : null,
            idempotencyKey: platform ? `txn-${key}` : null,
          };
          const outcome = await post(one);
          assert.equal(outcome, model.expect(one));
          if (kind !== 'payout_reserve' || outcome !== 'posted' || end === 'open') continue;
          const ending: LedgerCommand = { ...one, kind: end === 'post' ? 'payout_post' : 'payout_void' };
          assert.equal(await post(ending), model.expect(ending));
          assert.equal(await post(ending), 'already');
        }
        await compare(model);
      }),
      { numRuns: 40 },
    );
  });

  async function compare(model: Model): Promise<void> {
    for (const player of ['ann', 'bob']) {
      const expected = ['EUR', 'JPY'].flatMap((currency) => {
        const wallet = model.wallets.get(`${player} ${currency}`);
        return wallet === undefined ? [] : [{ currency, availableMinor: wallet.available, heldMinor: wallet.held }];
      });
      const found = await ledger.wallets(database.autocommit, player);
      const moved = expected.filter(
        ({ currency }) =>
          found.some((one) => one.currency === currency) || model.wallet(player, currency).available !== 0,
      );
      assert.deepEqual(found, moved);
      const entries = await ledger.entries(database.autocommit, player, { after: 0, limit: 1_000 });
      for (const { currency, availableMinor, heldMinor } of found) {
        const sum = (account: string): number =>
          entries
            .filter((entry) => entry.account === account && entry.currency === currency)
            .reduce((total, entry) => total + entry.amountMinor, 0);
        assert.equal(sum(`wallet:${player}`), availableMinor);
        assert.equal(sum(`hold:${player}`), heldMinor);
        assert.ok(availableMinor >= 0 && heldMinor >= 0);
      }
    }
    const balances = await ledger.balances(database.autocommit);
    for (const currency of ['EUR', 'JPY']) {
      assert.equal(
        balances
          .filter((balance) => balance.currency === currency)
          .reduce((sum, { balanceMinor }) => sum + balanceMinor, 0),
        0,
      );
    }
  }

  it('refuses the same transfer a second time even when the code is wrong: the index holds', async () => {
    await pglite.reset();
    const insert = (id: string): Promise<unknown> =>
      pglite.knex.raw(
        `insert into transfer (id, kind, payment_id, player_id, amount_minor, currency, created_at) values (?, 'deposit_credit', 'pay_1', 'ann', 5, 'EUR', 0)`,
        [id],
      );
    await insert('tr_1');
    await assert.rejects(insert('tr_2'), /transfer_payment_kind_once/);
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
