import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementRecord } from '../../../ports/settlement.ts';
import { parseMollieSettlement } from './settlement.ts';

const MOVEMENTS = 'settlement_1234567.2601.01_balance_transactions.json';
const SETTLEMENT = 'settlement_1234567.2601.01.json';

function movement(type: string, context: object, more: object = {}): object {
  return {
    resource: 'balance_transaction',
    id: 'baltr_1',
    type,
    resultAmount: { currency: 'EUR', value: '48.85' },
    initialAmount: { currency: 'EUR', value: '50.00' },
    deductions: { currency: 'EUR', value: '-1.15' },
    createdAt: '2026-01-05T09:00:00+00:00',
    context,
    ...more,
  };
}

function file(movements: readonly object[]): string {
  return JSON.stringify({ count: movements.length, _embedded: { balance_transactions: movements } }, null, 2);
}

async function read(text: string | Buffer, fileName = MOVEMENTS, pieces = 7): Promise<SettlementRecord[]> {
  const bytes = Buffer.from(text);
  async function* input(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieces) yield await Promise.resolve(bytes.subarray(at, at + pieces));
  }
  const records: SettlementRecord[] = [];
  for await (const record of parseMollieSettlement(input(), { psp: 'mollie', fileName })) records.push(record);
  return records;
}

const payment = movement('payment', { payment: { paymentId: 'tr_1', paymentDescription: 'att_1' } });

describe("mollie's settlements", () => {
  it('reads a payment with its fee', async () => {
    assert.deepEqual(await read(file([payment])), [
      {
        kind: 'payment',
        batch: '1234567.2601.01',
        pspReference: 'tr_1',
        partReference: null,
        reference: 'att_1',
        grossMinor: 5_000,
        currency: 'EUR',
        netMinor: 4_885,
        feeMinor: 115,
        settlementCurrency: 'EUR',
        occurredAt: Date.parse('2026-01-05T09:00:00Z'),
        line: 1,
      },
    ]);
  });

  for (const [type, context, kind, ids] of [
    ['capture', { capture: { paymentId: 'tr_1', captureId: 'cpt_1' } }, 'payment', ['tr_1', 'cpt_1']],
    ['refund', { refund: { paymentId: 'tr_1', refundId: 're_1' } }, 'refund', ['tr_1', 're_1']],
    ['returned-refund', { returnedRefund: { paymentId: 'tr_1', refundId: 're_1' } }, 'refund_failed', ['tr_1', 're_1']],
    ['chargeback', { chargeback: { paymentId: 'tr_1', chargebackId: 'chb_1' } }, 'chargeback', ['tr_1', 'chb_1']],
    ['chargeback-reversal', { x: { paymentId: 'tr_1', chargebackId: 'c' } }, 'chargeback_reversed', ['tr_1', 'c']],
    ['outgoing-custom-amount-transfer', { x: { transferId: 'po_1' } }, 'payout', ['po_1', null]],
    ['returned-transfer', { x: { transferId: 'po_1' } }, 'payout_returned', ['po_1', null]],
    ['outgoing-transfer', { x: { settlementId: 'stl_1', transferId: 'b' } }, 'transfer', [null, 'stl_1']],
    ['invoice-compensation', {}, 'fee', [null, null]],
    ['rolling-reserve-hold', {}, 'reserve_held', [null, null]],
    ['rolling-reserve-release', {}, 'reserve_released', [null, null]],
  ] as const)
    it(`reads ${type} as ${kind}`, async () => {
      const [record] = await read(file([movement(type, context)]));
      assert.deepEqual([record?.kind, record?.pspReference, record?.partReference], [kind, ...ids]);
    });

  it('keeps a type that it does not know, with the movement itself', async () => {
    const [record] = await read(file([movement('something-new', {})]));
    assert.equal(record?.kind, 'unknown');
    assert.equal((JSON.parse(record.raw ?? '') as { type: string }).type, 'something-new');
  });

  it('reads any text in a movement, however the file is cut into pieces', async () => {
    const description = 'say "{[}]" \\ and \\" — é€😀';
    const odd = movement('payment', { payment: { paymentId: 'tr_1', paymentDescription: description } });
    for (const pieces of [1, 2, 3, 64, 1_000_000])
      assert.deepEqual(
        (await read(file([odd, payment, odd]), MOVEMENTS, pieces)).map(({ reference, line }) => [reference, line]),
        [
          [description, 1],
          ['att_1', 2],
          [description, 3],
        ],
      );
  });

  it('reads of the settlement object what was carried over, and nothing that the movements tell', async () => {
    const line = (description: string, value: string) => ({
      description,
      method: null,
      count: 1,
      amountGross: { currency: 'EUR', value },
    });
    const document = {
      resource: 'settlement',
      reference: '1234567.2601.01',
      settledAt: '2026-01-07T00:00:00+00:00',
      periods: {
        2026: { '01': { revenue: [line('Card', '50.0000'), line('Balance carried over', '-12.5000')], costs: [] } },
      },
    };
    const records = await read(JSON.stringify(document), SETTLEMENT);
    assert.deepEqual(
      records.map(({ kind, netMinor, batch }) => [kind, netMinor, batch]),
      [['carried_over', -1_250, '1234567.2601.01']],
    );
  });

  it('has nothing to say of a file without movements', async () => {
    assert.deepEqual(await read(file([])), []);
  });

  const whole = file([payment, payment]);
  for (const [what, text, line] of [
    ['nothing', '', null],
    ['no JSON', 'movements', null],
    ['a file cut inside a movement', whole.slice(0, whole.length - 100), 1],
    ['a file cut behind a movement', file([payment]).replace(/\]\s*\}\s*\}\s*$/, ''), 1],
    ['a movement without amounts', file([payment, { ...payment, resultAmount: null }]), 2],
    ['an amount that is none', file([movement('payment', {}, { resultAmount: { currency: 'EUR', value: 'x' } })]), 1],
    ['a currency that is none', file([movement('payment', {}, { resultAmount: { currency: 'QQQ', value: '1' } })]), 1],
    ['a fraction of a cent', file([movement('payment', {}, { resultAmount: { currency: 'EUR', value: '1.005' } })]), 1],
    ['a time that is none', file([movement('payment', {}, { createdAt: 'yesterday' })]), 1],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]), 0],
  ] as const)
    it(`refuses ${what}`, async () => {
      await assert.rejects(read(text), (error: unknown) => {
        assert.ok(error instanceof MalformedSettlementError, String(error));
        assert.equal(error.line, line);
        return true;
      });
    });
});
