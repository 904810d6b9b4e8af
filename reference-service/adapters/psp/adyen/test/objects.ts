/** Objects of Adyen as its API gives them, cut down to what the adapter reads. */

export const AUTHORISED = {
  pspReference: 'PSP0000000000001',
  resultCode: 'Authorised',
  merchantReference: 'att_1',
  amount: { currency: 'EUR', value: 5_000 },
};
export const APPROVED = {
  kind: 'approved',
  pspReference: 'PSP0000000000001',
  money: { amountMinor: 5_000, currency: 'EUR' },
};
