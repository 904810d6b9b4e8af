/** Objects of Stripe as its API gives them, cut down to what the adapter reads. */
import { answer } from '../../test/scripted-psp.ts';

export const INTENT = {
  id: 'pi_1',
  object: 'payment_intent',
  amount: 5_000,
  amount_received: 0,
  currency: 'eur',
  metadata: { reference: 'att_1' },
  latest_charge: null,
  last_payment_error: null,
  next_action: null,
};
export const SUCCEEDED = {
  ...INTENT,
  status: 'succeeded',
  amount_received: 5_000,
  latest_charge: { id: 'ch_1', refunded: false },
};
export const APPROVED = { kind: 'approved', pspReference: 'pi_1', money: { amountMinor: 5_000, currency: 'EUR' } };

export const stripeError = (status: number, error: object) =>
  answer(status, { error: { message: 'scripted', ...error } });
