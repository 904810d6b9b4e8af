/**
 * The plan: which fault strikes what, and when. It holds the planned faults of one simulator,
 * knows their windows, draws their chances by key, counts their hits and writes both into the
 * history as the nemesis. What a strike does is carried out by engine and courier.
 */
import { FaultInputError } from './parameters.ts';
import type {
  DeliveryEffect,
  Draw,
  EventEffect,
  EventSubject,
  ExchangeEffect,
  ExchangeSubject,
  FaultKind,
} from './fault.ts';
import type { Clock, HistorySink, Random, TimerHandle } from '../../kernel/index.ts';
import { readFault } from './read-fault.ts';
import type { FaultSpec, PlannedFault } from './read-fault.ts';

/** More planned faults than any scenario has; a longer plan is a mistake of a generator. */
const MOST_FAULTS = 1_000;

export interface PlanOptions {
  clock: Clock;
  random: Random;
  history: HistorySink;
  psps: readonly string[];
  /** Opens or closes the listeners of a PSP for an outage with refused connections. Never rejects. */
  setDoor(psp: string, open: boolean): Promise<void>;
}

/** Where a fault could strike. `entity` and `attempt` key the draws. */
export interface StrikePoint {
  psp: string;
  reference: string | null;
  entity: string;
  /** Operation of an exchange, or the PSP's word for an event. */
  name: string;
  attempt: number;
  /** For the history. */
  evidence: Readonly<Record<string, string>>;
  cause: number | undefined;
}

export type ListedFault = FaultSpec & { id: string; hits: number; active: boolean };

