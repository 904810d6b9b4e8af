import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import { recordsOf } from '../test/settlement-records.ts';
import { parseAcmeSettlement } from './settlement.ts';

const HEADER =
  'settlement_id,line_id,type,psp_reference,modification_id,reference,method,occurred_at,gross_amount,currency,exchange_rate,settlement_amount,settlement_currency,commission,interchange,scheme_fee,markup,net_amount';
const PAYMENT =
  's-1,l-1,payment,apay_1,acap_1,att_1,card,2026-01-05T09:00:00.000Z,5000,JPY,0.0061,30.50,EUR,0.18,0.06,0.03,0.13,30.10';
const file = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');
const parse = (text: string) => recordsOf(parseAcmeSettlement, text);

describe("acme's settlement file", () => {
  it('tells the gross in the currency of the payment, net and fees in that of the settlement', async () => {
    assert.deepEqual(await parse(file(PAYMENT)), [
      {
        kind: 'payment',
        batch: 's-1',
        pspReference: 'apay_1',
        partReference: 'acap_1',
        reference: 'att_1',
        grossMinor: 5_000,
        currency: 'JPY',
        netMinor: 3_010,
        feeMinor: 40,
        settlementCurrency: 'EUR',
        occurredAt: Date.parse('2026-01-05T09:00:00Z'),
        line: 2,
      },
    ]);
  });

  it('takes the transfer to our bank off the balance, so that a settlement comes to nothing', async () => {
    const transfer = 's-1,,transfer,,,,,2026-01-06T00:00:00.000Z,,,,,EUR,,,,,30.10';
    const [, record] = await parse(file(PAYMENT, transfer));
    assert.deepEqual(
      [record?.kind, record?.netMinor, record?.grossMinor, record?.currency],
      ['transfer', -3_010, -3_010, 'EUR'],
    );
  });

  it('keeps a line that it does not know as it stands', async () => {
    const row = PAYMENT.replace(',payment,', ',tax,');
    const [record] = await parse(file(row));
    assert.deepEqual([record?.kind, record?.raw, record?.netMinor], ['unknown', row, 3_010]);
  });

  const broken = [
    ['an amount that is none', file(PAYMENT, PAYMENT.replace('30.10', '30,10'))],
    ['a currency that is none', file(PAYMENT, PAYMENT.replace(',EUR,', ',EU,'))],
    ['a time that is none', file(PAYMENT, PAYMENT.replace('2026-01-05T09:00:00.000Z', 'then'))],
    ['a row that was cut', `${file(PAYMENT)}s-1,l-2,refund,apay`],
    ['no settlement', file(PAYMENT, PAYMENT.replace('s-1,', ','))],
  ] as const;
  for (const [what, text] of broken) {
    it(`is refused with ${what}, by its line`, () =>
      assert.rejects(parse(text), (error: unknown) => error instanceof MalformedSettlementError && error.line === 3));
  }
});
