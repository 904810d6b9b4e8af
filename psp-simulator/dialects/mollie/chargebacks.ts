/** Mollie's chargebacks: read only. Mollie's API takes no evidence; a merchant answers by mail or in the dashboard. */
import type { DisputeRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { halAnswer, noSuch } from './errors.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { paymentOf } from './payment-of.ts';
import { placeOf } from './place.ts';
import { chargebackObject } from './wire.ts';

export function getChargeback(call: Call): PspAnswer {
  const payment = paymentOf(call);
  const id = call.params['chargebackId'] ?? '';
  const record = call.psp.bank.findDispute(id);
  if (record === undefined || record.paymentPspReference !== payment.pspReference) throw noSuch('chargeback', id);
  return halAnswer(200, chargebackObject(record, placeOf(call)));
}

export function listChargebacks(call: Call): PspAnswer {
  const payment = paymentOf(call);
  const own = call.psp.bank.disputes({ paymentPspReference: payment.pspReference });
  return listAnswer(call, chargebackItems(own), { name: 'chargebacks', page: 'list-chargebacks' });
}

export function listAllChargebacks(call: Call): PspAnswer {
  return listAnswer(call, chargebackItems(call.psp.bank.disputes()), {
    name: 'chargebacks',
    page: 'list-all-chargebacks',
  });
}

export function chargebackItems(records: readonly DisputeRecord[]): ListItem[] {
  return records.map((record) => ({ id: record.pspReference, render: (place) => chargebackObject(record, place) }));
}
