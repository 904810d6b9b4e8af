/** What a journey needs of a service, whichever it is: begin an operation, and look at it. */
import type { PlannedOperation } from '../../lib/k6/profile.ts';

/** What the operation is about. */
export interface Asked {
  planned: PlannedOperation;
  player: string;
  minor: number;
  key: string;
}

export interface Begun {
  http: number;
  /** Empty when there is none. */
  id: string;
  status: string;
  txn: string;
  redirect: string;
  error: string;
  /** By what else the PSP knows it. */
  references: string[];
}

export interface Seen {
  status: string;
  /** By the service's own times. */
  serverMs?: number;
}

export interface Service {
  begin(asked: Asked, tags: Record<string, string>): Begun;
  /** Undefined when the service does not say; waits at the service where it can. */
  look(kind: 'deposit' | 'payout', id: string, asked: Asked, leftMs: number): Seen | undefined;
  /** How long to pause between two looks, in seconds; 0 where the service waits itself. */
  pauseSeconds(kind: 'deposit' | 'payout'): number;
  /** Puts money into a wallet before it is paid out. */
  fund(asked: Asked): boolean;
}

export function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
