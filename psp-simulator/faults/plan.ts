/**
 * The plan: which fault strikes what, and when. It holds the planned faults of one simulator,
 * knows their windows, draws their chances by key, counts their hits and writes both into the
 * history as the nemesis. What a strike does is carried out by engine and courier.
 */
import { FaultInputError } from './parameters.ts';
import type {
  CardholderEffect,
  Condition,
  DeliveryEffect,
  EventEffect,
  ExchangeEffect,
  SettlementEffect,
} from './effects.ts';
import type { CardholderSubject, ConditionPlace, Draw, EventSubject, ExchangeSubject, FaultPoint } from './fault.ts';
import { fitsFacts, needsFacts, NO_FACTS } from './filters.ts';
import type { Facts } from './filters.ts';
import type { Clock, HistorySink, Random } from '../../kernel/index.ts';
import { mergeConditions } from './merge-conditions.ts';
import { readFault } from './read-fault.ts';
import type { FaultSpec, PlannedFault } from './read-fault.ts';
import { SettlementStrikes } from './settlement-strikes.ts';
import type { ClosedAt, ToldBatch } from './settlement-strikes.ts';
import type { Prepare, StrikePoint } from './strike-point.ts';
import { FaultWindows } from './windows.ts';

export type { StrikePoint } from './strike-point.ts';

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

export type ListedFault = FaultSpec & { id: string; hits: number; active: boolean };

