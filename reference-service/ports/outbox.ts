/**
 * Outbox: what the platform is to be told. What must hold: an event is stored in the same commit
 * as what it is about, and delivered at least once afterwards, in no promised order.
 */
import type { Unit } from './unit.ts';

export const OUTGOING_TYPES = [
  'deposit.authorized',
  'deposit.succeeded',
  'deposit.declined',
  'deposit.canceled',
  'deposit.failed',
  'deposit.refunded',
  'refund.succeeded',
  'refund.failed',
  'chargeback.opened',
  'chargeback.won',
  'chargeback.lost',
  'payout.deferred',
  'payout.succeeded',
  'payout.failed',
  'payout.returned',
  'case.opened',
  'case.resolved',
] as const;
export type OutgoingType = (typeof OUTGOING_TYPES)[number];

export interface OutgoingEvent {
  /** Constant over deliveries: the receiver's key against duplicates. */
  id: string;
  type: OutgoingType;
  /** Payment, payout, refund or case id. */
  subjectId: string;
  playerId: string | null;
  occurredAt: number;
  /** The subject as the API shows it, or a part of it. */
  data: Record<string, unknown>;
}

export interface OutboxPort {
  /** @param nextStepAt when it is first delivered; null when nobody is configured to be told */
  add(unit: Unit, event: OutgoingEvent, nextStepAt: number | null): Promise<void>;
}
