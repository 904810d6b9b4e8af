/**
 * Adyen's refusals: result code, reason and reason code, and the neutral reason of each. The
 * codes up to 7 stand on Adyen's testing page, those above follow its table of refusal reasons.
 *
 * A table only: it does not know which card leads to which refusal.
 */
import type { DeclineReason } from '../../core/records.ts';

export interface Refusal {
  /** `Refused`, `Error` or `Cancelled`: refusals are HTTP 200 answers. */
  resultCode: 'Refused' | 'Error' | 'Cancelled';
  refusalReason: string;
  refusalReasonCode: string;
}

interface Entry extends Refusal {
  neutral: DeclineReason;
}

function refused(
  code: number,
  reason: string,
  neutral: DeclineReason = 'generic',
  resultCode: Refusal['resultCode'] = 'Refused',
): Entry {
  return { resultCode, refusalReason: reason, refusalReasonCode: String(code), neutral };
}

/** By the name that a merchant writes into `holderName`; `APPROVED` is absent: it is no refusal. */
const BY_NAME: Readonly<Record<string, Entry>> = {
  UNKNOWN: refused(0, 'Unknown', 'generic', 'Error'),
  DECLINED: refused(2, 'Refused', 'do_not_honor'),
  REFERRAL: refused(3, 'Referral'),
  ERROR: refused(4, 'Acquirer Error', 'processing_error', 'Error'),
  BLOCK_CARD: refused(5, 'Blocked Card', 'stolen_card'),
  CARD_EXPIRED: refused(6, 'Expired Card', 'expired_card'),
  INVALID_AMOUNT: refused(7, 'Invalid Amount'),
  INVALID_CARD: refused(8, 'Invalid Card Number', 'invalid_card'),
  ISSUER_UNAVAILABLE: refused(9, 'Issuer Unavailable', 'issuer_unavailable'),
  NOT_SUPPORTED: refused(10, 'Not supported', 'not_permitted'),
  NOT_3D_AUTHENTICATED: refused(11, '3D Not Authenticated', 'authentication_failed'),
  NOT_ENOUGH_BALANCE: refused(12, 'Not enough balance', 'insufficient_funds'),
  ACQUIRER_FRAUD: refused(14, 'Acquirer Fraud', 'suspected_fraud'),
  CANCELLED: refused(15, 'Cancelled', 'generic', 'Cancelled'),
  SHOPPER_CANCELLED: refused(16, 'Shopper Cancelled', 'generic', 'Cancelled'),
  INVALID_PIN: refused(17, 'Invalid Pin'),
  FRAUD: refused(20, 'FRAUD', 'suspected_fraud'),
  NOT_PERMITTED: refused(23, 'Transaction Not Permitted', 'not_permitted'),
  CVC_DECLINED: refused(24, 'CVC Declined', 'incorrect_cvc'),
  RESTRICTED_CARD: refused(25, 'Restricted Card', 'restricted_card'),
  DECLINED_NON_GENERIC: refused(27, 'Declined Non Generic'),
  WITHDRAWAL_AMOUNT_EXCEEDED: refused(28, 'Withdrawal amount exceeded', 'velocity_exceeded'),
  WITHDRAWAL_COUNT_EXCEEDED: refused(29, 'Withdrawal count exceeded', 'velocity_exceeded'),
  ISSUER_SUSPECTED_FRAUD: refused(31, 'Issuer Suspected Fraud', 'suspected_fraud'),
  AUTHENTICATION_REQUIRED: refused(38, 'Authentication required', 'authentication_required'),
  THREEDS_ERROR: refused(42, '3DS Authentication Error', 'authentication_error'),
};

const BY_CODE: ReadonlyMap<string, Entry> = new Map(
  Object.values(BY_NAME).map((entry) => [entry.refusalReasonCode, entry]),
);

/** The issuer wants the payment again, with authentication. */
export const SOFT_DECLINE_CODE = '38';

/** What becomes of a challenge whose time ran out. */
const SESSION_EXPIRED: Refusal = plain(refused(11, '3D Not Authenticated: the session expired'));

/** `DECLINED` and `DECLINED : 05 some text` both name the refusal; null for a text that names none. */
export function refusalByName(text: string): Refusal | null {
  const name = text.split(':')[0]?.trim().toUpperCase() ?? '';
  const found = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return found === undefined ? null : plain(found);
}

/** By its code (`12`) or its name, as the test environment takes it in `RequestedTestAcquirerResponseCode`. */
export function refusalByCode(code: string): Refusal | null {
  const found = BY_CODE.get(code);
  return found === undefined ? refusalByName(code) : plain(found);
}

/** A code that is not in the table is a generic decline. */
export function neutralReason(refusal: Refusal): DeclineReason {
  return BY_CODE.get(refusal.refusalReasonCode)?.neutral ?? 'generic';
}

/** Adyen's words for a neutral reason, for payments that were declined by another hand than a test value. */
export function refusalFor(reason: DeclineReason): Refusal {
  if (reason === 'challenge_expired') return SESSION_EXPIRED;
  const found = Object.values(BY_NAME).find(
    ({ neutral, resultCode }) => neutral === reason && resultCode !== 'Cancelled',
  );
  return reason === 'generic' || found === undefined ? plain(refused(2, 'Refused')) : plain(found);
}

function plain({ resultCode, refusalReason, refusalReasonCode }: Refusal): Refusal {
  return { resultCode, refusalReason, refusalReasonCode };
}
