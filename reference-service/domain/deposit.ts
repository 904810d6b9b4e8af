/**
 * Deposit: what a payment and its attempts are. Data only; what may happen to them is in
 * `deposit-machine.ts`.
 */
export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'succeeded',
  'declined',
  'canceled',
  'failed',
  'refunded',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export const ATTEMPT_STATUSES = [
  'created',
  'sent',
  'in_doubt',
  'requires_action',
  'authorized',
  'approved',
  'declined',
  'not_reached',
  'absent_proven',
  'canceled',
  'reversed',
] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** Statuses in which the PSP may hold, or come to hold, the player's money. At most one attempt of a payment is in one of them. */
export const LIVE_STATUSES: readonly AttemptStatus[] = [
  'created',
  'sent',
  'in_doubt',
  'requires_action',
  'authorized',
  'approved',
];

/** `bank`: pay by bank. `p2p`: a transfer between persons. Kept methods are charged by `storedMethodId`. */
export const PAYMENT_METHODS = ['card', 'ewallet', 'bank', 'p2p', 'voucher'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface Payment {
  id: string;
  txnId: string;
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  /** The PSP's token of what is paid with, neutral or native. */
  token: string;
  /** The kept method that is charged again, or that this payment made. */
  storedMethodId: string | null;
  /** The PSP's token of that kept method, charged instead of `token`. */
  storedToken: string | null;
  /** The only PSP that can take the payment: the one that keeps the method. */
  pinnedPsp: string | null;
  /** The player wants the method kept for the next deposit. */
  storeMethod: boolean;
  /** `manual`: authorized only, until the platform captures or voids it. */
  capture: 'automatic' | 'manual';
  /** `force`: the risk rules want strong customer authentication. */
  challenge: 'auto' | 'force';
  /** ISO 3166 country of the player's session. */
  country: string | null;
  device: 'mobile' | 'desktop' | 'tablet' | null;
  /** First six or eight digits of the card, where the platform knows them: enough to know the issuer. */
  bin: string | null;
  /** Bank of a bank payment, in the PSP's directory word. */
  bank: string | null;
  /** Where the player goes when all is done. */
  returnUrl: string;
  preferredPsp: string | null;
  /** W3C trace that the payment was started in. */
  traceId: string | null;
  status: PaymentStatus;
  /** Where the player must go now, if anywhere. */
  redirectUrl: string | null;
  creditedAttemptId: string | null;
  creditedAt: number | null;
  /** What was credited: the captured amount. Null until then. */
  creditedMinor: number | null;
  /** Given back of what was credited; never above `creditedMinor`. */
  refundedMinor: number;
  /** Taken back by disputes that are open or lost. */
  disputedMinor: number;
  authorizedAt: number | null;
  /** What the platform asked to capture of an authorized payment; null until it asked. */
  captureMinor: number | null;
  /** When it asked; from then on the capture's key lives. */
  captureAskedAt: number | null;
  /** When we last asked the PSP to cancel an abandoned attempt; of an authorized payment: when its void was asked for. */
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
  /** When the request was last sent; `createdAt` is when it was sent first. */
  sentAt: number;
  /** When the status last changed. */
  statusSince: number;
  /** First credible "not found" of the PSP, half of a proof of absence. */
  absentSeenAt: number | null;
  /** Questions asked without a final answer since the status changed; spaces out the next one. */
  checks: number;
  /** When the PSP last answered a question about it; null when never. */
  answeredAt: number | null;
  createdAt: number;
  updatedAt: number;
}

export function isFinal(status: PaymentStatus): boolean {
  return status !== 'pending' && status !== 'authorized';
}

/** True while nothing more is on its way: final, or authorized and waiting for the platform's next word. */
export function isAtRest(payment: Payment): boolean {
  if (payment.status === 'authorized') return payment.captureMinor === null && payment.cancelRequestedAt === null;
  return isFinal(payment.status);
}

export function isLive(attempt: Attempt): boolean {
  return LIVE_STATUSES.includes(attempt.status);
}

export function liveAttempt(attempts: readonly Attempt[]): Attempt | null {
  return attempts.find(isLive) ?? null;
}
