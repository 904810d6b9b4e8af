/**
 * Windows: when a planned fault begins and ends, and the doors that an outage with refused
 * connections holds shut meanwhile. Times count from the plan's origin.
 */
import type { Clock, HistorySink, TimerHandle } from '../../kernel/index.ts';
import type { Moment } from './fault.ts';
import type { PlannedFault } from './read-fault.ts';

export interface WindowOptions {
  clock: Clock;
  history: HistorySink;
  psps: readonly string[];
  setDoor(psp: string, open: boolean): Promise<void>;
}

export class FaultWindows {
  readonly #options: WindowOptions;
  readonly #begun = new Map<string, PlannedFault>();
  readonly #timers = new Map<string, TimerHandle[]>();
  #originMs: number;
  #moving: Promise<unknown> = Promise.resolve();

  constructor(options: WindowOptions) {
    this.#options = options;
    this.#originMs = options.clock.now();
  }

  /** Sets the plan's origin, in milliseconds of the clock. */
  beginAt(originMs: number): void {
    this.#originMs = originMs;
  }

  /** Times of a fault that is added later are relative to now: moves them to the plan's origin. */
  shifted(spec: unknown): unknown {
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
    const shiftMs = this.#sinceOrigin();
    const { from, to } = spec as { from?: unknown; to?: unknown };
    const shifted: Record<string, unknown> = { ...spec };
    shifted['from'] = typeof from === 'number' ? from + shiftMs : (from ?? shiftMs);
    if (typeof to === 'number') shifted['to'] = to + shiftMs;
    return shifted;
  }

  /** `atMs`: an instant of the clock, by default now. */
  isActive(fault: PlannedFault, atMs = this.#options.clock.now()): boolean {
    const sinceMs = atMs - this.#originMs;
    return sinceMs >= (fault.spec.from ?? 0) && sinceMs < (fault.spec.to ?? Infinity);
  }

  momentOf({ spec }: PlannedFault): Moment {
    const { from = 0, to } = spec;
    return { sinceMs: this.#sinceOrigin() - from, windowMs: to === undefined ? null : to - from };
  }

  begin(fault: PlannedFault): void {
    const sinceMs = this.#sinceOrigin();
    const { from = 0, to } = fault.spec;
    const timers: TimerHandle[] = [];
    if (to !== undefined && to <= sinceMs) return;
    if (from <= sinceMs) this.#enter(fault);
    else
      timers.push(
        this.#options.clock.schedule(from - sinceMs, `fault ${fault.id} begins`, () => {
          this.#enter(fault);
          return this.settled();
        }),
      );
    if (to !== undefined)
      timers.push(
        this.#options.clock.schedule(to - sinceMs, `fault ${fault.id} ends`, () => {
          this.#leave(fault);
          return this.settled();
        }),
      );
    this.#timers.set(fault.id, timers);
  }

  /** Ends it now, whatever its window says. */
  end(fault: PlannedFault): void {
    for (const timer of this.#timers.get(fault.id) ?? []) timer.cancel();
    this.#timers.delete(fault.id);
    this.#leave(fault);
  }

  async settled(): Promise<void> {
    await this.#moving;
  }

  #sinceOrigin(): number {
    return this.#options.clock.now() - this.#originMs;
  }

  #enter(fault: PlannedFault): void {
    this.#begun.set(fault.id, fault);
    this.#note(fault, 'begin');
    this.#moveDoors(fault, false);
  }

  #leave(fault: PlannedFault): void {
    if (!this.#begun.delete(fault.id)) return;
    this.#note(fault, 'end');
    this.#moveDoors(fault, true);
  }

  /** A door opens again only when no other outage still holds it shut. */
  #moveDoors(fault: PlannedFault, open: boolean): void {
    if (!fault.closesDoor) return;
    if (!open) fault.hits += 1;
    for (const psp of this.#options.psps) {
      if (fault.spec.psp !== undefined && fault.spec.psp !== psp) continue;
      const moved = this.#options.setDoor(psp, open && !this.#heldShut(psp));
      this.#moving = Promise.all([this.#moving, moved]);
    }
  }

  #heldShut(psp: string): boolean {
    return [...this.#begun.values()].some(
      (other) => other.closesDoor && (other.spec.psp === undefined || other.spec.psp === psp),
    );
  }

  #note(fault: PlannedFault, phase: 'begin' | 'end'): void {
    const value = { phase, fault_id: fault.id, psp: fault.spec.psp ?? null };
    this.#options.history.append({ proc: 'nemesis', type: 'fault', f: fault.kind.name, value });
  }
}
