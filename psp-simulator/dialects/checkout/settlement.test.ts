/**
 * Goal: Checkout.com's settlement data equals the books to the last minor unit. Random lives of a
 * bank are settled, and what the files say is read back by parsers that are not this project's.
 */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import type { Command } from '../../test/random-books.ts';
import type { PspContext } from '../dialect.ts';
import type { FinancialAction } from './financial-actions.ts';
import { checkout } from './index.ts';

type Row = Record<string, string>;

/** Decimals by hand, so that the dialect's own table cannot hide a mistake. */
const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, GBP: 2, JPY: 0 };

function minor(text: string, currency: string): number {
  const value = Number(text) * 10 ** (DECIMALS[currency] ?? 2);
  assert.ok(Math.abs(value - Math.round(value)) < 1e-6, `${text} ${currency} has too many decimals`);
  return Math.round(value);
}

interface Settled {
  batches: readonly SettlementBatch[];
  psp: PspContext;
}

function settle(life: readonly Command[], currency: string | null): Settled {
  const world = openWorld(checkout.bankRules);
  const terms = {
    ...checkout.settlement.terms,
    currency,
    exchangeRates: { GBP: '1.1734', JPY: '0.0061' },
    reserveBasisPoints: 500,
    reserveMs: 1_000,
    disputeFeeReturned: true,
  };
  const account = new SettlementAccount({
    psp: 'checkout',
    clock: { now: () => world.clock.nowMs },
    terms: () => terms,
  });
  const made = (['EUR', 'GBP', 'JPY'] as const).map((each, n): Command => ({
    kind: 'create',
    n,
    currency: each,
    part: 1,
    manual: n === 2,
  }));
  for (const step of [...made, ...life]) {
    const before = world.changes.length;
    problemOf(() => {
      run(world, step);
    });
    for (const change of world.changes.slice(before)) account.follow(change);
    world.clock.nowMs += 3_600_000;
  }
  account.closeNow();
  const psp = { name: 'checkout', url: '', bank: world.bank, credentials: checkout.credentials('checkout') };
  return { batches: account.batches(), psp: psp as unknown as PspContext };
}

function filesOf(batch: SettlementBatch, psp: PspContext): { actions: FinancialAction[]; rows: Row[]; payout: Row } {
  const files = checkout.settlement.files(batch, psp);
  const body = (pattern: RegExp): string => files.find(({ name }) => pattern.test(name))?.body ?? '';
  return {
    actions: (JSON.parse(body(/^financial-actions.*json$/)) as { data: FinancialAction[] }).data,
    rows: parse(body(/^financial-actions.*csv$/), { columns: true }),
    payout: (parse(body(/^payouts.*csv$/), { columns: true }) as Row[])[0] ?? {},
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('settlement of the checkout dialect', () => {
  it('tells each line and each batch to the last minor unit', () => {
    let batchesSeen = 0;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), fc.constantFrom(null, 'EUR'), (life, currency) => {
        const { batches, psp } = settle(life, currency);
        for (const batch of batches) {
          batchesSeen += 1;
          const { actions, rows, payout } = filesOf(batch, psp);
          const moved = actions.map((action) =>
            sum(action.breakdown.map((part) => minor(String(part.holding_currency_amount), part.holding_currency))),
          );
          assert.deepEqual(
            moved,
            batch.lines.map((line) => line.netMinor),
          );
          assert.equal(
            sum(rows.map((row) => minor(row['Holding Currency Amount'] ?? '', batch.currency))),
            batch.netMinor,
          );
          const gross = actions.map((action) => action.breakdown[0]);
          assert.deepEqual(
            gross.map((part) => minor(String(part?.processing_currency_amount), part?.processing_currency ?? '')),
            batch.lines.map((line) => line.grossMinor),
          );
          const parts = Object.entries(payout).filter(([name]) => PARTS.includes(name));
          assert.equal(parts.length, PARTS.length);
          assert.equal(sum(parts.map(([, value]) => minor(value, batch.currency))), batch.netMinor);
          assert.equal(minor(payout['Payout Amount'] ?? '', batch.currency), batch.transferMinor);
        }
      }),
      { numRuns: 60 },
    );
    assert.ok(batchesSeen > 60, `only ${batchesSeen} batches`);
  });
});

const PARTS = [
  'Payments',
  'Refunds',
  'Chargebacks',
  'Pay To Cards',
  'Interchange Fees',
  'Scheme Fees',
  'Premium Fees',
  'Gateway Fees',
  'Adjustments',
  'Rolling Reserve',
];
