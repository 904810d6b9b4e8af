/**
 * Neutral payment → the answer of /payments and /payments/details. A refusal is an ordinary
 * answer with status 200; a challenge is an action, and carries no PSP reference yet.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { paymentDetails } from './details.ts';
import { adyenAmount } from './money.ts';
import { neutralReason, refusalFor, type Refusal } from './refusals.ts';
import { storedBy, tokenData } from './stored-card.ts';
import { challengeAction, fingerprintAction, redirectAction, threeDs2Result, threeDsData } from './three-ds.ts';

const AUTH_CODE = '033899';

/** The body of the answer that describes where the payment stands. */
export function paymentAnswer(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const { brand, native } = paymentDetails(record);
  if (record.state === 'created') return { resultCode: 'IdentifyShopper', action: fingerprintAction(record, psp) };
  if (record.state === 'requires_action')
    return native === undefined
      ? { resultCode: 'RedirectShopper', action: redirectAction(record, psp) }
      : { resultCode: 'ChallengeShopper', action: challengeAction(record, psp) };
  const common = {
    additionalData: additionalData(record),
    pspReference: record.pspReference,
    amount: adyenAmount(record.amountMinor, record.currency),
    merchantReference: record.reference ?? '',
    paymentMethod: { brand, type: 'scheme' },
    ...threeDs2Result(record),
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
      return { ...common, resultCode: 'Authorised' };
  }
}

/** Why a declined payment was declined, in Adyen's words: the test value's, as long as it is what happened. */
export function refusalOf(record: PaymentRecord): Refusal {
  const wanted = paymentDetails(record).refusal;
  const reason = record.declineReason ?? 'generic';
  return wanted !== null && neutralReason(wanted) === reason ? wanted : refusalFor(reason);
}

/** What Adyen says about card and authentication, in answers and in AUTHORISATION alike. */
export function additionalData(record: PaymentRecord): Record<string, string> {
  const { brand, cardSummary, expiry, recurringModel } = paymentDetails(record);
  const approved = isApproved(record);
  return {
    cardSummary,
    expiryDate: expiry,
    paymentMethod: brand,
    paymentMethodVariant: brand,
    ...threeDsData(record),
    ...(recurringModel === null ? {} : { recurringProcessingModel: recurringModel }),
    ...(approved ? { authCode: AUTH_CODE } : { refusalReasonRaw: refusalOf(record).refusalReason }),
    ...(storedBy(record) === undefined ? {} : tokenData(record)),
  };
}

/** The text in `reason` of a successful AUTHORISATION: code, last digits, expiry. */
export function approvalText(record: PaymentRecord): string {
  const { cardSummary, expiry } = paymentDetails(record);
  return `${AUTH_CODE}:${cardSummary}:${expiry}`;
}

export function isApproved({ state }: PaymentRecord): boolean {
  return state === 'authorized' || state === 'captured' || state === 'refunded';
}
