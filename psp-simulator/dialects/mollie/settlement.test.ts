/** Mollie's settlement documents against the batch, to the last minor unit, added up as a merchant's bookkeeping would. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createKeyedIds, createKeyedRandom } from '../../../kernel/index.ts';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import { SettlementAccount } from '../../settlement/settlement-account.ts';
import { command, openWorld, problemOf, run } from '../../test/random-books.ts';
import type { Command, World } from '../../test/random-books.ts';
import type { PspContext } from '../dialect.ts';
import { mollie } from './index.ts';

interface Amount {
  currency: string;
  value: string;
}
interface Entry {
  count: number;
  method: string | null;
  amountNet: Amount;
  amountGross: Amount;
}
interface Settlement {
  id: string;
  reference: string;
  amount: Amount;
  periods: Record<string, Record<string, { revenue: Entry[]; costs: Entry[] }>>;
}
interface Transaction {
  id: string;
  type: string;
  initialAmount: Amount;
  resultAmount: Amount;
  deductions?: Amount;
}

const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, GBP: 2, JPY: 0 };

/** Exact: works on digits, not on binary fractions. */
function minor({ currency, value }: Amount): number {
  const [whole = '', decimals = ''] = value.split('.');
  const wanted = DECIMALS[currency] ?? 2;
  assert.match(decimals.slice(wanted), /^0*$/, `${value} ${currency} is no whole number of minor units`);
  return Number(`${whole}${decimals.slice(0, wanted)}`);
}

function pspOf(world: World): PspContext {
  const psp: Partial<PspContext> = {
    name: 'mollie',
    url: 'http://mollie.example',
    credentials: {},
    profile: mollie.profile,
    bank: world.bank,
    ids: createKeyedIds('settlement'),
    random: createKeyedRandom('settlement'),
    nowMs: () => world.clock.nowMs,
  };
  return psp as PspContext;
}

/** Batches of a random life over several months. */
function play(
  life: readonly Command[],
  reserveBasisPoints: number,
): { batches: readonly SettlementBatch[]; psp: PspContext } {
  const world = openWorld(mollie.bankRules);
  const terms = { ...mollie.settlement.terms, reserveBasisPoints, reserveMs: 86_400_000 };
  const account = new SettlementAccount({ psp: 'mollie', clock: { now: () => world.clock.nowMs }, terms: () => terms });
  const start = (n: number, currency: 'EUR' | 'JPY'): Command => ({
    kind: 'create',
    n,
    currency,
    part: 1,
    manual: false,
  });
  for (const [index, one] of [start(0, 'EUR'), start(1, 'JPY'), ...life].entries()) {
    const known = world.changes.length;
    problemOf(() => run(world, one));
    for (const change of world.changes.slice(known)) account.follow(change);
    world.clock.nowMs += 5 * 86_400_000;
    if (index % 10 === 9) account.closeNow();
  }
  account.closeNow();
  return { batches: account.batches(), psp: pspOf(world) };
}

