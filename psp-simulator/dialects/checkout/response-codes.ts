/**
 * Checkout.com's response codes: 10000 approved, 2xxxx soft declines, 3xxxx hard ones, 4xxxx
 * by risk. Which card gives which code is in magic.ts; this file words them, and finds a code
 * for a neutral reason where no card chose one.
 */
import type { DeclineReason, PaymentRecord } from '../../core/records.ts';
import { paymentDetails } from './details.ts';

export interface ResponseCode {
  readonly code: string;
  readonly summary: string;
  readonly reason: DeclineReason;
}

const TABLE: readonly ResponseCode[] = [
  { code: '20001', summary: 'Refer to card issuer', reason: 'generic' },
  { code: '20005', summary: 'Declined - Do Not Honour', reason: 'do_not_honor' },
  { code: '20006', summary: 'Error / Invalid Request Parameters', reason: 'processing_error' },
  { code: '20012', summary: 'Invalid transaction', reason: 'processing_error' },
  { code: '20014', summary: 'Invalid card number', reason: 'invalid_card' },
  { code: '20051', summary: 'Insufficient Funds', reason: 'insufficient_funds' },
  { code: '20054', summary: 'Expired Card', reason: 'expired_card' },
  { code: '20057', summary: 'Transaction not permitted to cardholder', reason: 'not_permitted' },
  { code: '20059', summary: 'Suspected Fraud', reason: 'suspected_fraud' },
  { code: '20061', summary: 'Activity amount limit exceeded', reason: 'velocity_exceeded' },
  { code: '20062', summary: 'Restricted Card', reason: 'restricted_card' },
  { code: '20063', summary: 'Security Violation', reason: 'suspected_fraud' },
  { code: '20068', summary: 'Response received too late / timeout', reason: 'issuer_unavailable' },
  { code: '20151', summary: 'Cardholder failed 3D-Secure authentication', reason: 'authentication_failed' },
  { code: '20152', summary: 'Initial 3DS transaction not completed within 15 minutes', reason: 'challenge_expired' },
  { code: '20153', summary: '3DS system malfunction', reason: 'authentication_error' },
  { code: '20154', summary: '3DS authentication required', reason: 'authentication_required' },
  { code: '200N7', summary: 'Decline for CVV2 failure', reason: 'incorrect_cvc' },
  { code: '200R3', summary: 'Issuer initiated a stop payment (revocation order)', reason: 'not_permitted' },
  { code: '30041', summary: 'Lost card - pick up', reason: 'lost_card' },
  { code: '30043', summary: 'Stolen card - pick up', reason: 'stolen_card' },
];

export const APPROVED_CODE = { code: '10000', summary: 'Approved' } as const;

const BY_CODE: ReadonlyMap<string, ResponseCode> = new Map(TABLE.map((entry) => [entry.code, entry]));
const DO_NOT_HONOUR: ResponseCode = { code: '20005', summary: 'Declined - Do Not Honour', reason: 'do_not_honor' };

/** The entry of a code; `20005` for one that is not in the table. */
export function responseCode(code: string): ResponseCode {
  return BY_CODE.get(code) ?? DO_NOT_HONOUR;
}

/** What stands under `response_code` and `response_summary` of a payment that was answered. */
export function responseOf(record: PaymentRecord): { code: string; summary: string } {
  if (record.state !== 'declined' && record.state !== 'expired') return APPROVED_CODE;
  if (record.declineReason === null) return APPROVED_CODE;
  const chosen = paymentDetails(record).declineCode;
  const ofCard = chosen === null ? undefined : BY_CODE.get(chosen);
  if (ofCard !== undefined && ofCard.reason === record.declineReason) return ofCard;
  return TABLE.find((entry) => entry.reason === record.declineReason) ?? DO_NOT_HONOUR;
}
