import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementRecord } from '../../../ports/settlement.ts';
import { parseCheckoutSettlement } from './settlement.ts';

const HEAD =
  'Client Entity ID,Currency Account ID,Payout ID,Financial Action ID,Payment ID,Action ID,Reference,Payment Method,' +
  'Processed On,Action Type,Breakdown Type,Processing Currency,Processing Currency Amount,FX Rate Applied,' +
  'Holding Currency,Holding Currency Amount';
const row = (action: string, type: string, breakdown: string, amounts: string, ids = 'pay_1,act_1,att_1') =>
  `ent_1,ca_1,PAYOUT1,${action},${ids},VISA,2026-01-05T09:00:00.000Z,${type},${breakdown},${amounts}`;

async function parse(text: string, fileName = 'financial-actions_ent_20260106_PAYOUT1_1.csv') {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(text));
  }
  const records: SettlementRecord[] = [];
  for await (const record of parseCheckoutSettlement(bytes(), { psp: 'cko', fileName })) records.push(record);
  return records;
}

describe('checkout settlement', () => {
  it('adds the parts of an action up, converted and with its fees', async () => {
    const text = [
      HEAD,
      row('fa_1', 'Capture', 'Capture', 'USD,100.00,0.9,EUR,90.00'),
      row('fa_1', 'Capture', 'Interchange Fee', 'EUR,-0.27,1,EUR,-0.27'),
      row('fa_1', 'Capture', 'Premium Variable Fee', 'EUR,-0.23,1,EUR,-0.23'),
      row('fa_2', 'Refund', 'Refund', 'EUR,-10.00,1,EUR,-10.00', 'pay_1,act_2,ref_1'),
      row('fa_3', 'Rolling Reserve', 'Rolling Reserve Deduction', 'EUR,-5.00,1,EUR,-5.00', ',,'),
    ].join('\r\n');
    const records = await parse(text);
    assert.deepEqual(records[0], {
      kind: 'payment',
      batch: 'PAYOUT1',
      pspReference: 'pay_1',
      partReference: 'act_1',
      reference: 'att_1',
      grossMinor: 10_000,
      currency: 'USD',
      netMinor: 8_950,
      feeMinor: 50,
      settlementCurrency: 'EUR',
      occurredAt: Date.parse('2026-01-05T09:00:00.000Z'),
      line: 2,
    });
    assert.deepEqual(
      records.map(({ kind, netMinor, reference, line }) => [kind, netMinor, reference, line]),
      [
        ['payment', 8_950, 'att_1', 2],
        ['refund', -1_000, 'ref_1', 5],
        ['reserve_held', -500, null, 6],
      ],
    );
  });

  it('keeps an action that it does not know, with its line', async () => {
    const line = row('fa_1', 'Something New', 'Whatever', 'EUR,1.00,1,EUR,1.00');
    const [record] = await parse(`${HEAD}\n${line}\n`);
    assert.deepEqual([record?.kind, record?.raw], ['unknown', line]);
  });

  it('reads the transfer and what was carried over', async () => {
    const text =
      'Holding Currency,Payout ID,Payout Date,Carried Over,Payout Amount\nEUR,PAYOUT1,2026-01-06T02:00:00.000Z,-3.00,97.00\n';
    assert.deepEqual(
      (await parse(text, 'payouts_ent_1.csv')).map(({ kind, netMinor }) => [kind, netMinor]),
      [
        ['carried_over', -300],
        ['transfer', -9_700],
      ],
    );
  });

  const malformed: readonly [string, string, number | null][] = [
    ['an empty file', '', null],
    ['another header', 'a,b,c\n', 1],
    ['a row that was cut', `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'EUR,1.00')}\n`, 2],
    ['an amount that is none', `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'EUR,1.0O,1,EUR,1.00')}\n`, 2],
    ['more decimals than the currency has', `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'JPY,1.5,1,JPY,1')}\n`, 2],
    ['a missing amount', `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'EUR,,1,EUR,1.00')}\n`, 2],
    ['a currency of nobody', `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'EUX,1.00,1,EUX,1.00')}\n`, 2],
    [
      'a fee in another currency',
      `${HEAD}\n${row('fa_1', 'Capture', 'Capture', 'EUR,1.00,1,EUR,1.00')}\n${row('fa_1', 'Capture', 'Fee', 'USD,-1.00,1,USD,-1.00')}\n`,
      3,
    ],
  ];
  for (const [what, text, line] of malformed)
    it(`names the line of ${what}`, () =>
      assert.rejects(parse(text), (error: unknown) => {
        assert.ok(error instanceof MalformedSettlementError, String(error));
        assert.equal(error.line, line);
        return true;
      }));

  it('names the record of a JSON document that is not what it should be', async () => {
    const name = 'financial-actions_ent_20260106_PAYOUT1_1.json';
    await assert.rejects(parse('[]', name), MalformedSettlementError);
    await assert.rejects(parse('{"data":[{"breakdown":[]}]}', name), /line 1: a financial action without a breakdown/);
  });
});