describe("mollie's settlement", () => {
  it('transfers what its periods add up to, and every balance transaction is a line (random lives, fees, reserves)', () => {
    let lines = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 50 }), fc.constantFrom(0, 500), (life, reserve) => {
        const { batches, psp } = play(life, reserve);
        for (const batch of batches) {
          check(batch, psp);
          lines += batch.lines.length;
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(lines > 500, `only ${lines} lines were compared`);
  });

  function check(batch: SettlementBatch, psp: PspContext): void {
    const [first, second] = mollie.settlement.files(batch, psp);
    const settlement = JSON.parse(first?.body ?? '') as Settlement;
    const { _embedded } = JSON.parse(second?.body ?? '') as { _embedded: { balance_transactions: Transaction[] } };
    assert.match(settlement.reference, /^\d{7}\.\d{4}\.\d{2,}$/);
    assert.equal(minor(settlement.amount), batch.transferMinor);

    const periods = Object.values(settlement.periods).flatMap((months) => Object.values(months));
    const total = (entries: Entry[]): number => entries.reduce((sum, entry) => sum + minor(entry.amountGross), 0);
    const sum = periods.reduce((all, { revenue, costs }) => all + total(revenue) - total(costs), 0);
    assert.equal(sum, batch.transferMinor, first?.body);

    const lines = _embedded.balance_transactions.filter(({ type }) => type !== 'outgoing-transfer');
    assert.equal(lines.length, batch.lines.length);
    for (const [index, line] of batch.lines.entries()) {
      const shown = lines[index];
      assert.ok(shown);
      assert.equal(minor(shown.initialAmount), line.convertedMinor);
      assert.equal(minor(shown.resultAmount), line.netMinor);
      const deducted = shown.deductions === undefined ? 0 : minor(shown.deductions);
      assert.equal(minor(shown.initialAmount) + deducted, line.netMinor);
    }
    const transfer = _embedded.balance_transactions.find(({ type }) => type === 'outgoing-transfer');
    assert.equal(transfer === undefined ? 0 : -minor(transfer.resultAmount), batch.transferMinor);
    assert.equal(
      new Set(_embedded.balance_transactions.map(({ id }) => id)).size,
      _embedded.balance_transactions.length,
    );
  }

  it('hands a debt on to the next settlement, and both still add up', () => {
    const one = { n: 0, currency: 'EUR', part: 4_000, manual: true } as const;
    const { batches, psp } = play(
      [
        { ...one, kind: 'payout' },
        { ...one, kind: 'pay-out' },
        ...Array.from({ length: 6 }, (): Command => ({ ...one, kind: 'abandon' })),
        { ...one, kind: 'create', n: 2, manual: false },
      ],
      0,
    );
    const euros = batches.filter(({ currency }) => currency === 'EUR');
    assert.deepEqual(
      euros.map(({ carriedMinor, transferMinor }) => [carriedMinor < 0, transferMinor > 0]),
      [
        [false, true],
        [false, false],
        [true, true],
      ],
    );
    for (const batch of euros) check(batch, psp);
  });

  it('groups by calendar month, and names each kind of fee', () => {
    const world = openWorld(mollie.bankRules);
    world.clock.nowMs = Date.UTC(2026, 3, 30, 12);
    const account = new SettlementAccount({
      psp: 'mollie',
      clock: { now: () => world.clock.nowMs },
      terms: () => mollie.settlement.terms,
    });
    const pay = (n: number): void => run(world, { kind: 'create', n, currency: 'EUR', part: 1, manual: false });
    pay(0);
    world.clock.nowMs = Date.UTC(2026, 4, 2, 12);
    pay(1);
    run(world, { kind: 'refund', n: 1, currency: 'EUR', part: 1_000, manual: false });
    for (const change of world.changes) account.follow(change);
    account.closeNow();
    const [batch] = account.batches();
    assert.ok(batch);
    const { periods, amount } = JSON.parse(mollie.settlement.files(batch, pspOf(world))[0]?.body ?? '') as Settlement;
    assert.deepEqual(Object.keys(periods), ['2026']);
    assert.deepEqual(Object.keys(periods['2026'] ?? {}), ['04', '05']);
    const may = periods['2026']?.['05'];
    const shown = (entries: Entry[] | undefined): unknown[] =>
      (entries ?? []).map((entry) => [entry.method, entry.count, entry.amountNet.value]);
    assert.deepEqual(shown(may?.revenue), [
      ['card', 1, '50.0000'],
      ['refund', 1, '-10.0000'],
    ]);
    // 1.8 % of 50.00 and 25 cents; 25 cents for the refund.
    assert.deepEqual(shown(may?.costs), [
      ['card', 1, '1.1500'],
      ['refund', 1, '0.2500'],
    ]);
    assert.equal(amount.value, '87.45');
  });
});
