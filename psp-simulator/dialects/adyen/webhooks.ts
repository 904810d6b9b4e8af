/**
 * Book change → Adyen's standard webhooks about payments, refunds and payouts.
 *
 * An immediate capture has no event of its own: AUTHORISATION is then the last word. A
 * modification's event carries the modification's reference, and the payment's as original.
 */
import type { BookChange, BookChangeType, PaymentChange, PayoutChange, RefundChange } from '../../core/book-change.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import {
  paymentDetails,
  pspReferenceFrom,
  type AdyenPayoutDetails,
  type AdyenRefundDetails,
  type CancelWord,
} from './details.ts';
import { disputeItems } from './dispute-events.ts';
import { draftOf, type ItemCore } from './notification.ts';
import { storedBy, tokenData } from './stored-card.ts';
import { additionalData, approvalText, isApproved, refusalOf } from './wire.ts';

/**
 * CAPTURE_FAILED is not here: it tells of a capture that the books never had, see modifications.ts.
 */
export const EVENT_TYPES: Readonly<Record<string, BookChangeType | 'settlement'>> = {
  AUTHORISATION: 'payment-authorized',
  RECURRING_CONTRACT: 'payment-authorized',
  CAPTURE: 'payment-captured',
  CANCELLATION: 'payment-canceled',
  TECHNICAL_CANCEL: 'payment-canceled',
  CANCEL_OR_REFUND: 'payment-canceled',
  EXPIRE: 'payment-expired',
  OFFER_CLOSED: 'payment-expired',
  REFUND: 'refund-succeeded',
  REFUND_FAILED: 'refund-failed',
  REFUNDED_REVERSED: 'refund-failed',
  PAYOUT_THIRDPARTY: 'payout-paid',
  PAYOUT_DECLINE: 'payout-canceled',
  PAIDOUT_REVERSED: 'payout-returned',
  NOTIFICATION_OF_FRAUD: 'dispute-opened',
  NOTIFICATION_OF_CHARGEBACK: 'dispute-opened',
  CHARGEBACK: 'dispute-opened',
  INFORMATION_SUPPLIED: 'dispute-evidence',
  CHARGEBACK_REVERSED: 'dispute-won',
  ISSUER_RESPONSE_TIMEFRAME_EXPIRED: 'dispute-won',
  PREARBITRATION_WON: 'dispute-won',
  DISPUTE_DEFENSE_PERIOD_ENDED: 'dispute-lost',
  SECOND_CHARGEBACK: 'dispute-lost',
  PREARBITRATION_LOST: 'dispute-lost',
  REPORT_AVAILABLE: 'settlement',
};

export function adyenWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const { record } = change;
  const { kind, state, pspReference, currency } = record;
  const reference = 'payment' in change ? change.payment.reference : record.reference;
  return itemsFor(change, context).map((core) => {
    const claim = { kind, state, reference, pspReference, amountMinor: core.amountMinor, currency };
    return draftOf(core, claim, { psp: context.psp, atMs: context.atMs });
  });
}

function itemsFor(change: BookChange, context: WebhookContext): ItemCore[] {
  switch (change.type) {
    case 'refund-created':
    case 'refund-succeeded':
    case 'refund-failed':
      return refundItems(change, context);
    case 'payout-created':
      return [];
    case 'payout-paid':
    case 'payout-failed':
    case 'payout-canceled':
    case 'payout-returned':
      return [payoutItem(change, context)];
    case 'dispute-opened':
    case 'dispute-evidence':
    case 'dispute-won':
    case 'dispute-lost':
    case 'dispute-reversed':
      return disputeItems(change);
    default:
      return paymentItems(change, context);
  }
}

function paymentItems(change: PaymentChange, context: WebhookContext): ItemCore[] {
  const { record } = change;
  switch (change.type) {
    case 'payment-created':
    case 'payment-requires-action':
    case 'payment-refunded':
    case 'payment-approved':
    case 'payment-refund-returned':
      return [];
    case 'payment-authorized':
      return [authorisation(change), ...recurringContract(change)];
    case 'payment-captured':
      return record.captureMode === 'manual'
        ? [captureItem(change)]
        : [authorisation(change), ...recurringContract(change)];
    case 'payment-declined':
      return [authorisation(change)];
    case 'payment-canceled':
      return [cancelItem(change, context, record.amountMinor)];
    case 'payment-released':
      // Nobody is told that the rest of an authorization ran out.
      return paymentDetails(record).cancel === undefined ? [] : [cancelItem(change, context, change.movedMinor)];
    case 'payment-expired':
      return [expiry(change, context)];
  }
}

function common({ record }: PaymentChange): Pick<ItemCore, 'merchantReference' | 'paymentMethod' | 'amountMinor'> {
  return {
    merchantReference: record.reference ?? '',
    paymentMethod: paymentDetails(record).brand,
    amountMinor: record.amountMinor,
  };
}

function authorisation(change: PaymentChange): ItemCore {
  const { record } = change;
  const approved = isApproved(record);
  return {
    ...common(change),
    eventCode: 'AUTHORISATION',
    success: approved,
    pspReference: record.pspReference,
    reason: approved ? approvalText(record) : refusalOf(record).refusalReason,
    additionalData: additionalData(record),
    ...(approved ? { operations: ['CANCEL', 'CAPTURE', 'REFUND'] } : {}),
  };
}

