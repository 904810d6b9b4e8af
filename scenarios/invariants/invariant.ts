/**
 * What an invariant is: a named property of every history, judged by a pure function of the
 * run's index. Unknown is not pass: an invariant that observed nothing says so. A violation
 * carries one sentence in plain English and the events that prove it.
 */
import type { RunModel } from '../history/index.ts';

export type Verdict = 'pass' | 'fail' | 'unknown';

export interface Violation {
  /** One sentence that names the payment, the amounts and the times. */
  contradiction: string;
  /** Our payment or payout id, where one is concerned. */
  payment?: string;
  /** Indexes of the events that prove it, in order of the history. */
  witnesses: number[];
  /** The two statements that cannot both be true of a sound system. */
  facts: [string, string];
  /** Something has not happened by the end of the run: a matter of time, and so of the target's clock. */
  liveness?: true;
}

export interface Judgement {
  verdict: Verdict;
  /** How many things (payments, entries, deliveries, …) were examined. */
  checked: number;
  violations: Violation[];
  /** Why the verdict is unknown. */
  reason?: string;
}

export interface Invariant {
  /** `I1`, `I2`, … as in docs/INVARIANTS.md. */
  id: string;
  title: string;
  /** The property in one sentence. */
  says: string;
  judge(run: RunModel): Judgement;
}

/** Collects what a judge finds, and turns it into a judgement: nothing observed is unknown. */
export class Findings {
  private checked = 0;
  private readonly violations: Violation[] = [];
  private readonly blind: string[] = [];

  /** One more thing was examined. */
  saw(count = 1): void {
    this.checked += count;
  }

  violation(violation: Violation): void {
    const witnesses = [...new Set(violation.witnesses)].sort((a, b) => a - b);
    this.violations.push({ ...violation, witnesses });
  }

  /** Something that should have been examined could not be seen; without a violation the verdict is unknown. */
  couldNotSee(reason: string): void {
    this.blind.push(reason);
  }

  judgement(): Judgement {
    const { checked, violations } = this;
    if (violations.length > 0) return { verdict: 'fail', checked, violations };
    const firstBlind = this.blind[0];
    if (firstBlind !== undefined) {
      const more = this.blind.length > 1 ? ` (and ${this.blind.length - 1} more)` : '';
      return { verdict: 'unknown', checked, violations, reason: `${firstBlind}${more}` };
    }
    if (checked === 0) return { verdict: 'unknown', checked, violations, reason: NOTHING_OBSERVED };
    return { verdict: 'pass', checked, violations };
  }
}

export const NOTHING_OBSERVED = 'nothing observed';
