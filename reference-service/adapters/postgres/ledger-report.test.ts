/**
 * Goal: a report says what adding up all entries by hand says, whenever it is asked and however
 * often days were closed before. Method: credits at random times over a week, reports in between.
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
import type { ReportQuestion } from '../../ports/ledger.ts';
import { createLedger } from './ledger.ts';
import { migrate } from './migrate.ts';
import { createDatabase } from './unit.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const step = fc.record({
  hours: fc.integer({ min: 0, max: 30 }),
  asks: fc.boolean(),
  currency: fc.constantFrom('EUR', 'JPY'),
  player: fc.constantFrom('ann', 'bob'),
  amountMinor: fc.integer({ min: 1, max: 500 }),
  fromDay: fc.nat({ max: 7 }),
  days: fc.nat({ max: 7 }),
  account: fc.constantFrom(null, 'psp:alpha', 'wallet:ann', 'wallet:*'),
  ofCurrency: fc.constantFrom(null, 'EUR', 'JPY'),
});

interface Posted {
  account: string;
  currency: string;
  day: number;
  amountMinor: number;
}

function byHand(posted: readonly Posted[], { fromDay, toDay, account, currency }: ReportQuestion): string[] {
  const named = (one: Posted): string =>
    (account === null || account.endsWith('*')) && one.account.startsWith('wallet:') ? 'wallet:*' : one.account;
  const asked = posted.filter(
    (one) => (account === null || named(one) === account) && (currency === null || one.currency === currency),
  );
  const keys = new Set(asked.map((one) => `${named(one)} ${one.currency} ${one.day}`));
  return [...keys]
    .map((key) => {
      const [name, money, day] = key.split(' ') as [string, string, string];
      const own = asked.filter((one) => named(one) === name && one.currency === money);
      const sum = (of: readonly Posted[]): number => of.reduce((total, one) => total + one.amountMinor, 0);
      const today = own.filter((one) => one.day === Number(day));
      return {
        day: Number(day),
        text: [
          key,
          sum(own.filter((one) => one.day < Number(day))),
          -sum(today.filter(({ amountMinor }) => amountMinor < 0)) + 0,
          sum(today.filter(({ amountMinor }) => amountMinor > 0)),
          sum(own.filter((one) => one.day <= Number(day))),
        ].join(' '),
      };
    })
    .filter(({ day }) => day >= fromDay && day <= toDay)
    .map(({ text }) => text)
    .sort();
}

describe('ledger report', function () {
  let pglite: PgliteKnex;
  before(async () => {
    pglite = await createPgliteKnex({ activity: createPassiveActivity() });
    await migrate(pglite.knex);
  });
  after(() => pglite.close());

  it('says what adding up by hand says, whenever it is asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        await pglite.reset();
        let nowMs = 0;
        const posted: Posted[] = [];
        for (const [n, one] of steps.entries()) {
          nowMs += one.hours * HOUR;
          const database = createDatabase(pglite.knex);
          const ids = createKeyedIds(`report-${n}`);
          const ledger = createLedger({ clock: createManualClock({ startMs: nowMs }), ids });
          const { player: playerId, amountMinor, currency } = one;
          const money = { playerId, amountMinor, currency, psp: 'alpha', txnId: null, idempotencyKey: null };
          await database.transaction((unit) =>
            ledger.post(unit, [{ ...money, kind: 'deposit_credit', paymentId: `pay_${n}` }]),
          );
          const day = Math.floor(nowMs / DAY);
          posted.push({ account: 'psp:alpha', currency, day, amountMinor: -amountMinor });
          posted.push({ account: `wallet:${playerId}`, currency, day, amountMinor });
          if (!one.asks && n < steps.length - 1) continue;
          const question: ReportQuestion = {
            fromDay: one.fromDay,
            toDay: one.fromDay + one.days,
            account: one.account,
            currency: one.ofCurrency,
          };
          const lines = await database.transaction((unit) => ledger.report(unit, question));
          const found = lines.map((line) =>
            [
              `${line.account} ${line.currency} ${line.day}`,
              line.openingMinor,
              line.debitsMinor,
              line.creditsMinor,
              line.closingMinor,
            ].join(' '),
          );
          assert.deepEqual(found.sort(), byHand(posted, question));
        }
      }),
      { numRuns: 60 },
    );
  });
});
