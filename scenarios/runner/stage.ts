/**
 * The stage of one run: the plan, the world, the clients, and what the run has learnt so far
 * (which payments and payouts exist and what they last were). All parts of the runner write
 * their events through it.
 */
import type { HistoryEventInput } from '../../kernel/index.ts';
import type { Plan, Player } from '../dsl/plan.ts';
import type { ControlClient } from '../targets/control-client.ts';
import type { ServiceClient } from '../targets/service-client.ts';
import type { World } from './world.ts';

/** A payment, payout or refund that somebody was told of. */
export interface Subject {
  kind: 'payment' | 'payout' | 'refund';
  id: string;
  /** The operation that began it; undefined when it was found in a wallet's entries. */
  op?: string;
  status: string;
  /** Of a refund: its payment, which is what its cases are about. */
  about?: string;
}

export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly service: ServiceClient;
  readonly control: ControlClient;
  /** By id, in the order in which they became known. */
  readonly subjects: Map<string, Subject>;
  /** Subjects (payments, payouts) that have an open case. */
  readonly cased: Set<string>;
  /** Kept methods that deposits were made with, by operation; a later try must name the same. */
  readonly keptFor: Map<string, string>;
  /** The method that a player removed last. */
  readonly removed: Map<string, string>;
  record(event: HistoryEventInput): number;
  /** Scenario time in milliseconds since the run began, to the microsecond. */
  now(): number;
  player(id: string): Player;
  /** Notes that a subject exists; its status is what the last answer said. */
  learn(subject: Subject): void;
}

const FINAL: Readonly<Record<Subject['kind'], readonly string[]>> = {
  payment: ['succeeded', 'declined', 'canceled', 'failed', 'refunded'],
  payout: ['succeeded', 'failed', 'returned'],
  refund: ['succeeded', 'failed', 'returned'],
};

/** Whether the API's status of a subject is a final one. */
export function isFinal(subject: Subject): boolean {
  return FINAL[subject.kind].includes(subject.status);
}

export function createStage(parts: Pick<Stage, 'plan' | 'world' | 'service' | 'control'>): Stage {
  const { plan, world } = parts;
  const subjects = new Map<string, Subject>();
  return {
    ...parts,
    subjects,
    cased: new Set(),
    keptFor: new Map(),
    removed: new Map(),
    record: (event) => world.history.append(event),
    now: () => Math.round(world.clock.elapsed() * 1_000) / 1_000,
    player: (id) => {
      const found = plan.players.find((player) => player.id === id);
      if (found === undefined) throw new Error(`the plan has no player ${id}`);
      return found;
    },
    learn: (subject) => {
      const known = subjects.get(subject.id);
      if (known === undefined) subjects.set(subject.id, { ...subject });
      else known.status = subject.status;
    },
  };
}
