/**
 * Things that happen by themselves: a page or an authorization runs out, a payout or a pending
 * refund is decided by the bank behind the PSP, money that was sent comes back, a cardholder
 * disputes a payment and somebody decides. Timers follow the book changes and are cancelled
 * when somebody else was faster.
 */
import { drawMs } from '../../kernel/index.ts';
import type { Clock, Distribution, Random, TimerHandle } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';
import { PspProblem } from '../core/problem.ts';
import type { DisputeRecord, PaymentRecord, PayoutRecord, RefundRecord } from '../core/records.ts';
import type { DialectSamples, PspContext } from '../dialects/dialect.ts';

export interface TimerOptions {
  psp: PspContext;
  samples: DialectSamples;
  clock: Clock;
  random: Random;
  /** Runs bank commands outside an exchange. */
  run(commands: () => void): void;
}

/** A record has at most one timer of each. */
type Waiting =
  | 'page'
  | 'open-life'
  | 'authorization-life'
  | 'cardholder-dispute'
  | 'dispute-decision'
  | 'payout'
  | 'payout-return'
  | 'refund'
  | 'refund-late-failure';

/** Draws that recorded runs already depend on keep their labels. */
const DRAW_LABELS: Partial<Record<Waiting, string>> = { payout: 'payout-settlement', refund: 'refund-settlement' };

export class OwnTimers {
  readonly #options: TimerOptions;
  /** By the id of their record, so that the many records without a timer cost one look. */
  readonly #timers = new Map<string, Map<Waiting, TimerHandle>>();

  constructor(options: TimerOptions) {
    this.#options = options;
  }

  follow(change: BookChange): void {
    const { record } = change;
    if (record.kind === 'payment') this.#followPayment(change, record);
    else if (record.kind === 'dispute') this.#followDispute(change, record);
    else if (record.kind === 'refund') this.#followRefund(change, record);
    else this.#followPayout(change, record);
  }

  clear(): void {
    for (const ofRecord of this.#timers.values()) for (const timer of ofRecord.values()) timer.cancel();
    this.#timers.clear();
  }

  #followPayment(change: BookChange, record: PaymentRecord): void {
    const { psp } = this.#options;
    const id = record.pspReference;
    const { openLifeMs, authorizationLifeMs, challengeLifeMs } = psp.profile;
    switch (change.type) {
      case 'payment-created':
        if (openLifeMs > 0) this.#start(id, 'open-life', openLifeMs, () => psp.bank.expire(id));
        return;
      case 'payment-requires-action': {
        const { challengeId } = record;
        if (challengeId === null) return;
        this.#cancel(id, 'open-life');
        this.#start(id, 'page', challengeLifeMs, () => psp.bank.expireChallenge(challengeId));
        return;
      }
      case 'payment-authorized':
        this.#cancel(id, 'open-life', 'page');
        if (authorizationLifeMs > 0)
          this.#start(id, 'authorization-life', authorizationLifeMs, () => psp.bank.expire(id));
        return;
      case 'payment-captured':
        this.#cancel(id, 'open-life', 'page');
        if (record.capturableMinor === 0) this.#cancel(id, 'authorization-life');
        if (record.captures.length === 1) this.#planDispute(change, record);
        return;
      case 'payment-declined':
      case 'payment-canceled':
      case 'payment-expired':
      case 'payment-released':
        this.#cancel(id, 'open-life', 'page', 'authorization-life');
        return;
      default:
    }
  }

