import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementRecord } from '../../../ports/settlement.ts';
import { parsePaypalSettlement } from './settlement.ts';

const HEAD = [
  '"RH",2026/01/06 02:00:00 +0000,"X","MERCHANT",009,',
  '"FH",01',
  '"SH",2026/01/05 00:00:00 +0000,2026/01/06 00:00:00 +0000,"MERCHANT",""',
  '"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code",' +
    '"Transaction Initiation Date","Transaction Completion Date","Transaction  Debit or Credit",' +
    '"Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency","Custom Field"',
];
const TIME = '2026/01/05 09:00:00 +0000';
const row = (
  id: string,
  code: string,
  side: string,
  amount: number | string,
  more: { fee?: string; odr?: string; custom?: string } = {},
) =>
  `"SB","${id}","att_1","${more.odr ?? ''}","${more.odr === undefined ? '' : 'ODR'}","${code}",${TIME},${TIME},` +
  `"${side}",${amount},"EUR",${more.fee === undefined ? '"",,""' : `"DR",${more.fee},"EUR"`},"${more.custom ?? ''}"`;
const tail = (rows: number, beginning = '"CR",0') => [
  `"SF","EUR",0,0,0,0,${beginning},"CR",0,"CR",0,"CR",0,"CR",0,"CR",0,${rows}`,
  `"SC",${rows}`,
  `"RF","EUR",0,0,0,0,"CR",0,"CR",0,"CR",0,"CR",0,"CR",0,"CR",0,${rows}`,
  `"RC",${rows}`,
  `"FF",${rows}`,
];
const report = (rows: string[], end = tail(rows.length)) => `${[...HEAD, ...rows, ...end].join('\r\n')}\r\n`;

async function parse(text: string) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(text));
  }
  const records: SettlementRecord[] = [];
  const about = { psp: 'paypal', fileName: 'STL-20260106.01.009.CSV' };
  for await (const record of parsePaypalSettlement(bytes(), about)) records.push(record);
  return records;
}

describe('paypal settlement', () => {
  it('reads a payment with its order, its capture and its fee', async () => {
    const [record] = await parse(
      report([row('3C6', 'T0006', 'CR', 5_000, { fee: '189', odr: '5O1', custom: 'att_1' })]),
    );
    assert.deepEqual(record, {
      kind: 'payment',
      batch: 'STL-20260106.01.009',
      pspReference: '5O1',
      partReference: '3C6',
      reference: 'att_1',
      grossMinor: 5_000,
      currency: 'EUR',
      netMinor: 4_811,
      feeMinor: 189,
      settlementCurrency: 'EUR',
      occurredAt: Date.parse('2026-01-05T09:00:00Z'),
      line: 5,
    });
  });

  it('knows transactions by their codes, and keeps the line of one that it does not know', async () => {
    const codes = {
      T1107: 'refund',
      T1201: 'chargeback',
      T1202: 'chargeback_reversed',
      T0001: 'payout',
      T1114: 'payout_returned',
      T0106: 'fee',
      T1503: 'reserve_held',
      T1105: 'reserve_released',
      T0200: 'conversion',
      T0400: 'transfer',
      T1900: 'unknown',
    };
    const rows = Object.keys(codes).map((code) => row(code, code, 'DR', 100));
    const records = await parse(report(rows));
    assert.deepEqual(
      records.map(({ kind }) => kind),
      Object.values(codes),
    );
    assert.equal(records.at(-1)?.raw, rows.at(-1));
    assert.ok(records.every(({ netMinor }) => netMinor === -100));
  });

  it('reads what the account began with', async () => {
    const [record] = await parse(report([], tail(0, '"DR",700')));
    assert.deepEqual([record?.kind, record?.netMinor, record?.currency], ['carried_over', -700, 'EUR']);
  });

  const good = row('3C6', 'T0006', 'CR', 5_000);
  const malformed: readonly [string, string, number | null][] = [
    ['a report that was cut', `${[...HEAD, good].join('\r\n')}\r\n`, 5],
    ['a report without a row that it counts', report([good], tail(2)), 7],
    ['a row behind the end', `${report([good])}${good}\r\n`, 11],
    ['a transaction before the columns', `${good}\r\n`, 1],
    ['an amount with decimals', report([row('3C6', 'T0006', 'CR', '50.00')]), 5],
    ['a side that is none', report([row('3C6', 'T0006', 'XX', 5_000)]), 5],
    ['a row with too few cells', report(['"SB","3C6"']), 5],
    ['a time that is none', report([good.replaceAll(TIME, 'yesterday')]), 5],
    ['another header', report([good]).replace('Custom Field', 'Other Field'), 4],
    ['another file', 'hello,world\n', 1],
  ];
  for (const [what, text, line] of malformed)
    it(`names the line of ${what}`, () =>
      assert.rejects(parse(text), (error: unknown) => {
        assert.ok(error instanceof MalformedSettlementError, String(error));
        assert.equal(error.line, line, error.message);
        return true;
      }));
});
