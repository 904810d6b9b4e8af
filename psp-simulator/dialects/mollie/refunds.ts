/**
 * Mollie's refunds. One is pending until it is sent to the bank, so it can still be canceled;
 * a second one of the same amount within the hour is taken for a mistake and refused.
 */
import type { RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, referenceIn, refundDetails } from './details.ts';
import { conflict, emptyAnswer, halAnswer, noSuch, unprocessable } from './errors.ts';
import { metadataIn, optionalText, refuseUnknown } from './fields.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { minorFromAmount } from './money.ts';
import { paymentOf } from './payment-of.ts';
import { ownPlace, placeOf } from './place.ts';
import { nextGenDraft, wants } from './webhook-drafts.ts';
import { refundObject } from './wire.ts';

const HOUR_MS = 3_600_000;

export function createRefund(call: Call): PspAnswer {
  refuseUnknown(
    call,
    ['amount', 'description', 'metadata', 'lines', 'externalReference'],
    ['routingReversals', 'reverseRouting'],
  );
  const payment = paymentOf(call);
  const { amountMinor, currency } = minorFromAmount(call.body['amount'], 'amount');
  if (currency !== payment.currency)
    throw unprocessable('The currency of the refund differs from that of the payment', 'amount.currency');
  if (payment.state !== 'captured' && payment.state !== 'refunded')
    throw unprocessable('The payment is not paid and cannot be refunded');
  const known = call.psp.bank.refunds({ paymentPspReference: payment.pspReference });
  const leftMinor = known
    .filter((refund) => refund.state === 'pending')
    .reduce((left, refund) => left - refund.amountMinor, payment.capturedMinor - payment.refundedMinor);
  if (amountMinor === 0 || amountMinor > leftMinor)
    throw unprocessable('The specified amount cannot be refunded', 'amount.value');
  const sinceMs = call.psp.nowMs() - HOUR_MS;
  if (
    known.some((other) => other.state !== 'failed' && other.amountMinor === amountMinor && other.createdAtMs > sinceMs)
  )
    throw conflict('A duplicate refund has been detected');
  const metadata = metadataIn(call.body);
  const record = call.psp.bank.createRefund({
    pspReference: call.psp.ids.next('re'),
    paymentPspReference: payment.pspReference,
    reference: referenceIn(metadata),
    amountMinor,
    outcome: 'pending',
    details: asDetails({
      description: optionalText(call.body, 'description', { most: 255 }) ?? '',
      metadata,
      canceled: false,
    }),
  });
  return halAnswer(201, refundObject(record, placeOf(call)));
}

export function getRefund(call: Call): PspAnswer {
  return halAnswer(200, refundObject(refundOf(call), placeOf(call)));
}

export function listRefunds(call: Call): PspAnswer {
  const payment = paymentOf(call);
  const own = call.psp.bank.refunds({ paymentPspReference: payment.pspReference });
  return listAnswer(call, refundItems(own), { name: 'refunds', page: 'list-refunds' });
}

export function listAllRefunds(call: Call): PspAnswer {
  const seen = call.psp.bank.refunds().filter((record) => call.isVisible(record, call.psp.profile.visibilityLagMs));
  return listAnswer(call, refundItems(seen), { name: 'refunds', page: 'list-all-refunds' });
}

/** DELETE: a refund that is not sent yet is withdrawn. The books have no word for it but failed. */
export function cancelRefund(call: Call): PspAnswer {
  const record = refundOf(call);
  if (record.state !== 'pending') throw unprocessable('The refund was already sent and cannot be canceled', 'id');
  const { bank } = call.psp;
  bank.setDetails(record.pspReference, asDetails({ ...refundDetails(record), canceled: true }));
  const after = bank.settleRefund(record.pspReference, 'failed');
  if (wants(call.psp, 'refund.canceled')) {
    const payment = bank.payment(after.paymentPspReference);
    call.psp.announce(
      nextGenDraft({
        type: 'refund.canceled',
        entity: refundObject(after, ownPlace(call.psp)),
        path: `payments/${payment.pspReference}/refunds/${after.pspReference}`,
        record: after,
        reference: payment.reference,
        state: 'canceled',
        psp: call.psp,
        eventId: call.psp.ids.next('event'),
        atMs: call.psp.nowMs(),
      }),
    );
  }
  return emptyAnswer(204);
}

export function refundItems(records: readonly RefundRecord[]): ListItem[] {
  return records.map((record) => ({ id: record.pspReference, render: (place) => refundObject(record, place) }));
}

function refundOf(call: Call): RefundRecord {
  const payment = paymentOf(call);
  const id = call.params['refundId'] ?? '';
  const record = call.psp.bank.findRefund(id);
  if (record === undefined || record.paymentPspReference !== payment.pspReference || !call.isVisible(record, 0))
    throw noSuch('refund', id);
  return record;
}
