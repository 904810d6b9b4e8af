/**
 * The values that the pacts are written with. All are fixed: a random one would make every
 * regenerated pact differ. Every interaction has a reference of its own, so that verification
 * can make its state at the provider without disturbing another's.
 */
import {
  exampleCapture,
  EXAMPLE_MONEY,
  examplePayment,
  examplePayout,
  exampleRefund,
} from '../../reference-service/index.ts';
import type {
  PspCaptureRequest,
  PspPaymentAttempt,
  PspPayoutAttempt,
  PspRefundRequest,
} from '../../reference-service/index.ts';

export { EXAMPLE_CREDENTIALS, WRONG_API_KEY, type ContractedDialect } from './example-credentials.ts';

export const RETURN_URL = 'https://merchant.example/v1/payments/pay_contract/return';
export const EXAMPLE_URL = 'https://psp.example/challenge/1';
export const PAYMENT_ID = 'pay_contract';
export const PAYOUT_ID = 'out_contract';
export const PLAYER_ID = 'player_contract';

/** 50.00 EUR, everywhere: what the contract is about is never the amount. */
export const MONEY = EXAMPLE_MONEY;

/** What is captured of an authorization of that amount. */
export const PART_MINOR = 3_000;

/** Any moment; only its form matters. */
export const EXAMPLE_SECONDS = 1_767_603_600;

export function attempt(reference: string, more: Partial<PspPaymentAttempt> = {}): PspPaymentAttempt {
  return examplePayment({ attemptId: reference, paymentId: PAYMENT_ID, playerId: PLAYER_ID, ...more });
}

export function payoutAttempt(reference: string, more: Partial<PspPayoutAttempt> = {}): PspPayoutAttempt {
  return examplePayout({ attemptId: reference, payoutId: PAYOUT_ID, playerId: PLAYER_ID, ...more });
}

export function refund(reference: string, pspReference: string): PspRefundRequest {
  const ids = { refundId: `${reference}_refund`, attemptId: reference };
  return exampleRefund(pspReference, { ...ids, idempotencyKey: keyOf(reference) });
}

export function capture(reference: string, pspReference: string): PspCaptureRequest {
  const ids = { attemptId: reference, paymentId: PAYMENT_ID };
  return exampleCapture(pspReference, { ...ids, idempotencyKey: keyOf(reference), amountMinor: PART_MINOR });
}

export function keyOf(reference: string): string {
  return `key-${reference}`;
}
