/**
 * What a PSP plants in its settlement files comes out as exactly one case of the right kind, for
 * every PSP and its native format; files without a fault give none, and leave nothing open on
 * the PSP's clearing account.
 */
import assert from 'node:assert/strict';
import type { PspDialect } from '../reference-service/index.ts';
import {
  closeReconciliationDatabase,
  DAY_MS,
  inReconciliationWorld,
  type CaseSeen,
  type ReconciliationWorld,
} from './reconciliation-world.ts';

const DIALECTS: readonly PspDialect[] = ['acme', 'stripe', 'adyen', 'checkout', 'paypal', 'mollie', 'open-banking'];

const KINDS = {
  'settlement-missing-line': 'missing_at_psp',
  'settlement-extra-line': 'missing_in_ledger',
  'settlement-wrong-amount': 'amount_mismatch',
  'settlement-wrong-currency': 'currency_mismatch',
  'settlement-wrong-fee': 'fee_mismatch',
  'settlement-duplicate-line': 'duplicate_line',
  'settlement-wrong-reference': 'wrong_reference',
  'settlement-late-line': 'late_settlement',
  'settlement-split-line': 'split_line',
  'settlement-merged-lines': 'merged_line',
  'settlement-unannounced-chargeback': 'unannounced_chargeback',
  'settlement-short-payout': 'short_payout',
} as const;

/** Formats in which a fault cannot be seen, and why. */
const INVISIBLE: Readonly<Record<string, string>> = {
  'mollie settlement-wrong-currency': 'Mollie states movements in the currency of the balance only',
};

/** Three days of deposits with one refund, and files imported each day until all is settled. */
async function live(world: ReconciliationWorld, refunds = true): Promise<void> {
  for (let day = 0; day < 12; day += 1) {
    if (day < 6) {
      const first = await world.deposit(`${90 + day}.37`);
      await world.deposit(`${80 + 3 * day}.00`);
      await world.deposit('70.00');
      await world.pass(120_000);
      if (day === 1 && refunds) await world.refund(first, '5.00');
    }
    await world.pass(DAY_MS);
    await world.importNew();
  }
}

const kindsOf = (cases: readonly CaseSeen[]): string[] => cases.map(({ kind }) => kind);

describe('reconciliation of the settlement files of', function () {
  after(closeReconciliationDatabase);

  for (const dialect of DIALECTS)
    describe(dialect, () => {
      it('opens no case where nothing is wrong, and leaves nothing open; the same files again change nothing', () =>
        inReconciliationWorld(dialect, async (world) => {
          await live(world);
          assert.deepEqual(await world.cases(), []);
          assert.equal(await world.clearing(), '0.00');
          for (const { status, headers } of await world.importAgain()) {
            assert.equal(status, 200);
            assert.equal(headers['idempotent-replayed'], 'true');
          }
          assert.deepEqual(await world.cases(), []);
          assert.equal(await world.clearing(), '0.00');
        }));

      for (const [fault, kind] of Object.entries(KINDS)) {
        if (INVISIBLE[`${dialect} ${fault}`] !== undefined) continue;
        it(`finds ${fault} as one ${kind}`, () =>
          inReconciliationWorld(dialect, async (world) => {
            await world.fault({ fault, psp: dialect, count: 1 });
            // Only what is owed to us can be late.
            await live(world, fault !== 'settlement-late-line');
            if (fault === 'settlement-short-payout' && dialect === 'stripe') await tellBank(world);
            const cases = await world.cases();
            assert.deepEqual(kindsOf(cases), [kind], JSON.stringify(cases, null, 1));
            await world.importAgain();
            assert.deepEqual(kindsOf(await world.cases()), [kind]);
          }));
      }
    });
});

/** Stripe's report has no row for the transfer, so only the bank can tell that it was short. */
async function tellBank(world: ReconciliationWorld): Promise<void> {
  const { body } = await world.request('GET', '/v1/reconciliation/settlements?psp=stripe');
  const settlements = [...(body['settlements'] as { batch: string; settled_at: string; transfer: string }[])].reverse();
  const told = (await world.batches()).filter(({ told: { transfer_minor: minor } }) => minor > 0);
  const rows = settlements.map(({ batch, settled_at: at }, index) => {
    const minor = told[index]?.told.transfer_minor ?? 0;
    return `${at},${(minor / 100).toFixed(2)},EUR,STRIPE ${batch}`;
  });
  const answer = await world.bankLines(['booked_at,amount,currency,text', ...rows].join('\n'));
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}
