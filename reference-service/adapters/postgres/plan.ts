/**
 * A plan: the unit of work of `Database.decide`. It answers what is known, collects what is
 * written, and becomes one call of `commit_deposit`. It knows the plain course of a deposit and
 * nothing else; asked for anything else it gives up, and the work is done in a transaction.
 */
import type { Attempt, Payment } from '../../domain/deposit.ts';
import type { KnownDeposit, KnownEvent } from '../../ports/known.ts';
import type { OutgoingEvent } from '../../ports/outbox.ts';
import type { InboxMessage, StoredEvent } from '../../ports/inbox.ts';
import type { LocatedAttempt } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { ATTEMPT, PAYMENT } from './rows.ts';

/** A transfer that only gives: its entries, and what the player's wallet gains. */
export interface PlannedTransfer {
  id: string;
  kind: string;
  part: string;
  playerId: string;
  amountMinor: number;
  availableMinor: number;
  currency: string;
  createdAt: number;
  legs: readonly { account: string; amountMinor: number }[];
}

/** Thrown out of the work that a plan cannot hold. */
export class NotPlannable extends Error {}

export class Plan implements Unit {
  readonly unitOfWork = true;
  readonly #known: KnownDeposit | KnownEvent;
  readonly #tasks: (() => void)[] = [];
  readonly #outbox: Record<string, unknown>[] = [];
  #payment: Payment | undefined;
  #attempt: Attempt | undefined;
  #transfer: PlannedTransfer | undefined;
  #key: Record<string, unknown> | undefined;
  #event: Record<string, unknown> | undefined;
  #arrived: { stored: StoredEvent; row: Record<string, unknown> } | undefined;
  #isGivenUp = false;

  constructor(known: KnownDeposit | KnownEvent) {
    this.#known = known;
  }

  /** Nothing of it may be committed, whoever caught the error. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** @throws NotPlannable always */
  giveUp(): never {
    this.#isGivenUp = true;
    throw new NotPlannable();
  }

  afterCommit(task: () => void): void {
    this.#tasks.push(task);
  }

  done(): void {
    for (const task of this.#tasks) task();
  }

  deposit(paymentId: string): { payment: Payment; attempts: Attempt[] } {
    const { payment, attempt } = this.#known;
    if (payment.id !== paymentId || this.#payment !== undefined || this.#attempt !== undefined) this.giveUp();
    return { payment: { ...payment }, attempts: [{ ...attempt }] };
  }

  locate({ reference }: { reference: string | null }): LocatedAttempt {
    const { attempt } = this.#known;
    if (reference !== attempt.id) this.giveUp();
    const { id, subjectId, psp, pspReference } = attempt;
    return { kind: 'deposit', attemptId: id, subjectId, psp, pspReference };
  }

  /** Taken to be new; if it is not, nothing is committed. */
  storeEvent({ psp, event }: InboxMessage, row: Record<string, unknown>): 'stored' {
    if (this.#arrived !== undefined || 'event' in this.#known) this.giveUp();
    this.#arrived = { stored: { psp, event, tries: 0 }, row };
    return 'stored';
  }

  event({ psp, eventId }: { psp: string; eventId: string }): StoredEvent {
    const stored = 'event' in this.#known ? this.#known.event : this.#arrived?.stored;
    if (stored === undefined || stored.psp !== psp || stored.event.eventId !== eventId) this.giveUp();
    return stored;
  }

  savePayment(payment: Payment): void {
    if (payment.id !== this.#known.payment.id) this.giveUp();
    this.#payment = payment;
  }

  saveAttempt(attempt: Attempt): void {
    if (attempt.id !== this.#known.attempt.id) this.giveUp();
    this.#attempt = attempt;
  }

  post(paymentId: string, transfer: PlannedTransfer): void {
    if (paymentId !== this.#known.payment.id || this.#transfer !== undefined) this.giveUp();
    this.#transfer = transfer;
  }

  tell(event: OutgoingEvent, nextStepAt: number | null): void {
    this.#outbox.push({
      id: event.id,
      type: event.type,
      subject_id: event.subjectId,
      player_id: event.playerId,
      payload: event.data,
      created_at: event.occurredAt,
      next_step_at: nextStepAt,
    });
  }

  /** An answer that is rebuilt from the payment: only its status is stored. */
  completeKey(scope: string, key: string, answer: { status: number; body: unknown }): void {
    if (answer.body !== null || this.#key !== undefined) this.giveUp();
    this.#key = { scope, key, response_status: answer.status };
  }

  finishEvent({ psp, eventId }: { psp: string; eventId: string }, outcome: string): void {
    this.event({ psp, eventId });
    this.#event = { psp, event_id: eventId, outcome };
  }

  /** What is known once it is committed: one transaction has written both rows. */
  left(version: string): KnownDeposit {
    const { payment, attempt } = this.#known;
    return {
      payment: this.#payment ?? payment,
      attempt: this.#attempt ?? attempt,
      versions: { payment: version, attempt: version },
    };
  }

  /** What `commit_deposit` is given; null when the work left something out that it must hold. */
  change(): { given: Record<string, unknown>; lock: string } | null {
    const { payment, versions } = this.#known;
    const needsEvent = 'event' in this.#known || this.#arrived !== undefined;
    if (this.#isGivenUp || this.#payment === undefined || this.#attempt === undefined) return null;
    if (needsEvent && this.#event === undefined) return null;
    const transfer = this.#transfer;
    const given = {
      version: versions.payment,
      attempt_version: versions.attempt,
      payment: PAYMENT.rowOf(this.#payment),
      attempt: ATTEMPT.rowOf(this.#attempt),
      ...(this.#arrived === undefined ? {} : { arrived: this.#arrived.row }),
      ...(this.#event === undefined ? {} : { event: this.#event }),
      ...(this.#key === undefined ? {} : { key: this.#key }),
      ...(this.#outbox.length === 0 ? {} : { outbox: this.#outbox }),
      ...(transfer === undefined ? {} : { transfer: transferRow(transfer) }),
    };
    return { given, lock: payment.playerId };
  }
}

function transferRow(transfer: PlannedTransfer): Record<string, unknown> {
  return {
    id: transfer.id,
    kind: transfer.kind,
    part: transfer.part,
    player_id: transfer.playerId,
    amount_minor: transfer.amountMinor,
    available_minor: transfer.availableMinor,
    currency: transfer.currency,
    created_at: transfer.createdAt,
    legs: transfer.legs.map(({ account, amountMinor }) => ({ account, amount_minor: amountMinor })),
  };
}

/** The plan behind a unit, or null when the unit is a transaction or the database itself. */
export function planOf(unit: Unit): Plan | null {
  return unit instanceof Plan ? unit : null;
}
