/**
 * History: the append-only log of one run, one JSON object per line (NDJSON), written as
 * things happen. Invariants read nothing else. The vocabulary of payment events belongs to
 * `scenarios/history/`; the kernel knows only the envelope.
 */
export const HISTORY_SCHEMA_VERSION = 1;

/**
 * `invoke|ok|fail|info`: an operation of a client, its definite success, definite failure, or
 * unknown outcome. `send|recv|drop`: a message. `obs`: a probe or a fact from somebody's
 * books. `fault`: the nemesis acted. `note`: run metadata.
 */
export type HistoryType = 'invoke' | 'ok' | 'fail' | 'info' | 'send' | 'recv' | 'drop' | 'obs' | 'fault' | 'note';

export interface HistoryEventInput {
  /** Who: `player-3`, `service`, `psp:stripe`, `courier:stripe`, `nemesis`, `probe`, `runner`. */
  proc: string;
  type: HistoryType;
  /** What: `deposit`, `charge`, `webhook`, `balance`, … */
  f: string;
  /** The entity, usually our payment id or the PSP's reference. */
  key?: string;
  /** JSON data; never `undefined` inside. */
  value?: unknown;
  /** Index of the event that caused this one. */
  cause?: number;
}

export interface HistoryEvent extends HistoryEventInput {
  /** Index in the history, from 0, without gaps. */
  i: number;
  /** Milliseconds of the run's clock since the run began (three decimals at most). */
  t: number;
}

/** Anything that can take events: the writer, or a test's array. */
export interface HistorySink {
  /** Appends and returns the index of the event. */
  append(event: HistoryEventInput): number;
}
