/**
 * Store of PSPs that fell silent while something may be unproven there.
 */
import type { DueWork } from './stores.ts';
import type { Unit } from './unit.ts';

export interface RecoveryStore {
  /** The PSP did not answer: it is probed from `probeAt` on, if nobody does so already. */
  silent(unit: Unit, psp: string, times: { nowMs: number; probeAt: number }): Promise<void>;
  /** The PSP answered somebody: whoever waits for the next probe waits no longer. True when somebody did. */
  hasten(unit: Unit, psp: string, nowMs: number): Promise<boolean>;
  /** Takes the due step; null when another process has. `silentAt`: when it was last silent. */
  take(unit: Unit, psp: string, dueAt: number, untilMs: number): Promise<{ since: number; silentAt: number } | null>;
  /** One piece of unproven work at the PSP that it has not answered about since `silentAt`: the one due first. */
  unanswered(unit: Unit, psp: string, silentAt: number): Promise<DueWork | null>;
  /**
   * Pulls up to `limit` pieces of such work forward, one every `gapMs` from now on, and what
   * else waits for this PSP with it. Gives how many were pulled.
   */
  pullForward(
    unit: Unit,
    psp: string,
    plan: { silentAt: number; nowMs: number; gapMs: number; limit: number },
  ): Promise<number>;
  again(unit: Unit, psp: string, nextStepAt: number): Promise<void>;
  /** Nothing is left. False: it fell silent again meanwhile and is not forgotten. */
  done(unit: Unit, psp: string, silentAt: number): Promise<boolean>;
}
