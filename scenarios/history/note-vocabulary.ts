/**
 * Words of a history about the run itself: what the runner notes, proc 'runner', type 'note'. A
 * part of the vocabulary, apart because of its length.
 */

/** f:'run': the first event of every history. */
export interface RunNote {
  scenario: string;
  seed: string | number;
  driver: 'virtual' | 'http';
  version: string;
  /**
   * Turns the target's time stamps into scenario time: t = (stamp - started_at) * factor.
   * Virtual driver: the clock's start and factor 1. Http driver: wall time at t = 0 and the
   * compression factor. Without it invariants that need the instant of a credit use the first
   * probe that showed it.
   */
  service_clock?: { started_at: string; factor: number };
  /** The run listens as the platform: whatever the target tells it stands in this history. */
  platform_listens?: boolean;
  /** Absent: the reference service, which is told everything and shows everything. */
  target?: ForeignTargetNote;
}

/** What a run knows of a foreign target, as far as verdicts depend on it. */
export interface ForeignTargetNote {
  name: string;
  /** How many times faster than the wall, and so than the target's own clock, the run's time passed. */
  compression: number;
  /** The target was told the run's time. */
  test_clock: boolean;
  /** By probe: what to add to the target file so that it can be made. */
  not_described: Record<string, string>;
  /** What the target does by itself after so long, and what it remembers for so long. */
  deadlines?: Record<string, string>;
  memories?: Record<string, string>;
}

/** f:'phase' */
export interface PhaseNote {
  phase: 'traffic' | 'heal' | 'settle' | 'end';
  converged?: boolean;
}

/** f:'target' */
export interface TargetNote {
  event: 'killed' | 'restarted';
}

/** How the keys of calls begin that a person made in a PSP's dashboard: they are not the target's. */
export const DASHBOARD_KEY = 'dashboard-';
