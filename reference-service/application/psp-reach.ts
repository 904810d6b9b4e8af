/**
 * Reach: which PSPs answer, as far as the calls of this process show. A call without a meaningful
 * answer is silence; the first silence, and the first answer after it, are passed on.
 */
import type { Clock } from '../../kernel/index.ts';

/** Silence is passed on at most this often per PSP: an outage has thousands of failing calls. */
const TELL_EVERY_MS = 1_000;

/** A PSP that answers every other call is not told as recovered with each of them. */
const RECOVERY_EVERY_MS = 5_000;

/** Longer than the pause between two probes and their time-out: while somebody probes, silence lasts. */
const SILENCE_MS = 60_000;

interface Seen {
  answeredAt: number;
  silentAt: number;
  toldSilentAt: number;
  toldAnswerAt: number;
}

export class PspReach {
  readonly #clock: Clock;
  readonly #later: (label: string, task: () => Promise<void>) => void;
  readonly #tell: (psp: string, seen: 'silent' | 'answered') => Promise<void>;
  readonly #seen = new Map<string, Seen>();

  constructor(options: {
    clock: Clock;
    later: (label: string, task: () => Promise<void>) => void;
    tell: (psp: string, seen: 'silent' | 'answered') => Promise<void>;
  }) {
    this.#clock = options.clock;
    this.#later = options.later;
    this.#tell = options.tell;
  }

  #of(psp: string): Seen {
    let seen = this.#seen.get(psp);
    if (seen === undefined) {
      seen = { answeredAt: -Infinity, silentAt: -Infinity, toldSilentAt: -Infinity, toldAnswerAt: -Infinity };
      this.#seen.set(psp, seen);
    }
    return seen;
  }

  silent(psp: string): void {
    const seen = this.#of(psp);
    const nowMs = this.#clock.now();
    seen.silentAt = nowMs;
    if (nowMs < seen.toldSilentAt + TELL_EVERY_MS) return;
    seen.toldSilentAt = nowMs;
    this.#later(`psp-silent:${psp}`, () => this.#tell(psp, 'silent'));
  }

  answered(psp: string): void {
    const seen = this.#of(psp);
    const nowMs = this.#clock.now();
    const wasSilent = seen.silentAt > seen.answeredAt;
    seen.answeredAt = nowMs;
    if (!wasSilent || nowMs < seen.toldAnswerAt + RECOVERY_EVERY_MS) return;
    seen.toldAnswerAt = nowMs;
    this.#later(`psp-answered:${psp}`, () => this.#tell(psp, 'answered'));
  }

  /** The last call had no answer, and that was not long ago: nothing is gained by asking now, the probe will. */
  isSilent(psp: string): boolean {
    const seen = this.#seen.get(psp);
    return seen !== undefined && seen.silentAt > seen.answeredAt && this.#clock.now() < seen.silentAt + SILENCE_MS;
  }

  /** It answered at least one call that ended since then, whatever became of others. */
  hasAnsweredSince(psp: string, epochMs: number): boolean {
    return this.#of(psp).answeredAt >= epochMs;
  }

  /** What the calls that ended since then show; null when there were none. */
  since(psp: string, epochMs: number): 'silent' | 'answered' | null {
    const { silentAt, answeredAt } = this.#of(psp);
    if (silentAt < epochMs && answeredAt < epochMs) return null;
    return silentAt > answeredAt ? 'silent' : 'answered';
  }
}
