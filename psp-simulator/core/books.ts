/**
 * Books: where one PSP's records lie, and the single way to write them. Every write checks
 * what must always hold, then tells the listener. A broken rule throws: books that are wrong
 * would make every verdict worthless.
 */
import type { Clock } from '../../kernel/index.ts';
import type { BookChange, PaymentChangeType, PayoutChangeType, RefundChangeType } from './book-change.ts';
import type { ChangeListener } from './bank.ts';
import { PspProblem } from './problem.ts';
import { FINAL_PAYMENT_STATES } from './records.ts';
import type { BookRecord, Challenge, PaymentRecord, PayoutRecord, RecordStep, RefundRecord } from './records.ts';

/** Steps kept per record; a payment takes six at most, so this only guards against a loop of refunds. */
const STEPS_KEPT = 100;

export class Books {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listener: ChangeListener;
  readonly #records = new Map<string, BookRecord>();
  readonly #byReference = new Map<string, string[]>();
  readonly #refundsOf = new Map<string, string[]>();
  readonly challenges = new Map<string, Challenge>();
  #changes = 0;

  constructor(clock: Pick<Clock, 'now'>, listener: ChangeListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  now(): number {
    return this.#clock.now();
  }

  find<K extends BookRecord['kind']>(kind: K, pspReference: string): Extract<BookRecord, { kind: K }> | undefined {
    const record = this.#records.get(pspReference);
    return record?.kind === kind ? (record as Extract<BookRecord, { kind: K }>) : undefined;
  }

  get<K extends BookRecord['kind']>(kind: K, pspReference: string): Extract<BookRecord, { kind: K }> {
    const record = this.find(kind, pspReference);
    if (record === undefined) throw new PspProblem('not-found', `No such ${kind}: '${pspReference}'`);
    return record;
  }

  list<K extends BookRecord['kind']>(kind: K, reference?: string): Extract<BookRecord, { kind: K }>[] {
    const found: Extract<BookRecord, { kind: K }>[] = [];
    const ids = reference === undefined ? this.#records.keys() : (this.#byReference.get(reference) ?? []);
    for (const id of ids) {
      const record = this.find(kind, id);
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  refundsOf(paymentPspReference: string): RefundRecord[] {
    return (this.#refundsOf.get(paymentPspReference) ?? []).map((id) => this.get('refund', id));
  }

  writePayment(type: PaymentChangeType, next: PaymentRecord, movedMinor = 0): PaymentRecord {
    const record = this.#stamp(next, movedMinor);
    this.#checkPayment(this.find('payment', next.pspReference), record);
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

  /** Replaces `details` only: no change, no step, no listener. */
  setDetails(pspReference: string, details: Record<string, unknown>): void {
    const record = this.#records.get(pspReference);
    if (record === undefined) throw new PspProblem('not-found', `No such record: '${pspReference}'`);
    this.#records.set(pspReference, { ...record, details: { ...details } });
  }

  #stamp<R extends BookRecord>(next: R, movedMinor: number): R {
    const atMs = this.now();
    const step: RecordStep = { atMs, state: next.state, amountMinor: movedMinor };
    return { ...next, updatedAtMs: atMs, steps: [...next.steps, step].slice(-STEPS_KEPT) };
  }

  #put(record: BookRecord): void {
    const known = this.#records.get(record.pspReference);
    if (known !== undefined && known.kind !== record.kind)
      throw new Error(`books: ${record.pspReference} changed its kind`);
    this.#records.set(record.pspReference, record);
    if (known !== undefined) return;
    if (record.reference !== null) append(this.#byReference, record.reference, record.pspReference);
    if (record.kind === 'refund') append(this.#refundsOf, record.paymentPspReference, record.pspReference);
  }

  #checkPayment(before: PaymentRecord | undefined, after: PaymentRecord): void {
    const { amountMinor, capturedMinor, refundedMinor } = after;
    const ordered = 0 <= refundedMinor && refundedMinor <= capturedMinor && capturedMinor <= amountMinor;
    if (!ordered)
      throw new Error(
        `books: ${after.pspReference} has refunded ${refundedMinor}, captured ${capturedMinor}, amount ${amountMinor}`,
      );
    if (before === undefined) return;
    if (FINAL_PAYMENT_STATES.includes(before.state))
      throw new Error(`books: ${after.pspReference} left the final state ${before.state}`);
    if (before.state === 'captured' && after.state !== 'captured' && after.state !== 'refunded') {
      throw new Error(`books: ${after.pspReference} went from captured to ${after.state}`);
    }
    if (before.amountMinor !== amountMinor || before.currency !== after.currency)
      throw new Error(`books: ${after.pspReference} changed its amount`);
  }

  #tell(change: BookChange): void {
    this.#changes += 1;
    this.#listener(change);
  }
}

function append(index: Map<string, string[]>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, [id]);
  else ids.push(id);
}
