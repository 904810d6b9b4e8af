/**
 * Calls to a PSP with ordinary values: 50.00 EUR by card, sent for the first time. For whoever
 * tries an adapter and cares about one field only: its own tests, the tests against simulated
 * PSPs, the contracts. Nothing that runs in production uses it.
 */
import type { PspCaptureRequest, PspPaymentAttempt, PspPayoutAttempt, PspRefundRequest } from './psp-calls.ts';

export const EXAMPLE_MONEY = { amountMinor: 5_000, currency: 'EUR' } as const;

/** The key is made of the attempt's id, unless it is given. */
export function examplePayment(more: Partial<PspPaymentAttempt> = {}): PspPaymentAttempt {
  const { attemptId = 'att_1' } = more;
  return {
    attemptId,
    paymentId: 'pay_1',
    playerId: 'player-1',
    method: 'card',
    token: 'card_ok',
    storedToken: null,
    storeMethod: false,
    capture: 'automatic',
    challenge: 'auto',
    country: null,
    device: null,
    bank: null,
    idempotencyKey: `key-${attemptId}`,
    pspReference: null,
    ...EXAMPLE_MONEY,
    ...more,
  };
}

/** The key is made of the attempt's id, unless it is given. */
export function examplePayout(more: Partial<PspPayoutAttempt> = {}): PspPayoutAttempt {
  const { attemptId = 'pot_1' } = more;
  return {
    attemptId,
    payoutId: 'out_1',
    playerId: 'player-1',
    method: 'card',
    destinationToken: 'card_payout_ok',
    idempotencyKey: `key-${attemptId}`,
    pspReference: null,
    ...EXAMPLE_MONEY,
    ...more,
  };
}

/** Of the whole amount; the PSP's id of the payment is `pspReference`. */
export function exampleCapture(pspReference: string, more: Partial<PspCaptureRequest> = {}): PspCaptureRequest {
  return {
    attemptId: 'att_1',
    paymentId: 'pay_1',
    pspReference,
    idempotencyKey: 'key-cap_1',
    ...EXAMPLE_MONEY,
    ...more,
  };
}

/** Of the whole amount; the key is made of the refund's id, unless it is given. */
export function exampleRefund(pspReference: string, more: Partial<PspRefundRequest> = {}): PspRefundRequest {
  const { refundId = 'ref_1' } = more;
  return { refundId, attemptId: 'att_1', pspReference, idempotencyKey: `key-${refundId}`, ...EXAMPLE_MONEY, ...more };
}
