/**
 * Broken reconciliation: how settlement files are read, matched and taken in.
 */
import type { SettlementParser, SettlementParsers, SettlementRecord } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Mutant } from '../mutant.ts';

/** Every reader of a format with records as `change` makes them of one file; null leaves a record out. */
function withReader(change: () => (record: SettlementRecord) => SettlementRecord | null): ServiceMutation {
  return {
    parts: ({ settlementParsers }) => ({
      settlementParsers: Object.fromEntries(
        Object.entries(settlementParsers).map(([dialect, parse]) => [dialect, reading(parse, change)]),
      ) as SettlementParsers,
    }),
  };
}

function reading(parse: SettlementParser, change: () => (record: SettlementRecord) => SettlementRecord | null) {
  return async function* read(...given: Parameters<SettlementParser>): AsyncGenerator<SettlementRecord> {
    const changed = change();
    for await (const record of parse(...given)) {
      const made = changed(record);
      if (made !== null) yield made;
    }
  };
}

const OURS: readonly SettlementRecord['kind'][] = ['payment', 'refund', 'payout'];

const matchesByAmountOnly: Mutant = {
  name: 'matches-by-amount-only',
  title: 'Matches settlement lines by their amount',
  breaks:
    'References are not read, so a line settles whichever payment has its amount, and what is wrong with it is not seen.',
  precedent: 'woocommerce-payments issue 8588: a payout differed from its list, and nothing said why',
  against: 'I10',
  alsoIn: ['settlement-discrepancies'],
  mutation: (acted) =>
    withReader(() => (record) => {
      if (!OURS.includes(record.kind)) return record;
      acted();
      return { ...record, pspReference: null, partReference: null, reference: null };
    }),
};

const dropsRepeatedLines: Mutant = {
  name: 'drops-repeated-lines',
  title: 'Drops settlement lines that stand there twice',
  breaks: 'The reader removes duplicates to be safe, and with them the only sign that a PSP settled a payment twice.',
  against: 'I10',
  alsoIn: ['settlement-discrepancies'],
  mutation: (acted) =>
    withReader(() => {
      const seen = new Set<string>();
      return (record) => {
        const name = [record.kind, record.pspReference, record.partReference, record.grossMinor].join(' ');
        if (!seen.has(name) || record.pspReference === null) {
          seen.add(name);
          return record;
        }
        acted();
        return null;
      };
    }),
};

const roundsFees: Mutant = {
  name: 'rounds-fees',
  title: 'Reads fees as whole units',
  breaks: 'Fees are rounded on the way in, and the sum of many lines is far from what was settled.',
  against: 'I14',
  alsoIn: ['settlement-discrepancies'],
  mutation: (acted) =>
    withReader(() => (record) => {
      const feeMinor = Math.round(record.feeMinor / 100) * 100;
      if (feeMinor === record.feeMinor) return record;
      acted();
      return { ...record, feeMinor, netMinor: record.netMinor + record.feeMinor - feeMinor };
    }),
};

const importsAFileAgain: Mutant = {
  name: 'imports-a-file-again',
  title: 'Takes a settlement file in as often as it comes',
  breaks:
    'Nobody remembers which files were imported, so a file that comes twice books its fees and its transfer twice.',
  precedent: 'Ezypay, 17 May 2023: two instances ran the same billing in a rolling update',
  against: 'I14',
  alsoIn: ['settlement-discrepancies'],
  mutation: (acted) => {
    return {
      parts: ({ stores }) => ({
        stores: {
          ...stores,
          reconciliation: {
            ...stores.reconciliation,
            findFile: async (unit, ids) => {
              if ((await stores.reconciliation.findFile(unit, ids)) !== null) acted();
              return null;
            },
            stagedBatches: async (unit, psp, fileId) => {
              const staged = await stores.reconciliation.stagedBatches(unit, psp, fileId);
              return staged.map((batch) => ({ ...batch, known: null }));
            },
          },
        },
      }),
      alterSchema: async (knex) => {
        await knex.raw('alter table reconciliation_file drop constraint reconciliation_file_once');
        await knex.raw('drop index transfer_payment_kind_once');
      },
    };
  },
};

export const SETTLEMENT_MUTANTS: readonly Mutant[] = [
  matchesByAmountOnly,
  dropsRepeatedLines,
  roundsFees,
  importsAFileAgain,
];
