/** Objects of PayPal as its API gives them, cut down to what the adapter reads. */
import { answer, paymentAttempt } from '../../test/scripted-psp.ts';

export const TOKEN = answer(200, { access_token: 'A21AA', token_type: 'Bearer', expires_in: 32_400 });
export const UNIT = { reference_id: 'default', custom_id: 'att_1', amount: { currency_code: 'EUR', value: '50.00' } };
export const ORDER = { id: '5O1', purchase_units: [UNIT], links: [] };
export const paidBy = (payments: object) => ({
  ...ORDER,
  status: 'COMPLETED',
  purchase_units: [{ ...UNIT, payments }],
});
export const CAPTURE = { id: '3C6', status: 'COMPLETED', amount: UNIT.amount };
export const CAPTURED = paidBy({ captures: [CAPTURE] });
export const APPROVED = { kind: 'approved', pspReference: '5O1', money: { amountMinor: 5_000, currency: 'EUR' } };
export const KNOWN = paymentAttempt({ pspReference: '5O1' });
export const WALLET = { method: 'ewallet', token: 'ewallet_ok' } as const;
export const link = (rel: string, href: string) => ({ rel, href, method: 'GET' });
export const paypalError = (status: number, issue: string, links: object[] = []) =>
  answer(status, { name: 'UNPROCESSABLE_ENTITY', message: 'scripted', debug_id: 'd1', details: [{ issue }], links });
