/** Objects of acme as its API gives them, cut down to what the adapter reads. */

export const PAYMENT = {
  payment_id: 'apay_1',
  reference: 'att_1',
  amount: '50.00',
  currency: 'EUR',
  captured_amount: '0.00',
  refunded_amount: '0.00',
};
export const CAPTURED = { ...PAYMENT, status: 'captured', captured_amount: '50.00' };
export const APPROVED = { kind: 'approved', pspReference: 'apay_1', money: { amountMinor: 5_000, currency: 'EUR' } };
