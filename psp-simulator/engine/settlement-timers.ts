/**
 * Things that end by themselves: a 3DS challenge runs out, a payout or a pending refund is
 * decided by the bank behind the PSP. Timers follow the book changes and are cancelled when
 * somebody else was faster.
 */
import { sampleMs } from '../../kernel/index.ts';
import type { Clock, Random, TimerHandle } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';
import type { PspContext } from '../dialects/dialect.ts';

export interface SettlementOptions {
  psp: PspContext;
  clock: Clock;
  random: Random;
  /** Runs bank commands outside an exchange. */
  run(commands: () => void): void;
}

export class SettlementTimers {
  readonly #options: SettlementOptions;
  readonly #timers = new Map<string, TimerHandle>();

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  follow(change: BookChange): void {
    const { psp, run } = this.#options;
    const { record } = change;
    const id = record.pspReference;
    this.#cancel(id);
    if (change.type === 'payment-requires-action') {
      const { challengeId } = change.record;
      if (challengeId === null) return;
      this.#start(id, 'challenge', psp.profile.challengeLifeMs, () => run(() => psp.bank.expireChallenge(challengeId)));
    }
    if (change.type === 'payout-created') {
      const { outcome } = change.record;
      const delayMs = sampleMs(psp.profile.payoutSettlement, this.#unit('payout-settlement', change));
      this.#start(id, 'payout', delayMs, () => run(() => psp.bank.settlePayout(id, outcome)));
    }
    if (change.type === 'refund-created') {
      const delayMs = sampleMs(psp.profile.refundSettlement, this.#unit('refund-settlement', change));
      this.#start(id, 'refund', delayMs, () => run(() => psp.bank.settleRefund(id, 'succeeded')));
    }
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #start(id: string, what: string, delayMs: number, task: () => void): void {
    const label = `psp:${this.#options.psp.name}:${what}:${id}`;
    const timer = this.#options.clock.schedule(delayMs, label, () => {
      this.#timers.delete(id);
      task();
    });
    this.#timers.set(id, timer);
  }

  #cancel(id: string): void {
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  }

  #unit(label: string, { record }: BookChange): number {
    return this.#options.random.unit(label, this.#options.psp.name, record.reference ?? record.pspReference);
  }
}
