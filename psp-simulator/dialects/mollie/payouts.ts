/**
 * `/v2/payouts`: money from a balance to the merchant's bank account. The bank decides later; a
 * payout can be canceled until then. Whether the balance holds enough is not checked.
 */
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { availableMinor } from './balances.ts';
import { asDetails } from './details.ts';
import { conflict, halAnswer, noSuch, unprocessable } from './errors.ts';
import { optionalText, refuseUnknown, textField } from './fields.ts';
import { listAnswer } from './list.ts';
import { payoutScript } from './magic.ts';
import { minorFromAmount } from './money.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';
import { currencyOfBalance } from './settlement-ids.ts';
import { payoutObject } from './wire.ts';

export function createPayout(call: Call): PspAnswer {
  refuseUnknown(call, ['balanceId', 'amount', 'description', 'testmode']);
  const { body, psp } = call;
  const balanceId = textField(body, 'balanceId', { most: 64 });
  const currency = currencyOfBalance(psp, balanceId);
  if (currency === undefined) throw unprocessable('The balance ID is invalid', 'balanceId');
  const description = optionalText(body, 'description', { most: 255 });
  const { reference, outcome } = payoutScript(description);
  const record = psp.bank.createPayout({
    pspReference: psp.ids.next('payout'),
    reference,
    amountMinor: amountIn(call, currency),
    currency,
    outcome,
    failureReason: outcome === 'failed' ? 'The bank could not process the payout.' : null,
    details: asDetails({ description, balanceId }),
  });
  return halAnswer(201, payoutObject(record, placeOf(call)));
}

export function getPayout(call: Call): PspAnswer {
  return halAnswer(200, payoutObject(payoutOf(call), placeOf(call)));
}

export function listPayouts(call: Call): PspAnswer {
  const items = call.psp.bank
    .payouts()
    .filter((record) => call.isVisible(record, call.psp.profile.visibilityLagMs))
    .map((record) => ({ id: record.pspReference, render: (place: Place) => payoutObject(record, place) }));
  return listAnswer(call, items, { name: 'payouts', page: 'list-payouts' });
}

export function cancelPayout(call: Call): PspAnswer {
  const record = payoutOf(call);
  if (record.state !== 'pending') throw conflict('The payout can no longer be canceled');
  return halAnswer(200, payoutObject(call.psp.bank.settlePayout(record.pspReference, 'canceled'), placeOf(call)));
}

/** Without an amount: everything that is available. */
function amountIn(call: Call, currency: string): number {
  const { amount } = call.body;
  if (amount === undefined || amount === null) {
    const available = availableMinor(call.psp, currency);
    if (available <= 0) throw unprocessable('The balance has no available amount', 'amount');
    return available;
  }
  const money = minorFromAmount(amount, 'amount');
  if (money.currency !== currency)
    throw unprocessable('The currency of the payout differs from that of the balance', 'amount.currency');
  if (money.amountMinor === 0) throw unprocessable('The amount is lower than the minimum', 'amount.value');
  return money.amountMinor;
}

function payoutOf(call: Call): PayoutRecord {
  const id = call.params['id'] ?? '';
  const record = call.psp.bank.findPayout(id);
  if (record === undefined || !call.isVisible(record, 0)) throw noSuch('payout', id);
  return record;
}
