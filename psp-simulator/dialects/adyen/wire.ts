/**
 * Neutral payment → the answer of /payments and /payments/details. A refusal is an ordinary
 * answer with status 200; a challenge is a redirect, and carries no PSP reference yet.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { paymentDetails } from './details.ts';
import { NOT_AUTHENTICATED, type Refusal, SESSION_EXPIRED } from './magic.ts';
import { adyenAmount } from './money.ts';

/** The body of the answer that describes where the payment stands. */
export function paymentAnswer(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  if (record.state === 'requires_action') return redirectAnswer(record, psp);
  const details = paymentDetails(record);
  const common = {
    additionalData: additionalData(record),
    pspReference: record.pspReference,
    amount: adyenAmount(record.amountMinor, record.currency),
    merchantReference: record.reference ?? '',
    paymentMethod: { brand: details.brand, type: 'scheme' },
  };
  switch (record.state) {
    case 'declined':
    case 'expired': {
      const { resultCode, refusalReason, refusalReasonCode } = refusalOf(record);
      return { ...common, refusalReason, resultCode, refusalReasonCode };
    }
    case 'canceled':
      return { ...common, resultCode: 'Cancelled' };
    default:
      return {
        ...common,
        resultCode: 'Authorised',
        ...(record.threeDs === 'none'
          ? {}
          : { threeDS2Result: { transStatus: 'Y', eci: '05', messageVersion: '2.2.0' } }),
      };
  }
}

/** Why a declined payment was declined, in Adyen's words. */
export function refusalOf(record: PaymentRecord): Refusal {
  switch (record.declineReason) {
    case 'authentication_failed':
    case 'authentication_error':
      return NOT_AUTHENTICATED;
    case 'challenge_expired':
      return SESSION_EXPIRED;
    default:
      return (
        paymentDetails(record).refusal ?? { resultCode: 'Refused', refusalReason: 'Refused', refusalReasonCode: '2' }
      );
  }
}

function redirectAnswer(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  return {
    resultCode: 'RedirectShopper',
    action: {
      paymentMethodType: 'scheme',
      url: psp.challengeUrl(record.challengeId ?? ''),
      method: 'GET',
      type: 'redirect',
    },
  };
}

function additionalData(record: PaymentRecord): Record<string, string> {
  const details = paymentDetails(record);
  return {
    cardSummary: details.cardSummary,
    expiryDate: details.expiry,
    paymentMethod: details.brand,
    paymentMethodVariant: details.brand,
    threeDAuthenticated: String(record.threeDs !== 'none' && record.declineReason !== 'authentication_failed'),
    threeDOffered: String(record.threeDs !== 'none'),
    ...(record.state === 'declined' ? {} : { authCode: '033899' }),
  };
}
