/**
 * Stores of money that goes back: refunds, and disputes of the players' issuers.
 */
import type { Dispute } from '../domain/dispute.ts';
import type { Refund } from '../domain/refund.ts';
import type { Unit } from './unit.ts';

export type { Refund } from '../domain/refund.ts';

export interface RefundStore {
  /**
   * Stores a refund. False: there is one already for this payment at the PSP (`late`), or under
   * this id of the PSP. What the platform asks for must fit beside what has gone back.
   */
  insert(unit: Unit, refund: Refund): Promise<boolean>;
  find(unit: Unit, refundId: string): Promise<Refund | null>;
  /** The refund of a late success: an attempt may have more than one payment at the PSP. */
  findOf(unit: Unit, attemptId: string, pspReference: string | null): Promise<Refund | null>;
  /** By the PSP's id of the refund. */
  findByPart(unit: Unit, psp: string, partReference: string): Promise<Refund | null>;
  /** All refunds of a payment, oldest first. */
  listOf(unit: Unit, paymentId: string): Promise<Refund[]>;
  /** True while money of a late success still has to go back. */
  anyUnfinished(unit: Unit, paymentId: string): Promise<boolean>;
  save(unit: Unit, refund: Refund): Promise<void>;
  takeStep(unit: Unit, refundId: string, dueAt: number, untilMs: number): Promise<boolean>;
}

export interface DisputeStore {
  /** Stores a new dispute, or what has become of it. */
  save(unit: Unit, dispute: Dispute): Promise<void>;
  findByReference(unit: Unit, psp: string, pspReference: string): Promise<Dispute | null>;
  /** Newest first; `before` is the id of the last one seen. */
  list(unit: Unit, filter: { paymentId: string | null; limit: number }): Promise<Dispute[]>;
}