/** The token's own event: its reference is the token, so that it can be told from the payment's. */
function recurringContract(change: PaymentChange): ItemCore[] {
  const { record } = change;
  const store = storedBy(record);
  if (store === undefined) return [];
  return [
    {
      ...common(change),
      eventCode: 'RECURRING_CONTRACT',
      success: true,
      pspReference: store.token,
      originalReference: record.pspReference,
      additionalData: { ...tokenData(record), shopperReference: store.shopperReference },
    },
  ];
}

function captureItem(change: PaymentChange): ItemCore {
  const { record, movedMinor } = change;
  const id = record.captures.at(-1)?.id ?? record.pspReference;
  return {
    ...common(change),
    eventCode: 'CAPTURE',
    success: true,
    // A capture that was only claimed has an id of another form.
    pspReference: /^[A-Z0-9]{16}$/.test(id) ? id : pspReferenceFrom(id),
    originalReference: record.pspReference,
    merchantReference: paymentDetails(record).captures?.[id] ?? record.reference ?? '',
    amountMinor: movedMinor,
  };
}

/** Event code by the way in which the end of a payment was asked for. */
export const CANCEL_CODES = {
  cancel: 'CANCELLATION',
  technical: 'TECHNICAL_CANCEL',
  reversal: 'CANCEL_OR_REFUND',
} as const;

function cancelItem(change: PaymentChange, context: WebhookContext, amountMinor: number): ItemCore {
  const { record } = change;
  const { cancel } = paymentDetails(record);
  const word = cancel?.word ?? unaskedWord(change);
  return {
    ...common(change),
    amountMinor,
    eventCode: CANCEL_CODES[word],
    success: true,
    pspReference: cancel?.pspReference ?? pspReferenceFrom(context.newId('adyen')),
    originalReference: record.pspReference,
    merchantReference: cancel?.reference ?? record.reference ?? '',
    ...(word === 'reversal' ? { additionalData: { 'modification.action': 'cancel' } } : {}),
  };
}

/** For a payment that no call of the merchant ended: told as the call that would have fitted. */
function unaskedWord({ record }: PaymentChange): CancelWord {
  switch (record.steps.at(-2)?.state) {
    // The merchant knows no reference of Adyen's yet.
    case 'requires_action':
      return 'technical';
    case 'created':
      return 'reversal';
    default:
      return 'cancel';
  }
}

function expiry(change: PaymentChange, context: WebhookContext): ItemCore {
  const { record } = change;
  if (record.steps.some((step) => step.state === 'authorized'))
    return {
      ...common(change),
      eventCode: 'EXPIRE',
      success: true,
      pspReference: pspReferenceFrom(context.newId('adyen')),
      originalReference: record.pspReference,
    };
  const neverTried = record.steps.at(-2)?.state === 'created' && paymentDetails(record).native === undefined;
  if (!neverTried) return authorisation(change);
  return { ...common(change), eventCode: 'OFFER_CLOSED', success: true, pspReference: record.pspReference };
}

/**
 * A refund that will be refused by the shopper's bank looks like any other at first: REFUND says
 * that it was sent, and REFUND_FAILED that it did not arrive. Money that had arrived and is sent
 * back days later is REFUNDED_REVERSED.
 */
function refundItems({ record, type }: RefundChange, context: WebhookContext): ItemCore[] {
  const details = record.details as unknown as AdyenRefundDetails;
  const reversal = details.word === 'reversal';
  const base = {
    originalReference: record.paymentPspReference,
    merchantReference: record.reference ?? details.paymentReference ?? '',
    paymentMethod: details.brand,
    amountMinor: record.amountMinor,
  };
  const refund = (success: boolean): ItemCore => ({
    ...base,
    eventCode: reversal ? 'CANCEL_OR_REFUND' : 'REFUND',
    success,
    pspReference: record.pspReference,
    ...(success ? {} : { reason: 'Refused by the issuer' }),
    ...(reversal ? { additionalData: { 'modification.action': 'refund' } } : {}),
  });
  if (type === 'refund-created') return record.settles === 'failed' ? [refund(true)] : [];
  if (type === 'refund-succeeded') return [refund(true)];
  // An event that only claims a failure has no step of it.
  if (record.steps.at(-1)?.state !== 'failed') return [refund(false)];
  const late = record.steps.some((step) => step.state === 'succeeded');
  return [
    late
      ? {
          ...base,
          eventCode: 'REFUNDED_REVERSED',
          success: true,
          pspReference: pspReferenceFrom(context.newId('adyen')),
          reason: 'Returned by the receiving bank',
        }
      : {
          ...base,
          eventCode: 'REFUND_FAILED',
          success: true,
          pspReference: record.pspReference,
          reason: 'Refused by the issuer',
        },
  ];
}

function payoutItem({ record, type }: PayoutChange, context: WebhookContext): ItemCore {
  const base = {
    merchantReference: record.reference ?? '',
    paymentMethod: (record.details as unknown as AdyenPayoutDetails).brand,
    amountMinor: record.amountMinor,
  };
  switch (type) {
    case 'payout-returned':
      return {
        ...base,
        eventCode: 'PAIDOUT_REVERSED',
        success: true,
        pspReference: pspReferenceFrom(context.newId('adyen')),
        originalReference: record.pspReference,
        reason: 'Returned by the receiving bank',
      };
    case 'payout-canceled':
      return { ...base, eventCode: 'PAYOUT_DECLINE', success: true, pspReference: record.pspReference };
    default:
      return {
        ...base,
        eventCode: 'PAYOUT_THIRDPARTY',
        success: type === 'payout-paid',
        pspReference: record.pspReference,
        reason: type === 'payout-paid' ? '' : (record.failureReason ?? 'Refused by the receiving bank'),
      };
  }
}
