import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { exponentOf } from '../../core/currency.ts';
import type { SettlementBatch, SettlementLine, SettlementLineType } from '../../settlement/settlement.ts';
import type { PspContext } from '../dialect.ts';
import { stripeSettlement } from './settlement.ts';

const TYPES: readonly SettlementLineType[] = ['payment', 'refund', 'chargeback', 'payout', 'fee', 'reserve-held'];

interface Draft {
  type: SettlementLineType;
  grossMinor: number;
  fee: number;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  type: fc.constantFrom(...TYPES),
  grossMinor: fc.integer({ min: -5_000_000, max: 5_000_000 }),
  fee: fc.integer({ min: 0, max: 3_000 }),
});

function lineOf({ type, grossMinor, fee }: Draft, index: number, currency: string): SettlementLine {
  return {
    id: `stripe-line-${index}`,
    type,
    pspReference: `pi_${String(index).padStart(22, '0')}`,
    modificationReference: null,
    reference: `order-${index}`,
    method: 'card',
    atMs: 1_700_000_000_000 + index,
    availableAtMs: 1_700_000_000_000 + index,
    grossMinor,
    currency,
    convertedMinor: grossMinor,
    settlementCurrency: currency,
    exchangeRate: '1',
    fees: { commission: fee, interchange: 0, scheme: 0, markup: 0 },
    netMinor: grossMinor - fee,
  };
}

/** Batches in a row, each carrying what the one before left negative. */
function batchesOf(drafts: readonly Draft[][], currency: string): SettlementBatch[] {
  let carriedMinor = 0;
  let lines = 0;
  return drafts.map((own, index) => {
    const batchLines = own.map((entry) => lineOf(entry, (lines += 1), currency));
    const netMinor = batchLines.reduce((sum, line) => sum + line.netMinor, 0);
    const balanceMinor = netMinor + carriedMinor;
    const batch: SettlementBatch = {
      id: `stripe-${currency}-${index + 1}`,
      number: index + 1,
      currency,
      fromMs: index * 1_000,
      toMs: (index + 1) * 1_000,
      lines: batchLines,
      netMinor,
      carriedMinor,
      transferMinor: Math.max(0, balanceMinor),
    };
    carriedMinor = Math.min(0, balanceMinor);
    return batch;
  });
}

const minor = (text: string, currency: string): number => {
  assert.match(text, exponentOf(currency) === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${exponentOf(currency)}}$`));
  return Number(text.replace('.', ''));
};

describe('stripe payout reconciliation', () => {
  it('adds up to each payout to the last minor unit, and names every line exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(draft, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (drafts, currency) => {
          const batches = batchesOf(drafts, currency);
          const psp = {
            settlementBatches: () => batches,
            bank: { findPayment: () => undefined, findDispute: () => undefined },
          } as unknown as PspContext;
          const named: string[] = [];
          for (const batch of batches) {
            const [file] = stripeSettlement.files(batch, psp);
            assert.equal(file === undefined, batch.transferMinor === 0, 'a file for each payout, none without one');
            if (file === undefined) continue;
            const rows = parse(file.body, { columns: true }) as Record<string, string>[];
            const sum = rows.reduce((total, row) => total + minor(row['net'] ?? '', currency), 0);
            assert.equal(sum, batch.transferMinor);
            for (const row of rows) {
              const [gross, fee, net] = ['gross', 'fee', 'net'].map((name) => minor(row[name] ?? '', currency));
              assert.equal((gross ?? 0) - (fee ?? 0), net);
            }
            named.push(...rows.map((row) => row['payment_metadata[reference]'] ?? ''));
          }
          assert.equal(new Set(named).size, named.length);
          const lastPaid = batches.findLastIndex(({ transferMinor }) => transferMinor > 0);
          const paid = batches.slice(0, lastPaid + 1).flatMap(({ lines }) => lines.map(({ reference }) => reference));
          assert.deepEqual(named, paid);
        },
      ),
    );
  });
});