export class FaultPlan {
  readonly #options: PlanOptions;
  readonly #faults = new Map<string, PlannedFault>();
  readonly #windows: FaultWindows;
  readonly #settlement: SettlementStrikes;
  #points: ReadonlySet<FaultPoint> = new Set();
  #nextId = 1;
  #handshakes = 0;

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#windows = new FaultWindows(options);
    this.#settlement = new SettlementStrikes(options.random, (point, prepare) => this.#strike(point, prepare));
  }

  /** Replaces everything. A plan with a mistake changes nothing and throws a `FaultInputError`. */
  replace(specs: readonly unknown[], originMs?: number): void {
    if (specs.length > MOST_FAULTS)
      throw new FaultInputError(`a plan takes at most ${MOST_FAULTS} faults, not ${specs.length}`);
    const faults = specs.map((spec, index) => this.#read(spec, `f${index + 1}`));
    const ids = new Set(faults.map((fault) => fault.id));
    if (ids.size < faults.length) throw new FaultInputError('two faults of the plan have the same id');
    this.removeAll();
    this.#windows.beginAt(originMs ?? this.#options.clock.now());
    this.#nextId = faults.length + 1;
    for (const fault of faults) this.#begin(fault);
  }

  /** Adds one; its times count from now, unless an origin is given. Answers its id. */
  add(spec: unknown): string {
    if (this.#faults.size >= MOST_FAULTS) throw new FaultInputError(`a plan takes at most ${MOST_FAULTS} faults`);
    const fault = this.#read(this.#windows.shifted(spec), `f${this.#nextId}`);
    if (this.#faults.has(fault.id)) throw new FaultInputError(`there is a fault with the id ${fault.id} already`);
    this.#nextId += 1;
    this.#begin(fault);
    return fault.id;
  }

  /** Heals one fault; false when there is none of this id. */
  remove(id: string): boolean {
    const fault = this.#faults.get(id);
    if (fault === undefined) return false;
    this.#windows.end(fault);
    this.#faults.delete(id);
    this.#countPoints();
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
      active: this.#windows.isActive(fault),
    }));
  }

  /** Resolves when every door stands as the plan wants it. */
  async settled(): Promise<void> {
    await this.#windows.settled();
  }

  /** Is any fault planned at this point, in its window or not? Spares the rest on the way of every request. */
  wants(point: FaultPoint): boolean {
    return this.#points.has(point);
  }

  /** In which state the PSP is here and now; the hits are recorded. */
  conditions(place: ConditionPlace, point: StrikePoint, subject?: EventSubject): Condition {
    const struck = this.#strike(point, (kind, fault) => {
      if (kind.point !== 'condition' || !kind.seenAt.includes(place)) return null;
      if (place === 'exchange' && !namesOperation(fault, point.name)) return null;
      if (subject !== undefined && !namesEvent(fault, point.name, subject)) return null;
      return kind.effect(fault.parameters);
    });
    return mergeConditions(struck);
  }

  /** Asked when a TLS connection to this PSP begins. */
  certificateExpired(psp: string): boolean {
    if (!this.wants('condition')) return false;
    this.#handshakes += 1;
    const point = { psp, reference: null, entity: psp, name: 'handshake', attempt: this.#handshakes };
    return this.conditions('handshake', { ...point, evidence: {}, cause: undefined }).certificateExpired ?? false;
  }

  /** Effects of the faults that strike an exchange at this point; the hits are recorded. */
  exchange(phase: 'before-commit' | 'after-commit', point: StrikePoint, subject: ExchangeSubject): ExchangeEffect[] {
    return this.#strike(point, (kind, fault, draw, moment) => {
      if (kind.point !== phase || fault.closesDoor || !namesOperation(fault, subject.operation)) return null;
      if (kind.operations !== undefined && !kind.operations.includes(subject.operation)) return null;
      if (kind.appliesTo?.(subject) === false) return null;
      return kind.effect(fault.parameters, draw, moment());
    });
  }

  event(point: StrikePoint, subject: EventSubject): EventEffect[] {
    return this.#strike(point, (kind, fault, draw) => {
      if (kind.point !== 'event' || !namesEvent(fault, point.name, subject)) return null;
      return kind.appliesTo?.(subject) === false ? null : kind.effect(fault.parameters, draw, subject);
    });
  }

  /** `message` is asked before the delivery is signed, `way` after. */
  delivery(touches: 'message' | 'way', point: StrikePoint, subject: EventSubject): DeliveryEffect[] {
    return this.#strike(point, (kind, fault, draw) => {
      if (kind.point !== 'delivery' || kind.touches !== touches || !namesEvent(fault, point.name, subject)) return null;
      return kind.effect(fault.parameters, draw, subject);
    });
  }

  cardholder(point: StrikePoint, subject: CardholderSubject): CardholderEffect[] {
    return this.#strike(point, (kind, fault, draw) => {
      if (kind.point !== 'cardholder' || kind.appliesTo?.(subject) === false) return null;
      return kind.effect(fault.parameters, draw);
    });
  }

  /**
   * The batch as the PSP tells the merchant about it: the true one, or an altered copy whose
   * changes are in the history with the ids of the lines. Ask once per closed batch, in order.
   */
  settlement(closed: ClosedAt): ToldBatch {
    const planned = [...this.#faults.values()].filter((fault) => fault.kind.point === 'settlement');
    return this.#settlement.alter(closed, planned);
  }

  /** Strikes with every planned fault for which `prepare` gives an effect. */
  #strike<E extends object>(point: StrikePoint, prepare: Prepare<E>): E[] {
    const effects: E[] = [];
    let facts: Facts | undefined;
    for (const fault of this.#faults.values()) {
      if (!this.#windows.isActive(fault, point.atMs) || !fitsPoint(fault, point)) continue;
      if (needsFacts(fault.filters)) {
        facts ??= point.facts?.() ?? NO_FACTS;
        if (!fitsFacts(fault.filters, facts)) continue;
      }
      const draw: Draw = (label) =>
        this.#options.random.unit('fault-draw', fault.id, label, point.entity, point.name, point.attempt);
      const effect = prepare(fault.kind, fault, draw, () => this.#windows.momentOf(fault));
      if (effect === null || !this.#chosen(fault, point)) continue;
      fault.hits += 1;
      this.#note(fault, point, effect);
      effects.push(effect);
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

  #read(spec: unknown, defaultId: string): PlannedFault {
    return readFault(spec, { defaultId, psps: this.#options.psps });
  }

  #begin(fault: PlannedFault): void {
    this.#faults.set(fault.id, fault);
    this.#countPoints();
    this.#windows.begin(fault);
  }

  #countPoints(): void {
    this.#points = new Set([...this.#faults.values()].map((fault) => fault.kind.point));
  }

  #note(fault: PlannedFault, point: StrikePoint, effect: object): void {
    const evidence = 'evidence' in effect ? (effect as SettlementEffect).evidence : {};
    this.#options.history.append({
      proc: 'nemesis',
      type: 'fault',
      f: fault.kind.name,
      ...(point.reference === null ? {} : { key: point.reference }),
      value: { fault_id: fault.id, psp: point.psp, ...point.evidence, ...evidence },
      ...(point.cause === undefined ? {} : { cause: point.cause }),
    });
  }
}

function fitsPoint(fault: PlannedFault, point: StrikePoint): boolean {
  const { psp } = fault.spec;
  if (psp !== undefined && psp !== point.psp) return false;
  const { reference } = fault.filters;
  return reference === null || (point.reference !== null && reference.test(point.reference));
}

function namesOperation(fault: PlannedFault, operation: string): boolean {
  return fault.operations.length === 0 || fault.operations.includes(operation);
}

function namesEvent(fault: PlannedFault, type: string, subject: EventSubject): boolean {
  return fault.events.length === 0 || fault.events.includes(type) || fault.events.includes(subject.state);
}
