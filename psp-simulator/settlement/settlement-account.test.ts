/**
 * The account against the books: whatever happens in whatever order, the lines add up to what
 * the books say moved, in every currency, and the batches add up to the lines.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { command, openWorld, pay, problemOf, RULES, run } from '../test/random-books.ts';
import type { World } from '../test/random-books.ts';
import { sumOfFees } from './lines-of-change.ts';
import { SettlementAccount } from './settlement-account.ts';
import { NO_FEES } from './settlement.ts';
import type { SettlementLine, SettlementTerms } from './settlement.ts';

const DAY_MS = 24 * 3_600_000;

const FREE: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 2 * DAY_MS,
  payment: NO_FEES,
  refund: NO_FEES,
  payout: NO_FEES,
  disputeFeeMinor: 0,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

const DEAR: SettlementTerms = {
  ...FREE,
  currency: 'EUR',
  exchangeRates: { GBP: '1.1734', JPY: '0.0061' },
  cutoffHour: 5,
  payment: {
    commissionBasisPoints: 140,
    interchangeBasisPoints: 20,
    schemeBasisPoints: 7,
    markupBasisPoints: 3,
    fixedMinor: 25,
  },
  refund: { ...NO_FEES, fixedMinor: 10 },
  payout: { ...NO_FEES, fixedMinor: 50 },
  disputeFeeMinor: 2_000,
  disputeFeeReturned: true,
  reserveBasisPoints: 500,
  reserveMs: 30 * DAY_MS,
};

function openAccount(world: World, terms: SettlementTerms): SettlementAccount {
  const account = new SettlementAccount({ psp: 'acme', clock: { now: () => world.clock.nowMs }, terms: () => terms });
  return account;
}

/** Feeds what is new, and lets time pass between the commands. */
function live(
  world: World,
  account: SettlementAccount,
  steps: { command: Parameters<typeof run>[1]; ms: number }[],
): void {
  for (const step of steps) {
    const known = world.changes.length;
    problemOf(() => run(world, step.command));
    for (const change of world.changes.slice(known)) account.follow(change);
    world.clock.nowMs += step.ms;
    // Looking must not change anything: closing is lazy.
    if (step.ms % 2 === 0) account.batches();
  }
}

const steps = fc.array(fc.record({ command, ms: fc.integer({ min: 0, max: 2 * DAY_MS }) }), { maxLength: 60 });

/** What the books say the merchant has, by currency. */
function balances({ bank }: World): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (currency: string, minor: number): void => {
    sums[currency] = (sums[currency] ?? 0) + minor;
  };
  for (const payment of bank.payments())
    add(payment.currency, payment.capturedMinor - payment.refundedMinor - payment.disputedMinor);
  for (const payout of bank.payouts()) add(payout.currency, payout.state === 'paid' ? -payout.amountMinor : 0);
  return sums;
}

const allLines = (account: SettlementAccount): SettlementLine[] => [
  ...account.closed().flatMap(({ truth }) => truth.lines),
  ...account.unsettledLines(),
];

