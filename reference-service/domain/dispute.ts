/**
 * Dispute: the issuer takes a deposit's money back, and perhaps gives it back again.
 *
 *   opened ─► won           the money comes back
 *      └────► lost ─► won   lost for good, unless the issuer reverses it after all
 *
 * Pure. Events come in any order, twice, or not at all, so the latest word counts: by its time
 * at the PSP, and where times are equal by the order of the picture. What must hold: money is
 * taken once and given back once per turn, whatever the order in which the words arrive.
 */
import type { Money } from './money.ts';

export const DISPUTE_STATUSES = ['open', 'lost', 'won'] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export interface Dispute extends Money {
  id: string;
  paymentId: string;
  attemptId: string;
  playerId: string;
  psp: string;
  /** The PSP's id of the dispute; the payment's where the PSP gives disputes none. */
  pspReference: string;
  status: DisputeStatus;
  /** How often the money was taken: the number of the last chargeback in the ledger, 0 for none. */
  turn: number;
  /** The PSP's reason code, null when it told none. */
  reason: string | null;
  /** When the PSP says that it became what it is. */
  statusAt: number;
  /** What our wallet and we paid at the last chargeback. */
  lossMinor: number;
  createdAt: number;
  updatedAt: number;
}

export interface DisputeWord {
  says: DisputeStatus;
  /** Epoch milliseconds at the PSP. */
  occurredAt: number;
}

export interface DisputeDecision {
  status: DisputeStatus;
  statusAt: number;
  ledger: 'none' | 'take' | 'give_back';
  /** False: the same as before, only later. */
  isNews: boolean;
}

const ORDER: Record<DisputeStatus, number> = { open: 0, lost: 1, won: 2 };

/** True while the issuer has the money. */
export function isTaken(status: DisputeStatus): boolean {
  return status !== 'won';
}

/** Null: the word is an older one. */
export function disputeMachine(
  known: Pick<Dispute, 'status' | 'statusAt'> | null,
  { says, occurredAt }: DisputeWord,
): DisputeDecision | null {
  const next = { status: says, statusAt: occurredAt };
  if (known === null) return { ...next, ledger: isTaken(says) ? 'take' : 'none', isNews: true };
  const isLater = occurredAt > known.statusAt || (occurredAt === known.statusAt && ORDER[says] > ORDER[known.status]);
  if (!isLater) return null;
  const ledger = isTaken(says) === isTaken(known.status) ? 'none' : isTaken(says) ? 'take' : 'give_back';
  return { ...next, ledger, isNews: says !== known.status };
}
