/**
 * Builders of deposits for tests.
 */
import type { Attempt, Payment } from './deposit.ts';
import type { DepositFact } from './deposit-fact.ts';

export const NOW_MS = 1_767_603_600_000;

export function somePayment(more: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_1',
    txnId: 'txn_1',
    playerId: 'player-1',
    amountMinor: 5_000,
    currency: 'EUR',
    method: 'card',
    token: 'card_ok',
    storedMethodId: null,
    storedToken: null,
    pinnedPsp: null,
    storeMethod: false,
    capture: 'automatic',
    challenge: 'auto',
    country: null,
    device: null,
    bin: null,
    bank: null,
    traceId: null,
    returnUrl: 'https://casino.example/done',
    preferredPsp: null,
    status: 'pending',
    redirectUrl: null,
    creditedAttemptId: null,
    creditedAt: null,
    creditedMinor: null,
    refundedMinor: 0,
    disputedMinor: 0,
    authorizedAt: null,
    captureMinor: null,
    captureAskedAt: null,
    cancelRequestedAt: null,
    createdAt: NOW_MS,
    updatedAt: NOW_MS,
    expiresAt: NOW_MS + 3_600_000,
    nextStepAt: null,
    ...more,
  };
}

export function someAttempt(more: Partial<Attempt> = {}): Attempt {
  return {
    id: 'att_1',
    subjectId: 'pay_1',
    seq: 1,
    psp: 'alpha',
    status: 'sent',
    pspReference: null,
    declineCode: null,
    declineClass: null,
    idempotencyKey: 'key-att_1',
    returnQuery: null,
    sentAt: NOW_MS,
    statusSince: NOW_MS,
    absentSeenAt: null,
    checks: 0,
    answeredAt: null,
    createdAt: NOW_MS,
    updatedAt: NOW_MS,
    ...more,
  };
}

export function someFact(more: Partial<DepositFact> = {}): DepositFact {
  return {
    source: 'webhook',
    outcome: 'succeeded',
    psp: 'alpha',
    pspReference: null,
    money: { amountMinor: 5_000, currency: 'EUR' },
    code: null,
    declineClass: null,
    redirectUrl: null,
    eventId: null,
    ...more,
  };
}
