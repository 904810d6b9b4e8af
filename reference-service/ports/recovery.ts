/**
 * Store of PSPs that fell silent while something may be unproven there.
 */
import type { DueWork } from './stores.ts';
import type { Unit } from './unit.ts';

export interface PspSilence {
  since: number;
  /** When it was last silent. */
  silentAt: number;
  /** How many probes it has answered since then without all being known. */
  answeredProbes: number;
}

export interface RecoveryStore {
  /** The PSP did not answer: it is probed from `probeAt` on, if nobody does so already. */
  silent(unit: Unit, psp: string, times: { nowMs: number; probeAt: number }): Promise<void>;
  /**
   * The PSP answered somebody: the next probe, if due before `leasedUntil`, is due now. Not when it
   * has answered a probe already: it answers some calls and others not. True when it was hastened.
   */
  hasten(unit: Unit, psp: string, times: { nowMs: number; leasedUntil: number }): Promise<boolean>;
  /** Takes the due step; null when another process has. */
  take(unit: Unit, psp: string, dueAt: number, untilMs: number): Promise<PspSilence | null>;
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
  /** The PSP has told its id of an attempt that was in doubt: events that wait to be held against it are due now. */
  pullEvents(unit: Unit, psp: string, about: { reference: string; nowMs: number }): Promise<void>;
  /** The next step; and whether the PSP answered this one. */
  again(unit: Unit, psp: string, next: { stepAt: number; answered: boolean }): Promise<void>;
  /** Nothing is left. False: it fell silent again meanwhile and is not forgotten. */
  done(unit: Unit, psp: string, silentAt: number): Promise<boolean>;
}
