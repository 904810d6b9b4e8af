import assert from 'node:assert/strict';
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import { recordsOf } from '../test/settlement-records.ts';
import { parseStripeSettlement } from './settlement.ts';

/** The documented columns that count, in another order than usual. */
const HEADER =
  'balance_transaction_id,automatic_payout_id,created_utc,currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,charge_id,payment_intent_id,payment_metadata[reference]';
const CHARGE =
  'txn_1,po_1,2026-01-05 09:00:00,eur,50.00,1.00,49.00,charge,ch_1,"Deposit, 50",50.00,eur,ch_1,pi_1,att_1';
const parse = (...rows: string[]) => recordsOf(parseStripeSettlement, [HEADER, ...rows, ''].join('\n'));

describe("Stripe's payout reconciliation report", () => {
  it('tells a charge by its payment, and names the charge beside it', async () => {
    assert.deepEqual(await parse(CHARGE), [
      {
        kind: 'payment',
        batch: 'po_1',
        pspReference: 'pi_1',
        partReference: 'ch_1',
        reference: 'att_1',
        grossMinor: 5_000,
        currency: 'EUR',
        netMinor: 4_900,
        feeMinor: 100,
        settlementCurrency: 'EUR',
        occurredAt: Date.parse('2026-01-05T09:00:00Z'),
        line: 2,
      },
    ]);
  });

  const kinds = [
    ['refund', '-20.00', 'refund'],
    ['refund_failure', '20.00', 'refund_failed'],
    ['dispute', '-50.00', 'chargeback'],
    ['dispute_reversal', '50.00', 'chargeback_reversed'],
    ['fee', '-20.00', 'fee'],
    ['risk_reserved_funds', '-5.00', 'reserve_held'],
    ['risk_reserved_funds', '5.00', 'reserve_released'],
    ['tax', '-1.00', 'unknown'],
    ['constructor', '-1.00', 'unknown'],
  ] as const;
  for (const [category, gross, kind] of kinds) {
    it(`calls ${category} of ${gross} ${kind}`, async () => {
      const row = `txn_2,po_1,2026-01-05 09:00:00,eur,${gross},0.00,${gross},${category},src_1,,${gross},eur,,pi_1,`;
      const [record] = await parse(row);
      assert.deepEqual(
        [record?.kind, record?.grossMinor, record?.netMinor],
        [kind, Number(gross) * 100, Number(gross) * 100],
      );
      assert.equal(record?.raw, kind === 'unknown' ? row : undefined);
    });
  }

  it('names a payout to a player by its own id', async () => {
    const [record] = await parse(
      'txn_3,po_1,2026-01-05 09:00:00,eur,-20.00,0.00,-20.00,payout,po_9,,-20.00,eur,,,pot_1',
    );
    assert.deepEqual(
      [record?.kind, record?.pspReference, record?.partReference, record?.reference],
      ['payout', 'po_9', null, 'pot_1'],
    );
  });

  it('tells what the player paid in his own currency, signed as the balance', async () => {
    const [record] = await parse(
      'txn_4,po_1,2026-01-05 09:00:00,eur,-30.50,0.00,-30.50,refund,re_1,,5000,jpy,,pi_1,att_1',
    );
    assert.deepEqual([record?.grossMinor, record?.currency, record?.netMinor], [-5_000, 'JPY', -3_050]);
  });

  it('is refused by the line that names no payout', () =>
    assert.rejects(
      parse(CHARGE, CHARGE.replace('po_1', '')),
      (error: unknown) => error instanceof MalformedSettlementError && error.line === 3,
    ));
});
