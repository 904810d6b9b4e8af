/**
 * A payment as Mollie's API shows it. The official TypeScript SDK checks every field, so the
 * object is complete: what Mollie always sends is always here.
 */
import type { PaymentRecord, PaymentState } from '../../core/records.ts';
import { paymentDetails } from './details.ts';
import { failureReason, reasonByAmount } from './magic.ts';
import { amountOf } from './money.ts';
import { documentation, halLink, htmlLink, mollieTime } from './place.ts';
import type { Link, Place } from './place.ts';

export type PaymentStatus = 'open' | 'authorized' | 'paid' | 'canceled' | 'expired' | 'failed';

const DAY_MS = 86_400_000;

const STATUS: Readonly<Record<PaymentState, PaymentStatus>> = {
  created: 'open',
  requires_action: 'open',
  authorized: 'authorized',
  captured: 'paid',
  declined: 'failed',
  canceled: 'canceled',
  expired: 'expired',
  refunded: 'paid',
};

/** Mollie knows no status of its own for refunds, and stays at `authorized` until nothing is left to capture. */
export function paymentStatus(record: PaymentRecord): PaymentStatus {
  return record.capturableMinor > 0 ? 'authorized' : STATUS[record.state];
}

export interface PaymentExtras {
  /** Set when it is known that the payment is part of a settlement. */
  settlementId?: string;
  embedded?: Record<string, unknown>;
}

export function paymentObject(
  record: PaymentRecord,
  place: Place,
  extras: PaymentExtras = {},
): Record<string, unknown> {
  const { pspReference: id, currency } = record;
  const details = paymentDetails(record);
  const status = paymentStatus(record);
  const amount = (minor: number): unknown => amountOf(Math.max(0, minor), currency);
  const expiresAtMs = status === 'open' ? expiry(record, place) : null;
  return {
    resource: 'payment',
    id,
    mode: 'test',
    createdAt: mollieTime(record.createdAtMs),
    amount: amount(record.amountMinor),
    description: details.description,
    method: status === 'open' ? details.askedMethod : record.method,
    metadata: details.metadata ?? null,
    status,
    ...times(record, status),
    ...(expiresAtMs === null ? {} : { expiresAt: mollieTime(expiresAtMs) }),
    isCancelable: status === 'open' || (status === 'authorized' && record.capturedMinor === 0),
    ...(details.locale === null ? {} : { locale: details.locale }),
    profileId: profileId(place),
    ...(details.customerId === null ? {} : { customerId: details.customerId }),
    ...(details.mandateId === null || status === 'open' ? {} : { mandateId: details.mandateId }),
    sequenceType: details.sequenceType,
    redirectUrl: record.returnUrl,
    ...(details.cancelUrl === null ? {} : { cancelUrl: details.cancelUrl }),
    ...(details.webhookUrl === null ? {} : { webhookUrl: details.webhookUrl }),
    captureMode: record.captureMode,
    ...(status === 'authorized' ? { captureBefore: captureBefore(record, place) } : {}),
    ...moneyMoved(record, place, amount),
    ...(extras.settlementId === undefined ? {} : { settlementId: extras.settlementId }),
    ...details.echo,
    ...(status === 'open' ? {} : { details: methodDetails(record) }),
    ...(extras.embedded === undefined ? {} : { _embedded: extras.embedded }),
    _links: links(record, place, extras.settlementId),
  };
}

export function profileId(place: Place): string {
  return `pfl_${place.psp.name.replaceAll('-', '')}`;
}

function moneyMoved(record: PaymentRecord, place: Place, amount: (minor: number) => unknown): Record<string, unknown> {
  const { pspReference, capturedMinor, refundedMinor, disputedMinor, captureMode } = record;
  const onTheWay = place.psp.bank
    .refunds({ paymentPspReference: pspReference })
    .reduce((sum, refund) => sum + (refund.state === 'pending' ? refund.amountMinor : 0), 0);
  const refunded = refundedMinor + onTheWay;
  return {
    ...(captureMode === 'manual' && capturedMinor > 0 ? { amountCaptured: amount(capturedMinor) } : {}),
    ...(capturedMinor > 0
      ? { amountRefunded: amount(refunded), amountRemaining: amount(capturedMinor - refunded) }
      : {}),
    ...(disputedMinor > 0 ? { amountChargedBack: amount(disputedMinor) } : {}),
  };
}

function times(record: PaymentRecord, status: PaymentStatus): Record<string, string> {
  const authorizedAtMs = record.steps.find((step) => step.state === 'authorized')?.atMs;
  const endedAtMs = status === 'paid' ? (record.captures.at(-1)?.atMs ?? record.updatedAtMs) : record.updatedAtMs;
  const named = { paid: 'paidAt', canceled: 'canceledAt', expired: 'expiredAt', failed: 'failedAt' } as const;
  const end = status === 'open' || status === 'authorized' ? undefined : named[status];
  return {
    ...(authorizedAtMs === undefined ? {} : { authorizedAt: mollieTime(authorizedAtMs) }),
    ...(end === undefined ? {} : { [end]: mollieTime(endedAtMs) }),
  };
}

