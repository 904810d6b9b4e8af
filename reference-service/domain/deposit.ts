/**
 * Deposit: what a payment and its attempts are. Data only; what may happen to them is in
 * `deposit-machine.ts`.
 */
export const PAYMENT_STATUSES = ['pending', 'succeeded', 'declined', 'canceled', 'failed', 'refunded'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const ATTEMPT_STATUSES = [
  'created',
  'sent',
  'in_doubt',
  'requires_action',
  'approved',
  'declined',
  'not_reached',
  'absent_proven',
  'canceled',
  'reversed',
] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** Statuses in which the PSP may hold, or come to hold, the player's money. At most one attempt of a payment is in one of them. */
export const LIVE_STATUSES: readonly AttemptStatus[] = ['created', 'sent', 'in_doubt', 'requires_action', 'approved'];

export interface Payment {
  id: string;
  txnId: string;
  playerId: string;
  amountMinor: number;
  currency: string;
  method: string;
  /** The PSP's card token, neutral or native. */
  token: string;
  /** Where the player goes when all is done. */
  returnUrl: string;
  preferredPsp: string | null;
  status: PaymentStatus;
  /** Where the player must go now, if anywhere. */
  redirectUrl: string | null;
  creditedAttemptId: string | null;
  creditedAt: number | null;
  /** When we last asked the PSP to cancel an abandoned attempt. */
  cancelRequestedAt: number | null;
  createdAt: number;
  updatedAt: number;
  /** From then on nothing new is started for it; what is live is cancelled at the PSP. */
  expiresAt: number;
  /** When the worker looks at it next; null when there is nothing left to do. Epoch ms. */
  nextStepAt: number | null;
}

export interface Attempt {
  id: string;
  /** The payment or payout that this is a try of. */
  subjectId: string;
  /** 1, 2, … within its payment. */
  seq: number;
  psp: string;
  status: AttemptStatus;
  pspReference: string | null;
  declineCode: string | null;
  declineClass: 'issuer' | 'technical' | null;
  idempotencyKey: string;
  /** What the browser brought back, for PSPs that must be handed it. */
  returnQuery: Record<string, string> | null;
  sentAt: number;
  /** When the status last changed. */
  statusSince: number;
  /** First credible "not found" of the PSP, half of a proof of absence. */
  absentSeenAt: number | null;
  /** Questions asked without a final answer since the status changed; spaces out the next one. */
  checks: number;
  createdAt: number;
  updatedAt: number;
}

export function isFinal(status: PaymentStatus): boolean {
  return status !== 'pending';
}

export function isLive(attempt: Attempt): boolean {
  return LIVE_STATUSES.includes(attempt.status);
}

export function liveAttempt(attempts: readonly Attempt[]): Attempt | null {
  return attempts.find(isLive) ?? null;
}
