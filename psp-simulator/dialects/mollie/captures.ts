/** Mollie's captures: of payments that were authorized with `captureMode: manual`, several per payment until nothing is left. */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, paymentDetails } from './details.ts';
import { halAnswer, noSuch, unprocessable } from './errors.ts';
import { metadataIn, optionalText, refuseUnknown } from './fields.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { minorFromAmount } from './money.ts';
import { paymentOf } from './payment-of.ts';
import { placeOf } from './place.ts';
import { captureObject } from './wire.ts';

export function createCapture(call: Call): PspAnswer {
  refuseUnknown(call, ['amount', 'description', 'metadata']);
  const payment = paymentOf(call);
  if (payment.capturableMinor === 0)
    throw unprocessable('The payment is not authorized, or was already captured', 'id');
  const amountMinor = amountIn(call, payment);
  const captureId = call.psp.ids.next('cpt');
  const details = paymentDetails(payment);
  const note = { description: optionalText(call.body, 'description', { most: 255 }), metadata: metadataIn(call.body) };
  call.psp.bank.setDetails(
    payment.pspReference,
    asDetails({ ...details, captureNotes: { ...details.captureNotes, [captureId]: note } }),
  );
  const after = call.psp.bank.capture(payment.pspReference, { amountMinor, final: false, captureId });
  const capture = after.captures.at(-1);
  if (capture === undefined) throw noSuch('capture', captureId);
  return halAnswer(201, captureObject(capture, after, placeOf(call)));
}

export function getCapture(call: Call): PspAnswer {
  const payment = paymentOf(call);
  const id = call.params['captureId'] ?? '';
  const capture = byHand(payment).find((known) => known.id === id);
  if (capture === undefined) throw noSuch('capture', id);
  return halAnswer(200, captureObject(capture, payment, placeOf(call)));
}

export function listCaptures(call: Call): PspAnswer {
  return listAnswer(call, captureItems(paymentOf(call)), { name: 'captures', page: 'list-captures' });
}

export function captureItems(payment: PaymentRecord): ListItem[] {
  return byHand(payment).map((capture) => ({
    id: capture.id,
    render: (place) => captureObject(capture, payment, place),
  }));
}

/** A payment that is captured by itself has no capture objects at Mollie. */
function byHand(payment: PaymentRecord): PaymentRecord['captures'] {
  return payment.captureMode === 'manual' ? payment.captures : [];
}

function amountIn(call: Call, payment: PaymentRecord): number {
  const { amount } = call.body;
  if (amount === undefined || amount === null) return payment.capturableMinor;
  const { amountMinor, currency } = minorFromAmount(amount, 'amount');
  if (currency !== payment.currency)
    throw unprocessable('The currency of the capture differs from that of the payment', 'amount.currency');
  if (amountMinor === 0 || amountMinor > payment.capturableMinor)
    throw unprocessable('The amount is higher than the amount that can be captured', 'amount.value');
  return amountMinor;
}