  #planDispute(change: BookChange, { pspReference, fate }: PaymentRecord): void {
    const { psp, samples } = this.#options;
    const { dispute } = fate;
    if (dispute === undefined) return;
    this.#draw(pspReference, 'cardholder-dispute', psp.profile.disputeDelay, change, () => {
      const payment = psp.bank.payment(pspReference);
      psp.bank.openDispute({ ...samples.dispute(psp, payment, dispute.reason), ends: dispute.ends });
    });
  }

  #followDispute(change: BookChange, { pspReference: id, ends, evidenceDueMs }: DisputeRecord): void {
    const { psp, clock } = this.#options;
    const { bank } = psp;
    const { disputeDecision } = psp.profile;
    switch (change.type) {
      case 'dispute-opened':
        if (ends === null) {
          const leftMs = Math.max(0, evidenceDueMs - clock.now());
          this.#start(id, 'dispute-decision', leftMs, () => bank.closeDispute(id, 'lost'));
          return;
        }
        this.#draw(id, 'dispute-decision', disputeDecision, change, () =>
          bank.closeDispute(id, ends === 'won' ? 'won' : 'lost'),
        );
        return;
      case 'dispute-evidence':
        // Evidence was in time: from now on somebody has to decide.
        if (ends === null) this.#cancel(id, 'dispute-decision');
        return;
      case 'dispute-lost':
        this.#cancel(id, 'dispute-decision');
        if (ends === 'reversed')
          this.#draw(id, 'dispute-decision', disputeDecision, change, () => bank.reverseDispute(id));
        return;
      default:
        this.#cancel(id, 'dispute-decision');
    }
  }

  #followRefund(change: BookChange, { pspReference: id, settles }: RefundRecord): void {
    const { psp } = this.#options;
    this.#cancel(id, 'refund', 'refund-late-failure');
    if (change.type === 'refund-created') {
      const outcome = settles === 'failed' ? 'failed' : 'succeeded';
      this.#draw(id, 'refund', psp.profile.refundSettlement, change, () => psp.bank.settleRefund(id, outcome));
    }
    if (change.type === 'refund-succeeded' && settles === 'fails-late') {
      this.#draw(id, 'refund-late-failure', psp.profile.refundLateFailure, change, () => psp.bank.failRefundLate(id));
    }
  }

  #followPayout(change: BookChange, { pspReference: id, outcome }: PayoutRecord): void {
    const { psp } = this.#options;
    this.#cancel(id, 'payout', 'payout-return');
    if (change.type === 'payout-created') {
      const first = outcome === 'failed' ? 'failed' : 'paid';
      this.#draw(id, 'payout', psp.profile.payoutSettlement, change, () => psp.bank.settlePayout(id, first));
    }
    if (change.type === 'payout-paid' && outcome === 'returned') {
      this.#draw(id, 'payout-return', psp.profile.payoutReturn, change, () => psp.bank.settlePayout(id, 'returned'));
    }
  }

  /** A delay drawn by what it is about, so that it does not depend on other payments. */
  #draw(id: string, what: Waiting, delay: Distribution, { record }: BookChange, task: () => void): void {
    const { psp, random } = this.#options;
    const unit = (): number =>
      random.unit(DRAW_LABELS[what] ?? what, psp.name, record.reference ?? record.pspReference);
    this.#start(id, what, drawMs(delay, unit), task);
  }

  #start(id: string, what: Waiting, delayMs: number, task: () => void): void {
    const { clock, psp, run } = this.#options;
    this.#cancel(id, what);
    const timer = clock.schedule(delayMs, `psp:${psp.name}:${what}:${id}`, () => {
      this.#forget(id, what);
      run(() => ifStillPossible(task));
    });
    const ofRecord = this.#timers.get(id) ?? new Map<Waiting, TimerHandle>();
    this.#timers.set(id, ofRecord.set(what, timer));
  }

  #cancel(id: string, ...whats: Waiting[]): void {
    const ofRecord = this.#timers.get(id);
    if (ofRecord === undefined) return;
    for (const what of whats) {
      ofRecord.get(what)?.cancel();
      this.#forget(id, what);
    }
  }

  #forget(id: string, what: Waiting): void {
    const ofRecord = this.#timers.get(id);
    ofRecord?.delete(what);
    if (ofRecord?.size === 0) this.#timers.delete(id);
  }
}

/** What would have happened by itself cannot any more: refunded before the dispute, dropped from the books. */
function ifStillPossible(task: () => void): void {
  try {
    task();
  } catch (error) {
    if (!(error instanceof PspProblem)) throw error;
  }
}