export class FaultPlan {
  readonly #options: PlanOptions;
  readonly #faults = new Map<string, PlannedFault>();
  readonly #begun = new Set<string>();
  readonly #timers = new Map<string, TimerHandle[]>();
  #originMs: number;
  #nextId = 1;
  #moving: Promise<unknown> = Promise.resolve();

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#originMs = options.clock.now();
  }

  /** Replaces everything. A plan with a mistake changes nothing and throws a `FaultInputError`. */
  replace(specs: readonly unknown[], originMs?: number): void {
    if (specs.length > MOST_FAULTS)
      throw new FaultInputError(`a plan takes at most ${MOST_FAULTS} faults, not ${specs.length}`);
    const faults = specs.map((spec, index) => this.#read(spec, `f${index + 1}`));
    const ids = new Set(faults.map((fault) => fault.id));
    if (ids.size < faults.length) throw new FaultInputError('two faults of the plan have the same id');
    this.removeAll();
    this.#originMs = originMs ?? this.#options.clock.now();
    this.#nextId = faults.length + 1;
    for (const fault of faults) this.#begin(fault);
  }

  /** Adds one; its times count from now, unless an origin is given. Answers its id. */
  add(spec: unknown): string {
    if (this.#faults.size >= MOST_FAULTS) throw new FaultInputError(`a plan takes at most ${MOST_FAULTS} faults`);
    const fault = this.#read(this.#shifted(spec), `f${this.#nextId}`);
    if (this.#faults.has(fault.id)) throw new FaultInputError(`there is a fault with the id ${fault.id} already`);
    this.#nextId += 1;
    this.#begin(fault);
    return fault.id;
  }

  /** Heals one fault; false when there is none of this id. */
  remove(id: string): boolean {
    const fault = this.#faults.get(id);
    if (fault === undefined) return false;
    for (const timer of this.#timers.get(id) ?? []) timer.cancel();
    this.#timers.delete(id);
    this.#end(fault);
    this.#faults.delete(id);
    return true;
  }

  removeAll(): void {
    for (const id of [...this.#faults.keys()]) this.remove(id);
  }

  list(): ListedFault[] {
    return [...this.#faults.values()].map((fault) => ({
      ...fault.spec,
      id: fault.id,
      hits: fault.hits,
      active: this.#isActive(fault),
    }));
  }

  /** Resolves when every door stands as the plan wants it. */
  async settled(): Promise<void> {
    await this.#moving;
  }

  /** Effects of the faults that strike an exchange at this point; the hits are recorded. */
  exchange(phase: 'before-commit' | 'after-commit', point: StrikePoint, subject: ExchangeSubject): ExchangeEffect[] {
    return this.#strike(
      point,
      (kind, fault, draw) => {
        if (kind.point !== phase || fault.closesDoor) return undefined;
        if (kind.operations !== undefined && !kind.operations.includes(subject.operation)) return undefined;
        if (kind.appliesTo?.(subject) === false) return undefined;
        return () => kind.effect(fault.parameters, draw);
      },
      (fault) => fault.operations.length === 0 || fault.operations.includes(subject.operation),
    );
  }

  event(point: StrikePoint, subject: EventSubject): EventEffect[] {
    return this.#strike(
      point,
      (kind, fault, draw) => {
        if (kind.point !== 'event' || kind.appliesTo?.(subject) === false) return undefined;
        return () => kind.effect(fault.parameters, draw, subject);
      },
      (fault) => namesEvent(fault, point.name, subject),
    );
  }

  delivery(point: StrikePoint, subject: EventSubject): DeliveryEffect[] {
    return this.#strike(
      point,
      (kind, fault, draw) => {
        if (kind.point !== 'delivery') return undefined;
        const effect = kind.effect(fault.parameters, draw, subject);
        return effect.lose === undefined ? undefined : () => effect;
      },
      (fault) => namesEvent(fault, point.name, subject),
    );
  }

  #strike<E>(
    point: StrikePoint,
    prepare: (kind: FaultKind, fault: PlannedFault, draw: Draw) => (() => E) | undefined,
    named: (fault: PlannedFault) => boolean,
  ): E[] {
    const effects: E[] = [];
    for (const fault of this.#faults.values()) {
      if (!this.#isActive(fault) || !fitsPoint(fault, point) || !named(fault)) continue;
      const draw: Draw = (label) =>
        this.#options.random.unit('fault-draw', fault.id, label, point.entity, point.name, point.attempt);
      const effect = prepare(fault.kind, fault, draw);
      if (effect === undefined || !this.#chosen(fault, point)) continue;
      fault.hits += 1;
      this.#note(fault, point);
      effects.push(effect());
    }
    return effects;
  }

  #chosen(fault: PlannedFault, point: StrikePoint): boolean {
    const { chance = 1, count = Infinity, nth } = fault.spec;
    if (fault.hits >= count) return false;
    if (!this.#options.random.chance(chance, 'fault-chance', fault.id, point.entity, point.name, point.attempt))
      return false;
    fault.seen += 1;
    return nth === undefined || fault.seen === nth;
  }

  #isActive(fault: PlannedFault): boolean {
    const sinceMs = this.#options.clock.now() - this.#originMs;
    return sinceMs >= (fault.spec.from ?? 0) && sinceMs < (fault.spec.to ?? Infinity);
  }

  #read(spec: unknown, defaultId: string): PlannedFault {
    return readFault(spec, { defaultId, psps: this.#options.psps });
  }

  /** Times of a fault that is added later are relative to now: moves them to the plan's origin. */
  #shifted(spec: unknown): unknown {
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
    const shiftMs = this.#options.clock.now() - this.#originMs;
    const { from, to } = spec as { from?: unknown; to?: unknown };
    const shifted: Record<string, unknown> = { ...spec };
    shifted['from'] = typeof from === 'number' ? from + shiftMs : (from ?? shiftMs);
    if (typeof to === 'number') shifted['to'] = to + shiftMs;
    return shifted;
  }

  #begin(fault: PlannedFault): void {
    this.#faults.set(fault.id, fault);
    const sinceMs = this.#options.clock.now() - this.#originMs;
    const { from = 0, to } = fault.spec;
    const timers: TimerHandle[] = [];
    if (to !== undefined && to <= sinceMs) return;
    if (from <= sinceMs) this.#enterWindow(fault);
    else
      timers.push(
        this.#options.clock.schedule(from - sinceMs, `fault ${fault.id} begins`, () => {
          this.#enterWindow(fault);
          return this.settled();
        }),
      );
    if (to !== undefined)
      timers.push(
        this.#options.clock.schedule(to - sinceMs, `fault ${fault.id} ends`, () => {
          this.#end(fault);
          return this.settled();
        }),
      );
    this.#timers.set(fault.id, timers);
  }

  #enterWindow(fault: PlannedFault): void {
    this.#begun.add(fault.id);
    this.#window(fault, 'begin');
    this.#moveDoors(fault, false);
  }

  #end(fault: PlannedFault): void {
    if (!this.#begun.delete(fault.id)) return;
    this.#window(fault, 'end');
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
    return [...this.#begun].some((id) => {
      const other = this.#faults.get(id);
      return other?.closesDoor === true && (other.spec.psp === undefined || other.spec.psp === psp);
    });
  }

  #window(fault: PlannedFault, phase: 'begin' | 'end'): void {
    const value = { phase, fault_id: fault.id, psp: fault.spec.psp ?? null };
    this.#options.history.append({ proc: 'nemesis', type: 'fault', f: fault.kind.name, value });
  }

  #note(fault: PlannedFault, point: StrikePoint): void {
    this.#options.history.append({
      proc: 'nemesis',
      type: 'fault',
      f: fault.kind.name,
      ...(point.reference === null ? {} : { key: point.reference }),
      value: { fault_id: fault.id, psp: point.psp, ...point.evidence },
      ...(point.cause === undefined ? {} : { cause: point.cause }),
    });
  }
}

function fitsPoint(fault: PlannedFault, point: StrikePoint): boolean {
  const { psp, reference } = fault.spec;
  return (psp === undefined || psp === point.psp) && (reference === undefined || reference === point.reference);
}

function namesEvent(fault: PlannedFault, type: string, subject: EventSubject): boolean {
  return fault.events.length === 0 || fault.events.includes(type) || fault.events.includes(subject.state);
}
