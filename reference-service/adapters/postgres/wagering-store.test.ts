/**
 * What must still be wagered, by SQL, against the rule written down as a loop.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createPassiveActivity,
  createKeyedIds,
  createManualClock,
  createPgliteKnex,
  type PgliteKnex,
} from '../../../kernel/index.ts';
import type { TransferKind } from '../../ports/ledger.ts';
import { createLedger } from './ledger.ts';
import { migrate } from './migrate.ts';
import { createDatabase } from './unit.ts';
import { wageringStore } from './wagering-store.ts';

const PLAYER = 'player-1';

/** Kinds whose amounts ask for wagers (1) or no longer do (-1), by the wallet's side. */
const DEPOSITS: Partial<Record<TransferKind, 1 | -1>> = {
  deposit_credit: 1,
  refund_reserve: -1,
  refund_void: 1,
  chargeback: -1,
  chargeback_reversal: 1,
};
const STEPS = [
  ...['deposit_credit', 'deposit_credit', 'platform_debit', 'platform_debit', 'platform_debit', 'platform_credit'],
  ...['refund_reserve', 'refund_void', 'chargeback', 'round_rollback', 'payout_reserve', 'bonus'],
] as (TransferKind | 'bonus')[];

describe('wagering', function () {
  let pglite: PgliteKnex;

  before(async () => {
    pglite = await createPgliteKnex({ activity: createPassiveActivity() });
    await migrate(pglite.knex);
  });
  after(() => pglite.close());

  it('is what remains open when deposits ask, bets reduce, and a payout that is let through ends it', async () => {
    const step = fc.record({
      kind: fc.constantFrom(...STEPS),
      amount: fc.integer({ min: 1, max: 100 }),
      other: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.constantFrom(0, 0.5, 1, 3), async (steps, factor) => {
        await pglite.reset();
        const database = createDatabase(pglite.knex);
        const ledger = createLedger({ clock: createManualClock({ startMs: 0 }), ids: createKeyedIds('wagering') });
        const unit = database.autocommit;
        let open = 0;
        const held = { ours: 0, others: 0 };
        for (const [index, { kind, amount, other }] of [
          { kind: 'platform_credit' as const, amount: 10_000, other: false },
          ...steps,
        ].entries()) {
          const whose = other ? 'others' : 'ours';
          if (kind === 'refund_void' && held[whose] < amount) continue;
          // Another currency and another player must not matter.
          const currency = other ? 'SEK' : 'EUR';
          if (kind === 'bonus') {
            const requirement = { reference: `bonus-${index}`, currency, amountMinor: amount };
            assert.equal(await wageringStore.require(unit, PLAYER, requirement, index), true);
            assert.equal(await wageringStore.require(unit, PLAYER, requirement, index + 1), true);
            assert.equal(
              await wageringStore.require(unit, PLAYER, { ...requirement, amountMinor: amount + 1 }, index),
              false,
            );
            if (!other) open += amount;
            continue;
          }
          const isPlatforms = kind.startsWith('platform') || kind === 'round_rollback';
          const [outcome] = await database.transaction((transaction) =>
            ledger.post(transaction, [
              {
                kind,
                paymentId: `p-${index}`,
                part: `part-${index}`,
                playerId: other ? 'player-2' : PLAYER,
                amountMinor: amount,
                currency: 'EUR',
                psp: 'alpha',
                txnId: isPlatforms ? `t-${index}` : null,
                idempotencyKey: isPlatforms ? `t-${index}` : null,
              },
            ]),
          );
          if (outcome?.kind !== 'posted') continue;
          if (kind === 'refund_reserve' || kind === 'payout_reserve') held[whose] += amount;
          if (kind === 'refund_void') held[whose] -= amount;
          if (other) continue;
          const sign = DEPOSITS[kind];
          if (sign !== undefined) open = Math.max(0, open + sign * factor * amount);
          if (kind === 'platform_debit') open = Math.max(0, open - amount);
          if (kind === 'round_rollback') open += amount;
          if (kind === 'payout_reserve') open = 0;
        }
        assert.equal(await wageringStore.outstanding(unit, PLAYER, 'EUR', factor), Math.ceil(open));
      }),
      { numRuns: 30 },
    );
  });
});
