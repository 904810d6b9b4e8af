/** The settlement file against the batch, read back by a parser of CSV that we did not write. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import { exampleBank } from './index.ts';
import { settlementFile } from './settlement.ts';

type Row = Record<string, string>;

describe("example-bank's settlement file", () => {
  it('adds up to what the batch says, line by line and as a whole', () => {
    let rows = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 20, maxLength: 60 }), (life) => {
        const world = openWorld(exampleBank.bankRules);
        const now = { now: () => world.clock.nowMs };
        const account = new SettlementAccount({ psp: 'bank', clock: now, terms: () => exampleBank.settlement.terms });
        for (const one of life) problemOf(() => run(world, one));
        for (const change of world.changes) account.follow(change);
        account.closeNow();
        for (const batch of account.batches()) {
          const all = parse(settlementFile(batch).body, { columns: true }) as Row[];
          const net = all.map((row) => Number(row['net']));
          const transfer = net.pop();
          assert.deepEqual(
            net,
            batch.lines.map((line) => line.netMinor),
          );
          for (const row of all) assert.equal(Number(row['gross']) - Number(row['fee']), Number(row['net']));
          const sum = net.reduce((total, value) => total + value, batch.carriedMinor);
          assert.equal(transfer, Math.max(0, sum));
          rows += net.length;
        }
      }),
    );
    assert.ok(rows > 50, `only ${rows} rows were compared`);
  });
});
