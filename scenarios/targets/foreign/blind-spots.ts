/**
 * What a target file does not describe, in the words of what to add, and which invariants nobody
 * can then judge: told by the doctor before a run and by the verdict after it.
 */
import type { RunNote } from '../../history/note-vocabulary.ts';
import type { TargetFile } from './target-file.ts';

export interface BlindSpot {
  /** The probe that fails because of it. */
  probe: string;
  add: string;
  /** Ids of the invariants that are unknown without it. */
  unknown: readonly string[];
}

const SPOTS: readonly (BlindSpot & { lacks(target: TargetFile): boolean })[] = [
  {
    probe: 'payment',
    lacks: ({ deposit }) => deposit.status === undefined,
    add: 'deposit.status (how the status of a deposit is asked for)',
    unknown: ['I1', 'I2', 'I4', 'I8', 'I11', 'I12'],
  },
  {
    probe: 'payout',
    lacks: ({ payout }) => payout !== undefined && payout.status === undefined,
    add: 'payout.status (how the status of a payout is asked for)',
    unknown: ['I4', 'I6', 'I12'],
  },
  {
    probe: 'refund',
    lacks: ({ refund }) => refund !== undefined && refund.status === undefined,
    add: 'refund.status (how the status of a refund is asked for)',
    unknown: ['I12', 'I16'],
  },
  {
    probe: 'entries',
    lacks: ({ observe }) => observe?.entries === undefined,
    add: "observe.entries (the movements on a player's balance)",
    unknown: ['I1', 'I2', 'I3', 'I5', 'I6', 'I16'],
  },
  {
    probe: 'wallets',
    lacks: ({ observe }) => observe?.balance === undefined,
    add: "observe.balance (a player's balance)",
    unknown: ['I5'],
  },
  {
    probe: 'ledger',
    lacks: ({ observe }) => observe?.ledger === undefined && observe?.entries === undefined,
    add: 'observe.ledger (the balances of all accounts), or observe.entries',
    unknown: ['I5'],
  },
  {
    probe: 'cases',
    lacks: ({ observe }) => observe?.cases === undefined,
    add: 'observe.cases (open questions for a person), or `cases: none` where there is no such thing',
    unknown: ['I1', 'I3', 'I4', 'I5', 'I11', 'I12'],
  },
];

export function blindSpots(target: TargetFile): BlindSpot[] {
  return SPOTS.filter((spot) => spot.lacks(target)).map(({ probe, add, unknown }) => ({ probe, add, unknown }));
}

/** The same for the note at the beginning of a history. */
export function notedTarget(target: TargetFile, factor: number): NonNullable<RunNote['target']> {
  const { abilities } = target;
  return {
    name: target.name,
    compression: factor,
    test_clock: abilities?.test_clock !== undefined,
    not_described: Object.fromEntries(blindSpots(target).map(({ probe, add }) => [probe, add])),
    ...(abilities?.deadlines === undefined ? {} : { deadlines: abilities.deadlines }),
    ...(abilities?.memories === undefined ? {} : { memories: abilities.memories }),
  };
}
