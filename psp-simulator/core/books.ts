/**
 * Books: where one PSP's records lie, and the single way to write them. Every write checks
 * what must always hold, then tells the listener. A broken rule throws: books that are wrong
 * would make every verdict worthless.
 */
import type { Clock } from '../../kernel/index.ts';
import type {
  BookChange,
  DisputeChangeType,
  PaymentChangeType,
  PayoutChangeType,
  RefundChangeType,
} from './book-change.ts';
import type { ChangeListener } from './bank.ts';
import { PspProblem } from './problem.ts';
import { FINAL_PAYMENT_STATES } from './records.ts';
import type {
  BookRecord,
  Challenge,
  DisputeRecord,
  PaymentRecord,
  PayoutRecord,
  RecordStep,
  RefundRecord,
  SavedMethod,
} from './records.ts';

/** Steps kept per record; a payment takes six at most, so this only guards against a loop of refunds. */
const STEPS_KEPT = 100;

const KINDS: readonly BookRecord['kind'][] = ['payment', 'refund', 'payout', 'dispute'];

type RecordOf<K extends BookRecord['kind']> = Extract<BookRecord, { kind: K }>;

export class Books {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listener: ChangeListener;
  readonly #records: Readonly<Record<BookRecord['kind'], Map<string, BookRecord>>> = {
    payment: new Map(),
    refund: new Map(),
    payout: new Map(),
    dispute: new Map(),
  };
  /** PSP references by the merchant's; nearly always one, and then no list is kept for it. */
  readonly #byReference = new Map<string, string | string[]>();
  /** Refunds and disputes of a payment. */
  readonly #children = new Map<string, string | string[]>();
  readonly challenges = new Map<string, Challenge>();
  /** Challenges of a payment before its latest one. */
  readonly #pastChallenges = new Map<string, string | string[]>();
  readonly methods = new Map<string, SavedMethod>();
  readonly #walks: Partial<Record<BookRecord['kind'], IterableIterator<BookRecord>>> = {};
  #changes = 0;

  constructor(clock: Pick<Clock, 'now'>, listener: ChangeListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  now(): number {
    return this.#clock.now();
  }

  find<K extends BookRecord['kind']>(kind: K, pspReference: string): RecordOf<K> | undefined {
    return this.#records[kind].get(pspReference) as RecordOf<K> | undefined;
  }

  get<K extends BookRecord['kind']>(kind: K, pspReference: string): RecordOf<K> {
    const record = this.find(kind, pspReference);
    if (record === undefined) throw new PspProblem('not-found', `No such ${kind}: '${pspReference}'`);
    return record;
  }

  /** Oldest first. */
  list<K extends BookRecord['kind']>(kind: K, reference?: string): RecordOf<K>[] {
    if (reference === undefined) return [...this.#records[kind].values()] as RecordOf<K>[];
    return this.#named(kind, this.#byReference.get(reference));
  }

  count(kind: BookRecord['kind']): number {
    return this.#records[kind].size;
  }

  refundsOf(paymentPspReference: string): RefundRecord[] {
    return this.#named('refund', this.#children.get(paymentPspReference));
  }

  disputesOf(paymentPspReference: string): DisputeRecord[] {
    return this.#named('dispute', this.#children.get(paymentPspReference));
  }

  writePayment(type: PaymentChangeType, next: PaymentRecord, movedMinor = 0): PaymentRecord {
    const record = this.#stamp(next, movedMinor);
    this.#checkPayment(type, this.find('payment', next.pspReference), record);
    this.#put(record);
    this.#tell({ type, record, movedMinor, index: this.#changes, atMs: record.updatedAtMs });
    return record;
  }

  writeRefund(type: RefundChangeType, next: RefundRecord, movedMinor = 0): RefundRecord {
    const record = this.#stamp(next, movedMinor);
    const payment = this.get('payment', record.paymentPspReference);
    this.#put(record);
    this.#tell({ type, record, payment, movedMinor, index: this.#changes, atMs: record.updatedAtMs });
    return record;
  }

  writePayout(type: PayoutChangeType, next: PayoutRecord, movedMinor = 0): PayoutRecord {
    const record = this.#stamp(next, movedMinor);
    this.#put(record);
    this.#tell({ type, record, movedMinor, index: this.#changes, atMs: record.updatedAtMs });
    return record;
  }

  /** The disputed amount of the payment changes by `withdrawnMinor` (negative when the money comes back). */
  writeDispute(type: DisputeChangeType, next: DisputeRecord, withdrawnMinor = 0): DisputeRecord {
    const movedMinor = Math.abs(withdrawnMinor);
    const record = this.#stamp(next, movedMinor);
    const before = this.get('payment', record.paymentPspReference);
    const payment = { ...before, disputedMinor: before.disputedMinor + withdrawnMinor };
    this.#checkAmounts(payment);
    this.#put(payment);
    this.#put(record);
    this.#tell({ type, record, payment, movedMinor, index: this.#changes, atMs: record.updatedAtMs });
    return record;
  }

  /** `before`: the payment's challenge until now. */
  openChallenge(challenge: Challenge, before: string | null): void {
    this.challenges.set(challenge.id, challenge);
    if (before !== null) append(this.#pastChallenges, challenge.paymentPspReference, before);
  }

  /** Replaces `details` only: no change, no step, no listener. */
  setDetails(pspReference: string, details: Record<string, unknown>): void {
    for (const records of Object.values(this.#records)) {
      const record = records.get(pspReference);
      if (record === undefined) continue;
      records.set(pspReference, { ...record, details: { ...details } });
      return;
    }
    throw new PspProblem('not-found', `No such record: '${pspReference}'`);
  }

  /** Drops a record for good, as if it had never been; its refunds, disputes and challenges go with it. */
  forget(record: PaymentRecord | PayoutRecord): void {
    this.#drop(record);
    if (record.kind === 'payout') return;
    for (const child of [...this.refundsOf(record.pspReference), ...this.disputesOf(record.pspReference)]) {
      this.#drop(child);
    }
    this.#children.delete(record.pspReference);
    for (const past of listed(this.#pastChallenges.get(record.pspReference))) this.challenges.delete(past);
    this.#pastChallenges.delete(record.pspReference);
    if (record.challengeId !== null) this.challenges.delete(record.challengeId);
  }

  /**
   * The next record of a walk over all of them, oldest first, that begins again when it is
   * through; undefined when there is none. The walk stands still between two calls: to begin at
   * the oldest each time would mean to step over the place of every record that has left.
   */
  nextOnWalk<K extends 'payment' | 'payout'>(kind: K): RecordOf<K> | undefined {
    const next = this.#walks[kind]?.next();
    if (next?.done === false) return next.value as RecordOf<K>;
    const fresh = this.#records[kind].values();
    this.#walks[kind] = fresh;
    return fresh.next().value as RecordOf<K> | undefined;
  }

  #named<K extends BookRecord['kind']>(kind: K, ids: string | readonly string[] | undefined): RecordOf<K>[] {
    return listed(ids)
      .map((id) => this.find(kind, id))
      .filter((record) => record !== undefined);
  }

  #drop(record: BookRecord): void {
    this.#records[record.kind].delete(record.pspReference);
    if (record.reference === null) return;
    const left = listed(this.#byReference.get(record.reference)).filter((id) => id !== record.pspReference);
    if (left.length === 0) this.#byReference.delete(record.reference);
    else this.#byReference.set(record.reference, left);
  }

  #stamp<R extends BookRecord>(next: R, movedMinor: number): R {
    const atMs = this.now();
    const step: RecordStep = { atMs, state: next.state, amountMinor: movedMinor };
    const kept = next.steps.length < STEPS_KEPT ? next.steps : next.steps.slice(1 - STEPS_KEPT);
    return { ...next, updatedAtMs: atMs, steps: kept.length === 0 ? [step] : kept.concat([step]) };
  }

  #put(record: BookRecord): void {
    const records = this.#records[record.kind];
    const known = records.has(record.pspReference);
    records.set(record.pspReference, record);
    if (known) return;
    for (const kind of KINDS) {
      if (kind !== record.kind && this.#records[kind].has(record.pspReference))
        throw new Error(`books: ${record.pspReference} is a ${kind} already`);
    }
    if (record.reference !== null) append(this.#byReference, record.reference, record.pspReference);
    if (record.kind === 'refund' || record.kind === 'dispute')
      append(this.#children, record.paymentPspReference, record.pspReference);
  }

  #checkPayment(type: PaymentChangeType, before: PaymentRecord | undefined, after: PaymentRecord): void {
    this.#checkAmounts(after);
    if (before === undefined) return;
    const comesBack = type === 'payment-refund-returned' && before.state === 'refunded' && after.state === 'captured';
    if (FINAL_PAYMENT_STATES.includes(before.state) && !comesBack)
      throw new Error(`books: ${after.pspReference} left the final state ${before.state}`);
    if (before.state === 'captured' && after.state !== 'captured' && after.state !== 'refunded') {
      throw new Error(`books: ${after.pspReference} went from captured to ${after.state}`);
    }
    if (before.amountMinor !== after.amountMinor || before.currency !== after.currency)
      throw new Error(`books: ${after.pspReference} changed its amount`);
  }

  #checkAmounts(payment: PaymentRecord): void {
    const { amountMinor, capturedMinor, refundedMinor, capturableMinor, disputedMinor, captures } = payment;
    const inOrder =
      0 <= refundedMinor &&
      refundedMinor <= capturedMinor &&
      0 <= capturableMinor &&
      capturedMinor + capturableMinor <= amountMinor &&
      0 <= disputedMinor &&
      disputedMinor <= capturedMinor &&
      captures.reduce((sum, capture) => sum + capture.amountMinor, 0) === capturedMinor;
    if (inOrder) return;
    throw new Error(
      `books: ${payment.pspReference} has refunded ${refundedMinor}, disputed ${disputedMinor}, captured ${capturedMinor} in ${captures.length} captures, capturable ${capturableMinor}, amount ${amountMinor}`,
    );
  }

  #tell(change: BookChange): void {
    this.#changes += 1;
    this.#listener(change);
  }
}

function append(index: Map<string, string | string[]>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, id);
  else if (typeof ids === 'string') index.set(key, [ids, id]);
  else ids.push(id);
}

function listed(ids: string | readonly string[] | undefined): readonly string[] {
  return ids === undefined ? [] : typeof ids === 'string' ? [ids] : ids;
}
