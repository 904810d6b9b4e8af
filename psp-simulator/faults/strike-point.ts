/** Where a fault could strike, and what strikes there. */
import type { Draw, FaultKind, Moment } from './fault.ts';
import type { Facts } from './filters.ts';
import type { PlannedFault } from './read-fault.ts';

/** `entity` and `attempt` key the draws. */
export interface StrikePoint {
  psp: string;
  reference: string | null;
  entity: string;
  /** Operation of an exchange, the PSP's word for an event, `page`, `handshake` or the type of a settlement line. */
  name: string;
  attempt: number;
  /** For the history. */
  evidence: Readonly<Record<string, string | number | null>>;
  cause: number | undefined;
  /** When it happened, for what is looked at later; default now. */
  atMs?: number;
  /** Asked only when a planned fault filters by method, amount or player. */
  facts?: () => Facts;
}

/** Answers what the fault would do here, or null when it does not strike. */
export type Prepare<E> = (kind: FaultKind, fault: PlannedFault, draw: Draw, moment: () => Moment) => E | null;