/** The page's end where there is one. */
function expiry(record: PaymentRecord, { psp }: Place): number | null {
  const lifeMs = record.challengeId === null ? psp.profile.openLifeMs : psp.profile.challengeLifeMs;
  return lifeMs > 0 ? record.createdAtMs + lifeMs : null;
}

/** Mollie gives a date: the last day on which a capture is possible. */
function captureBefore(record: PaymentRecord, { psp }: Place): string | null {
  const { authorizationLifeMs } = psp.profile;
  if (authorizationLifeMs <= 0) return null;
  const sinceMs = record.steps.find((step) => step.state === 'authorized')?.atMs ?? record.createdAtMs;
  return new Date(sinceMs + authorizationLifeMs - DAY_MS).toISOString().slice(0, 10);
}

const LABELS = { visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express', other: 'Visa' } as const;

/** `details`: what Mollie tells about the card or account. A card's last digits are those of the scheme's test card. */
function methodDetails(record: PaymentRecord): Record<string, unknown> {
  const { method, authentication, declineReason } = record;
  const { scheme, wallet } = paymentDetails(record);
  if (method !== 'creditcard') {
    return {
      consumerName: 'T. Test',
      consumerAccount: 'NL02ABNA0123456789',
      consumerBic: 'ABNANL2A',
      ...(declineReason === null ? {} : { failureReason: failureReason(declineReason) }),
    };
  }
  const authenticated = authentication?.result === 'authenticated' || authentication?.result === 'attempted';
  const reason =
    declineReason === null ? null : (failureOnPage(record) ?? byAuthentication(record) ?? failureReason(declineReason));
  return {
    cardNumber: { visa: '1111', mastercard: '4444', amex: '0005', other: '1111' }[scheme],
    cardHolder: 'T. Test',
    cardAudience: 'consumer',
    cardLabel: LABELS[scheme],
    cardCountryCode: 'NL',
    cardExpiryDate: '2030-03-31',
    cardFunding: 'credit',
    cardSecurity: authenticated ? '3dsecure' : 'normal',
    ...(authentication === null ? {} : { card3dsEci: authentication.eci }),
    feeRegion: scheme === 'amex' ? 'american-express' : 'intra-eu',
    ...(wallet === null ? {} : { wallet }),
    failureReason: reason,
    failureMessage: reason === null ? null : `The payment failed: ${reason.replaceAll('_', ' ')}.`,
  };
}

/** A card payment that was made to fail on the hosted page tells the reason that its amount stands for. */
function failureOnPage(record: PaymentRecord): string | undefined {
  return record.threeDs === 'none' && record.challengeId !== null
    ? reasonByAmount(record.amountMinor, record.currency)
    : undefined;
}

function byAuthentication({ authentication }: PaymentRecord): string | undefined {
  if (authentication?.result === 'abandoned' || authentication?.result === 'timed_out')
    return 'authentication_abandoned';
  return authentication?.result === 'unavailable' ? 'authentication_unavailable_acs' : undefined;
}

function links(record: PaymentRecord, place: Place, settlementId: string | undefined): Record<string, Link> {
  const { pspReference: id, challengeId, state } = record;
  const { customerId, mandateId } = paymentDetails(record);
  const page = state === 'requires_action' && challengeId !== null ? place.psp.challengeUrl(challengeId) : null;
  return {
    self: halLink(place, `payments/${id}`),
    ...(page === null ? {} : { checkout: htmlLink(page), changePaymentState: htmlLink(page) }),
    dashboard: htmlLink(`https://my.mollie.com/dashboard/${profileId(place)}/payments/${id}`),
    ...(record.capturedMinor > 0 && record.captureMode === 'manual'
      ? { captures: halLink(place, `payments/${id}/captures`) }
      : {}),
    ...(record.refundedMinor > 0 ? { refunds: halLink(place, `payments/${id}/refunds`) } : {}),
    ...(record.disputedMinor > 0 ? { chargebacks: halLink(place, `payments/${id}/chargebacks`) } : {}),
    ...(settlementId === undefined ? {} : { settlement: halLink(place, `settlements/${settlementId}`) }),
    ...(customerId === null ? {} : { customer: halLink(place, `customers/${customerId}`) }),
    ...(customerId === null || mandateId === null || state === 'requires_action'
      ? {}
      : { mandate: halLink(place, `customers/${customerId}/mandates/${mandateId}`) }),
    documentation: documentation('get-payment'),
  };
}
