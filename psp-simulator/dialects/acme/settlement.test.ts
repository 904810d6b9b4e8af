/** acme's settlement file against the batch, to the last minor unit, read back by a parser of CSV that we did not write. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import type { Command } from '../../test/random-books.ts';
import { acme } from './index.ts';
import { toMinor } from './money.ts';
import { settlementFile } from './settlement.ts';

type Row = Record<string, string>;

const CURRENCIES = ['EUR', 'GBP', 'JPY'] as const;

/** Batches of a random life, in each currency by itself or all in EUR. */
function batchesOf(life: readonly Command[], currency: string | null): readonly SettlementBatch[] {
  const world = openWorld(acme.bankRules);
  const terms = { ...acme.settlement.terms, currency, exchangeRates: { GBP: '1.1734', JPY: '0.0061' } };
  const account = new SettlementAccount({ psp: 'acme', clock: { now: () => world.clock.nowMs }, terms: () => terms });
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
  return account.batches();
}

const minor = (text: string | undefined, currency: string): number => {
  const plain = (text ?? '').replace('-', '');
  if (Number(plain) === 0) return 0;
  return toMinor(plain, currency) * (text?.startsWith('-') === true ? -1 : 1);
};

describe("acme's settlement file", () => {
  it('says of every line and of the whole what the batch says (random lives, fees and exchange)', () => {
    let rows = 0;
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 5, maxLength: 50 }),
        fc.constantFrom('EUR', null),
        (life, currency) => {
          for (const batch of batchesOf(life, currency)) rows += check(batch);
        },
      ),
      { numRuns: 150 },
    );
    assert.ok(rows > 500, `only ${rows} rows were compared`);
  });

  function check(batch: SettlementBatch): number {
    const all = parse(settlementFile(batch).body, { columns: true }) as Row[];
    const lines = all.slice(0, -2);
    const [carried, transfer] = all.slice(-2);
    const net = (row: Row | undefined): number => minor(row?.['net_amount'], batch.currency);
    assert.deepEqual([carried?.['type'], transfer?.['type']], ['carried', 'transfer']);
    assert.equal(lines.length, batch.lines.length);
    for (const [index, row] of lines.entries()) {
      const line = batch.lines[index];
      assert.ok(line);
      assert.equal(row['line_id'], line.id);
      assert.equal(minor(row['gross_amount'], line.currency), line.grossMinor);
      const taken = ['commission', 'interchange', 'scheme_fee', 'markup'].reduce(
        (sum, name) => sum + minor(row[name], batch.currency),
        0,
      );
      assert.equal(minor(row['settlement_amount'], batch.currency) - taken, net(row));
      assert.equal(net(row), line.netMinor);
    }
    const sum = lines.reduce((total, row) => total + net(row), net(carried));
    assert.equal(Math.max(0, sum), net(transfer));
    assert.equal(net(transfer), batch.transferMinor);
    return lines.length;
  }
});
