/** PayPal's settlement report against the batch, to the last minor unit, read back by a parser of CSV that we did not write. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import type { Command, World } from '../../test/random-books.ts';
import type { PspContext } from '../dialect.ts';
import { paypal } from './index.ts';

const CURRENCIES = ['EUR', 'GBP', 'JPY'] as const;

interface Told {
  batch: SettlementBatch;
  psp: PspContext;
}

/** Batches of a random life, in each currency by itself or all in EUR. */
function batchesOf(life: readonly Command[], currency: string | null): Told[] {
  const world = openWorld(paypal.bankRules);
  const terms = { ...paypal.settlement.terms, currency, exchangeRates: { GBP: '1.1734', JPY: '0.0061' } };
  const account = new SettlementAccount({ psp: 'paypal', clock: { now: () => world.clock.nowMs }, terms: () => terms });
  const taken = [0, 1, 2].map((n): Command => ({
    kind: 'create',
    n,
    currency: CURRENCIES[n]!,
    part: 1,
    manual: false,
  }));
  for (const [index, one] of [...taken, ...life].entries()) {
    const known = world.changes.length;
    problemOf(() => run(world, one));
    for (const change of world.changes.slice(known)) account.follow(change);
    world.clock.nowMs += 7_200_000;
    if (index % 10 === 9) account.closeNow();
  }
  account.closeNow();
  const psp = contextOf(world, account);
  return account.batches().map((batch) => ({ batch, psp }));
}

function contextOf(world: World, account: SettlementAccount): PspContext {
  return {
    name: 'paypal',
    credentials: paypal.credentials('paypal'),
    bank: world.bank,
    settlementBatches: () => account.batches(),
  } as unknown as PspContext;
}

function rowsOf({ batch, psp }: Told): string[][] {
  const [file] = paypal.settlement.files(batch, psp);
  assert.ok(file);
  return parse(file.body, { relaxColumnCount: true });
}

const ofKind = (rows: readonly string[][], kind: string): string[][] => rows.filter(([first]) => first === kind);

/** A number with DR or CR before it. */
function signed(row: readonly string[], position: number): number {
  const minor = Number(row[position + 1] ?? 0);
  assert.ok(Number.isSafeInteger(minor) && minor >= 0, row.join());
  return row[position] === 'DR' ? 0 - minor : minor;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Compares one report with its batch; answers how many transactions stood in it. */
function check(told: Told): number {
  const { batch } = told;
  const rows = rowsOf(told);
  const [heads] = ofKind(rows, 'CH');
  assert.ok(heads);
  const at = (name: string): number => heads.indexOf(name);
  const gross = at('Transaction  Debit or Credit');
  const fee = at('Fee Debit or Credit');
  const body = ofKind(rows, 'SB');
  const transactions = body.filter((row) => row[at('Transaction Event Code')] !== 'T0400');
  const own = (row: readonly string[]): boolean => row[at('Gross Transaction Currency')] === batch.currency;
  const feeOf = (row: readonly string[]): number => (row[fee] === '' ? 0 : signed(row, fee));
  const net = sum(transactions.map((row) => (own(row) ? signed(row, gross) : 0) + feeOf(row)));
  assert.equal(net, batch.netMinor);
  const transferred = body.filter((row) => !transactions.includes(row)).map((row) => -signed(row, gross));
  assert.equal(sum(transferred), batch.transferMinor);

  for (const kind of ['SF', 'RF']) {
    for (const footer of ofKind(rows, kind)) {
      const [, currency, credits, debits, feeCredits, feeDebits] = footer;
      const mine = body.filter((row) => row[at('Gross Transaction Currency')] === currency);
      const amounts = mine.map((row) => signed(row, gross));
      assert.equal(Number(credits), sum(amounts.filter((minor) => minor > 0)));
      assert.equal(Number(debits), 0 - sum(amounts.filter((minor) => minor < 0)));
      const moved = sum(amounts) + Number(feeCredits) - Number(feeDebits);
      const [beginning, ending] = [signed(footer, 6), signed(footer, 8)];
      assert.equal(beginning + moved, ending, `${kind} of ${currency}`);
      if (currency === batch.currency) assert.equal(beginning, batch.carriedMinor);
      else assert.equal(ending, 0);
    }
  }
  assert.equal(Number(ofKind(rows, 'SC')[0]?.[1]), body.length);
  assert.equal(Number(ofKind(rows, 'RC')[0]?.[1]), body.length);
  assert.equal(new Set(body.map((row) => row[at('Transaction ID')])).size, body.length, 'an id stands twice');
  return body.length;
}

describe("PayPal's settlement report", () => {
  it('says of every line and of the whole what the batch says (random lives, fees and exchange)', () => {
    let rows = 0;
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 5, maxLength: 50 }),
        fc.constantFrom('EUR', null),
        (life, currency) => {
          for (const told of batchesOf(life, currency)) rows += check(told);
        },
      ),
      { numRuns: 150 },
    );
    assert.ok(rows > 500, `only ${rows} rows were compared`);
  });

  it('is named by its day, and numbered where a day has several', () => {
    const told = batchesOf([], null);
    const names = told.map(({ batch, psp }) => paypal.settlement.files(batch, psp)[0]?.name);
    assert.deepEqual(names, ['STL-19700101.01.009.CSV', 'STL-19700101.02.009.CSV', 'STL-19700101.03.009.CSV']);
  });

  it('opens and closes like one of PayPal', () => {
    const [told] = batchesOf([], null);
    assert.ok(told);
    assert.deepEqual(
      rowsOf(told).map(([kind]) => kind),
      ['RH', 'FH', 'SH', 'CH', 'SB', 'SB', 'SF', 'SC', 'RF', 'RC', 'FF'],
    );
    const text = paypal.settlement.files(told.batch, told.psp)[0]?.body ?? '';
    assert.match(text, /^"RH",1970\/01\/01 \d\d:\d\d:\d\d \+0000,"X","[A-Z0-9]{13}",009,\r\n"FH",01\r\n/);
    assert.match(text, /"SB","[^"]+","","p0","ODR","T0006",[^"]+,"CR",5000,"EUR","DR",189,"EUR",/);
  });
});
