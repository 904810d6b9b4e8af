import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import { recordsOf } from '../test/settlement-records.ts';
import { parseAdyenSettlement } from './settlement.ts';

const HEADER =
  'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,Modification Merchant Reference,Batch Number,Reserved4,Reserved5,Reserved6,Reserved7,Reserved8,Reserved9,Reserved10';
/** The row of Adyen's documentation, with a batch number. */
const SETTLED =
  'TestCompany,TestMerchant,1813702551707653,3vpzf7,visa,2013-06-03 11:26:49,CET,Settled,1713702551795048,GBP,,5.00,1,GBP,,4.88,,0.04,0.01,0.07,visaclassic,,7,,,,,,,';
const parse = (...rows: string[]) => recordsOf(parseAdyenSettlement, [HEADER, ...rows, ''].join('\r\n'));
const row = (type: string, debit: string, credit: string) =>
  `C,M,PSP1,att_1,visa,2026-01-05 09:00:00,UTC,${type},MOD1,EUR,${debit},${credit},1,EUR,${debit},${credit},,,,,visa,,7,,,,,,,`;

describe("Adyen's settlement details report", () => {
  it('tells what is net of markup, scheme fees and interchange', async () => {
    assert.deepEqual(await parse(SETTLED), [
      {
        kind: 'payment',
        batch: '7-GBP',
        pspReference: '1813702551707653',
        partReference: '1713702551795048',
        reference: '3vpzf7',
        grossMinor: 500,
        currency: 'GBP',
        netMinor: 488,
        feeMinor: 12,
        settlementCurrency: 'GBP',
        occurredAt: Date.parse('2013-06-03T11:26:49+01:00'),
        line: 2,
      },
    ]);
  });

  it('tells a balance that is brought along from one that is handed on by its place', async () => {
    const records = await parse(
      row('Balancetransfer', '5.00', ''),
      row('Fee', '1.00', ''),
      row('Balancetransfer', '', '6.00'),
    );
    assert.deepEqual(
      records.map(({ kind, netMinor }) => [kind, netMinor]),
      [
        ['carried_over', -500],
        ['fee', -100],
        ['carried_on', 600],
      ],
    );
  });

  const kinds = [
    ['Refunded', '20.00', '', 'refund', -2_000],
    ['RefundedReversed', '', '20.00', 'refund_failed', 2_000],
    ['Chargeback', '50.00', '', 'chargeback', -5_000],
    ['SecondChargeback', '50.00', '', 'chargeback', -5_000],
    ['ChargebackReversed', '', '50.00', 'chargeback_reversed', 5_000],
    ['PaidOut', '20.00', '', 'payout', -2_000],
    ['PaidOutReversed', '', '20.00', 'payout_returned', 2_000],
    ['Fee', '0.11', '', 'fee', -11],
    ['DepositCorrection', '5.00', '', 'reserve_held', -500],
    ['DepositCorrection', '', '5.00', 'reserve_released', 500],
    ['MerchantPayout', '99.00', '', 'transfer', -9_900],
    ['Balancetransfer', '', '1.00', 'carried_over', 100],
    ['MatchedStatement', '', '1.00', 'unknown', 100],
    ['toString', '', '1.00', 'unknown', 100],
  ] as const;
  for (const [type, debit, credit, kind, minor] of kinds) {
    it(`calls ${type} of ${debit === '' ? credit : `-${debit}`} ${kind}`, async () => {
      const [record] = await parse(row(type, debit, credit));
      assert.deepEqual([record?.kind, record?.grossMinor, record?.netMinor], [kind, minor, minor]);
      assert.equal(record?.raw === undefined, kind !== 'unknown');
    });
  }

  it("reads Adyen's own decimals of a currency that ISO 4217 gives none", async () => {
    const [record] = await parse(row('Settled', '', '700.00').replaceAll('EUR', 'ISK'));
    assert.deepEqual([record?.grossMinor, record?.currency], [700, 'ISK']);
  });

  it('tells no time of a zone whose name it does not know', async () => {
    assert.equal((await parse(row('Settled', '', '1.00').replace('UTC', 'Mars')))[0]?.occurredAt, null);
  });

  it('is refused by the line that has no batch', () =>
    assert.rejects(
      parse(SETTLED, SETTLED.replace(',7,,', ',,,')),
      (error: unknown) => error instanceof MalformedSettlementError && error.line === 3,
    ));
});
