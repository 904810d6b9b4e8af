/**
 * The stage on which a triggered event is played: one payment or payout, brought to where it must
 * be by the commands that a merchant, a payer or a bank would give. A payment that exists goes on
 * from where it is; otherwise a new one is made from the dialect's samples.
 */
import { PspProblem } from '../../core/problem.ts';
import { APPROVED } from '../../core/records.ts';
import type { BookRecord, CardOutcome, DisputeReason, DisputeRecord, PaymentRecord } from '../../core/records.ts';
import type { PayoutRecord, RefundRecord } from '../../core/records.ts';
import type { DialectSamples, PspContext, SampleWish } from '../../dialects/dialect.ts';

export interface StageOptions {
  psp: PspContext;
  samples: DialectSamples;
  wish: Omit<SampleWish, 'captureMode'>;
  /** To go on from; undefined: a new one is made. */
  existing: PaymentRecord | PayoutRecord | undefined;
}

export class Stage {
  readonly psp: PspContext;
  readonly #options: StageOptions;
  /** What the event will be about, as far as it is known. */
  subject: BookRecord | undefined;

  constructor(options: StageOptions) {
    this.psp = options.psp;
    this.#options = options;
    this.subject = options.existing;
  }

  get isNew(): boolean {
    return this.#options.existing === undefined;
  }

  get bank(): PspContext['bank'] {
    return this.psp.bank;
  }

  /** A new payment. Refuses when one exists. */
  pay(captureMode: SampleWish['captureMode'], outcome: CardOutcome | null): PaymentRecord {
    if (!this.isNew) throw this.#cannot('be created again');
    const { samples, wish } = this.#options;
    return this.#about(this.bank.createPayment({ ...samples.payment(this.psp, { ...wish, captureMode }), outcome }));
  }

  /** An existing payment that is not attempted yet is attempted with this outcome; a new one is made with it. */
  attempt(captureMode: SampleWish['captureMode'], outcome: CardOutcome): PaymentRecord {
    const payment = this.#payment();
    if (payment === undefined) return this.pay(captureMode, outcome);
    return this.#about(this.bank.confirmPayment({ pspReference: payment.pspReference, outcome }));
  }

  authorized(): PaymentRecord {
    const payment = this.#payment();
    if (payment?.state === 'requires_action') return this.passed(payment);
    return payment?.state === 'authorized' ? payment : this.attempt('manual', APPROVED);
  }

  captured(captureMode: SampleWish['captureMode'] = 'automatic'): PaymentRecord {
    const known = this.#payment();
    if (known?.state === 'captured') return known;
    const payment =
      known === undefined || known.state === 'created'
        ? this.attempt(captureMode, APPROVED)
        : known.state === 'requires_action'
          ? this.passed(known)
          : known;
    if (payment.state === 'captured') return payment;
    return this.#about(this.bank.capture(payment.pspReference, { captureId: this.#captureId(payment) }));
  }

  /** Takes a part and leaves the rest to be captured, where the PSP allows that. */
  capturedPart(): PaymentRecord {
    const payment = this.authorized();
    const amountMinor = Math.max(1, Math.floor(payment.capturableMinor / 2));
    const part = { amountMinor, final: false, captureId: this.#captureId(payment) };
    return this.#about(this.bank.capture(payment.pspReference, part));
  }

  /** The payer approves on the page that waits, and the merchant does what is left to do. */
  passed(payment: PaymentRecord): PaymentRecord {
    this.act(payment, 'approve');
    const challenge = this.bank.challenge(payment.challengeId ?? '');
    return this.#about(
      challenge.completed ? this.bank.payment(payment.pspReference) : this.bank.submitChallenge(challenge.id),
    );
  }

  act(payment: PaymentRecord, action: 'approve' | 'fail' | 'cancel'): void {
    this.bank.actOnChallenge(payment.challengeId ?? '', action);
    this.#about(this.bank.payment(payment.pspReference));
  }

  /** A refund that is under way, or a new one. */
  pendingRefund(part: 'whole' | 'half' = 'whole'): RefundRecord {
    const payment = this.captured();
    const known = this.bank
      .refunds({ paymentPspReference: payment.pspReference })
      .find(({ state }) => state === 'pending');
    if (known !== undefined) return this.#about(known);
    const leftMinor = payment.capturedMinor - payment.refundedMinor;
    const amountMinor = part === 'whole' ? leftMinor : Math.max(1, Math.floor(leftMinor / 2));
    const command = this.#options.samples.refund(this.psp, payment, amountMinor);
    return this.#about(this.bank.createRefund({ ...command, outcome: 'pending' }));
  }

  /** A refund that has succeeded, or a new one that does. */
  refunded(): RefundRecord {
    const payment = this.#payment();
    const done =
      payment === undefined
        ? undefined
        : this.bank
            .refunds({ paymentPspReference: payment.pspReference })
            .findLast(({ state }) => state === 'succeeded');
    return this.#about(done ?? this.bank.settleRefund(this.pendingRefund().pspReference, 'succeeded'));
  }

  /** A dispute in one of these states, or a new one. */
  dispute(reason: DisputeReason, states: readonly DisputeRecord['state'][]): DisputeRecord {
    const payment = this.captured();
    const known = this.bank
      .disputes({ paymentPspReference: payment.pspReference })
      .findLast(({ state }) => states.includes(state));
    return this.#about(
      known ?? this.bank.openDispute({ ...this.#options.samples.dispute(this.psp, payment, reason), ends: null }),
    );
  }

  /** Lost because the merchant did not want to fight, in the PSP's own way of saying so. */
  acceptedDispute(): DisputeRecord {
    const dispute = this.dispute('fraudulent', ['open']);
    this.#options.samples.acceptDispute?.(this.psp, dispute);
    return this.#about(this.bank.closeDispute(dispute.pspReference, 'lost'));
  }

  /** The payout that exists, or a new one. */
  payout(outcome: PayoutRecord['outcome']): PayoutRecord {
    const { samples, wish, existing } = this.#options;
    if (existing?.kind === 'payout') return this.bank.payout(existing.pspReference);
    if (existing !== undefined) throw this.#cannot('be paid out: it is a payment');
    const command = samples.payout(this.psp, { ...wish, captureMode: 'automatic' });
    return this.#about(this.bank.createPayout({ ...command, outcome }));
  }

  /** The payment as it is now; undefined when none was made yet. */
  #payment(): PaymentRecord | undefined {
    const { existing } = this.#options;
    if (existing?.kind === 'payout') throw this.#cannot('be charged: it is a payout');
    return existing === undefined ? undefined : this.bank.payment(existing.pspReference);
  }

  #captureId(payment: PaymentRecord): string {
    return this.#options.samples.captureId(this.psp, payment);
  }

  #about<R extends BookRecord>(record: R): R {
    this.subject = record;
    return record;
  }

  #cannot(what: string): PspProblem {
    const { existing, wish } = this.#options;
    return new PspProblem('invalid-state', `'${existing?.pspReference ?? wish.reference}' cannot ${what}`);
  }
}