describe('the settlement account', () => {
  it('holds exactly what the books say, to the last minor unit (random lives, no fees)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RULES), steps, (rules, life) => {
        const world = openWorld(rules);
        const account = openAccount(world, FREE);
        live(world, account, life);
        const sums: Record<string, number> = {};
        for (const line of allLines(account)) sums[line.currency] = (sums[line.currency] ?? 0) + line.netMinor;
        const expected = balances(world);
        for (const currency of new Set([...Object.keys(sums), ...Object.keys(expected)]))
          assert.equal(sums[currency] ?? 0, expected[currency] ?? 0, currency);
      }),
      { numRuns: 300 },
    );
  });

  it('loses and invents nothing between lines, batches, carried debts and transfers (fees, FX, reserve)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RULES), steps, (rules, life) => {
        const world = openWorld(rules);
        const account = openAccount(world, DEAR);
        live(world, account, life);
        world.clock.nowMs += 40 * DAY_MS;
        account.closeNow();
        assert.deepEqual(account.unsettledLines(), []);
        let carried = 0;
        const ids = new Set<string>();
        for (const { truth } of account.closed()) {
          assert.equal(truth.currency, 'EUR');
          assert.equal(truth.carriedMinor, carried);
          assert.equal(
            truth.netMinor,
            truth.lines.reduce((sum, line) => sum + line.netMinor, 0),
          );
          const balance = truth.netMinor + carried;
          assert.equal(truth.transferMinor, Math.max(0, balance));
          carried = Math.min(0, balance);
          for (const line of truth.lines) {
            assert.ok(!ids.has(line.id), `${line.id} is settled twice`);
            ids.add(line.id);
            assert.equal(line.netMinor, line.convertedMinor - sumOfFees(line.fees));
            assert.ok(line.atMs <= truth.toMs);
          }
        }
        const transferred = account.closed().reduce((sum, { truth }) => sum + truth.transferMinor, 0);
        const net = allLines(account).reduce((sum, line) => sum + line.netMinor, 0);
        assert.equal(transferred + carried, net);
        const reserve = allLines(account).filter(({ type }) => type.startsWith('reserve'));
        assert.equal(
          reserve.reduce((sum, line) => sum + line.netMinor, 0),
          0,
          'what was held back is given back',
        );
      }),
      { numRuns: 300 },
    );
  });

  it('closes the same batches whether somebody looked every day or only at the end', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const world = openWorld();
        const watched = openAccount(world, DEAR);
        const left = openAccount(world, DEAR);
        for (const step of life) {
          const known = world.changes.length;
          problemOf(() => run(world, step.command));
          for (const change of world.changes.slice(known)) {
            watched.follow(change);
            left.follow(change);
          }
          world.clock.nowMs += step.ms;
          watched.batches();
        }
        assert.deepEqual(left.closed(), watched.closed());
      }),
    );
  });

  it('settles a capture in the first batch after the delay', () => {
    const world = openWorld();
    world.clock.nowMs = Date.UTC(2026, 0, 5, 12);
    const account = openAccount(world, DEAR);
    pay(world.bank, { currency: 'GBP', amountMinor: 10_000 });
    for (const change of world.changes) account.follow(change);
    assert.equal(account.nextCutoffMs(), Date.UTC(2026, 0, 8, 5));
    world.clock.nowMs = Date.UTC(2026, 0, 8, 5);
    const [batch] = account.batches();
    assert.equal(batch?.id, 'acme-EUR-1');
    const line = batch?.lines[0];
    assert.equal(line?.convertedMinor, 11_734);
    assert.deepEqual(line?.fees, { commission: 189, interchange: 23, scheme: 8, markup: 4 });
    assert.equal(line?.netMinor, 11_510);
  });

  /** The lines of its first batch come late. */
  function forgetful(world: World): SettlementAccount {
    return new SettlementAccount({
      psp: 'acme',
      clock: { now: () => world.clock.nowMs },
      terms: () => FREE,
      told: (batch) =>
        batch.number === 1
          ? { batch: { ...batch, lines: [], netMinor: 0, transferMinor: 0 }, later: batch.lines }
          : { batch, later: [] },
    });
  }

  it('settles a line that came late at the next cutoff, whether anything else is due or not', () => {
    const world = openWorld();
    world.clock.nowMs = Date.UTC(2026, 0, 5, 12);
    const account = forgetful(world);
    pay(world.bank);
    for (const change of world.changes) account.follow(change);
    world.clock.nowMs = Date.UTC(2026, 0, 8);
    assert.deepEqual(
      account.batches().map(({ lines }) => lines.length),
      [0],
    );
    assert.equal(account.unsettledLines().length, 1);
    assert.equal(account.nextCutoffMs(), Date.UTC(2026, 0, 9));
    world.clock.nowMs = Date.UTC(2026, 0, 20);
    assert.deepEqual(
      account.closed().map(({ truth, told }) => [told.lines.length, told.transferMinor, truth.transferMinor]),
      [
        [0, 0, 5_000],
        [1, 5_000, 0],
      ],
    );
    assert.deepEqual(account.unsettledLines(), []);
    assert.equal(account.nextCutoffMs(), null);
  });

  it('carries on what it told, not what is true', () => {
    const world = openWorld();
    pay(world.bank);
    const account = new SettlementAccount({
      psp: 'acme',
      clock: { now: () => world.clock.nowMs },
      terms: () => FREE,
      // The payment is told late, its refund on time.
      told: (batch) => {
        const [late, ...rest] = batch.lines;
        if (batch.number > 1 || late === undefined) return { batch, later: [] };
        const netMinor = rest.reduce((sum, line) => sum + line.netMinor, 0);
        return { batch: { ...batch, lines: rest, netMinor, transferMinor: 0 }, later: [late] };
      },
    });
    world.bank.createRefund({
      pspReference: 'r1',
      paymentPspReference: 'p1',
      reference: null,
      amountMinor: 2_000,
      outcome: 'succeeded',
    });
    for (const change of world.changes) account.follow(change);
    account.closeNow();
    account.closeNow();
    assert.deepEqual(
      account.batches().map(({ netMinor, carriedMinor, transferMinor }) => [netMinor, carriedMinor, transferMinor]),
      [
        [-2_000, 0, 0],
        [5_000, -2_000, 3_000],
      ],
    );
  });

  it('takes every line that came late into the batch in which it came', () => {
    const world = openWorld();
    const account = forgetful(world);
    for (const id of ['p1', 'p2']) {
      const known = world.changes.length;
      pay(world.bank, { pspReference: id });
      for (const change of world.changes.slice(known)) account.follow(change);
      account.closeNow();
    }
    const [first, second] = account.closed();
    assert.equal(first?.truth.transferMinor, 5_000);
    assert.equal(first?.told.transferMinor, 0);
    assert.equal(second?.told.transferMinor, 10_000);
    assert.deepEqual(
      second?.told.lines.map((line) => line.pspReference),
      ['p2', 'p1'],
    );
  });
});
