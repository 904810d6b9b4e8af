/**
 * Goal: Adyen's settlement details report equals the books to the last minor unit. Random lives of
 * a bank are settled, and the file is read back by a parser that is not this project's.
 */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run, type Command } from '../../test/random-books.ts';
import type { PspContext } from '../dialect.ts';
import { adyen } from './index.ts';

type Row = Record<string, string>;

/** Decimals by hand, so that the simulator's own table cannot hide a mistake. */
const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, GBP: 2, JPY: 0 };

const HEADER =
  'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,Modification Merchant Reference,Batch Number,Reserved4,Reserved5,Reserved6,Reserved7,Reserved8,Reserved9,Reserved10';

function minor(text: string, currency: string): number {
  const [, fraction = ''] = text.split('.');
  const decimals = DECIMALS[currency] ?? 2;
  assert.ok(text === '' || fraction.length === decimals, `${text} ${currency}`);
  return Math.round(Number(text) * 10 ** decimals);
}

function net(row: Row): number {
  const currency = row['Net Currency'] ?? '';
  return minor(row['Net Credit (NC)'] ?? '', currency) - minor(row['Net Debit (NC)'] ?? '', currency);
}

function gross(row: Row): number {
  const currency = row['Gross Currency'] ?? '';
  return minor(row['Gross Credit (GC)'] ?? '', currency) - minor(row['Gross Debit (GC)'] ?? '', currency);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface Settled {
  batches: readonly SettlementBatch[];
  psp: PspContext;
}

/** Batches that consist of a payout alone, one after the other: the loss is carried over. */
const LOSSES = [0, 1, 2].flatMap((n): Command[] => {
  const payout = { n, currency: 'EUR', part: 6_000, manual: true } as const;
  return [
    { ...payout, kind: 'payout' },
    { ...payout, kind: 'pay-out' },
  ];
});

function settle(life: readonly Command[], currency: string | null): Settled {
  const world = openWorld(adyen.bankRules);
  const changed = {
    currency,
    exchangeRates: { GBP: '1.1734', JPY: '0.0061' },
    reserveBasisPoints: 500,
    reserveMs: 1_000,
    disputeFeeReturned: true,
  };
  const terms = { ...adyen.settlement.terms, ...changed };
  const account = new SettlementAccount({
    psp: 'adyen',
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
  for (const step of [...made, ...life, ...LOSSES]) {
    const before = world.changes.length;
    problemOf(() => {
      run(world, step);
    });
    for (const change of world.changes.slice(before)) account.follow(change);
    world.clock.nowMs += 3_600_000;
    if (step.kind === 'pay-out') account.closeNow();
  }
  account.closeNow();
  const psp = {
    name: 'adyen',
    url: 'http://psp',
    bank: world.bank,
    credentials: adyen.credentials('adyen'),
    profile: { ...adyen.profile, settlement: changed },
    settlementBatches: () => account.batches(),
  };
  return { batches: account.batches(), psp: psp as unknown as PspContext };
}

describe('settlement of the adyen dialect', () => {
  it('tells each line and each batch to the last minor unit, and leaves nothing over', () => {
    let batchesSeen = 0;
    let lossesSeen = 0;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), fc.constantFrom(null, 'EUR'), (life, currency) => {
        const { batches, psp } = settle(life, currency);
        for (const batch of batches) {
          batchesSeen += 1;
          if (batch.carriedMinor !== 0) lossesSeen += 1;
          const [file] = adyen.settlement.files(batch, psp);
          assert.equal(file?.body.split('\n')[0], HEADER);
          const rows: Row[] = parse(file.body, { columns: true });
          const lines = rows.filter(({ Type }) => Type !== 'MerchantPayout' && Type !== 'Balancetransfer');
          assert.deepEqual(
            lines.map(net),
            batch.lines.map((line) => line.netMinor),
          );
          const traded = lines.filter((row) => row['Gross Currency'] !== '');
          assert.deepEqual(
            traded.map(gross),
            batch.lines
              .filter(({ type }) => !type.startsWith('reserve') && type !== 'fee')
              .map((line) => line.grossMinor),
          );
          const paidOut = rows.filter(({ Type }) => Type === 'MerchantPayout').map(net);
          assert.equal(sum(paidOut) + batch.transferMinor, 0);
          assert.equal(sum(rows.map(net)), 0);
        }
      }),
      { numRuns: 80 },
    );
    assert.ok(batchesSeen > 80, `only ${batchesSeen} batches`);
    assert.ok(lossesSeen > 0, 'no loss was ever carried over');
  });

  it('explains the difference between gross and net by the fees of the row', () => {
    const { batches, psp } = settle([], 'EUR');
    const rows = batches.flatMap((batch): Row[] =>
      parse(adyen.settlement.files(batch, psp)[0]?.body ?? '', { columns: true }),
    );
    const settled = rows.filter(({ Type }) => Type === 'Settled');
    assert.ok(settled.length >= 2);
    for (const row of settled) {
      const rate = Number(row['Exchange Rate']);
      const grossEuros = (gross(row) / 10 ** (DECIMALS[row['Gross Currency'] ?? ''] ?? 2)) * rate * 100;
      const fees = ['Commission (NC)', 'Markup (NC)', 'Scheme Fees (NC)', 'Interchange (NC)'].map((name) =>
        minor(row[name] ?? '', 'EUR'),
      );
      assert.ok(sum(fees) > 0);
      assert.equal(Math.round(grossEuros) - net(row), sum(fees));
    }
  });

  it('has a report of its own for each currency, and announces it by its name', () => {
    const { batches, psp } = settle([], null);
    const names = batches.flatMap((batch) => adyen.settlement.files(batch, psp).map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('settlement_detail_report_batch_1_GBP.csv'), names.join(', '));
    const context = { psp, newId: () => 'id', atMs: 0 };
    const [draft] = batches.flatMap((batch) => adyen.settlement.webhooksFor?.(batch, context) ?? []);
    const body = draft?.body ?? '';
    assert.ok(body.includes('"eventCode":"REPORT_AVAILABLE"'), body);
    assert.ok(body.includes(`"reason":"http://psp/reports/download/MerchantAccount/AssayAdyen/${names[0]}"`), body);
  });
});
