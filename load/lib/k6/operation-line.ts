/**
 * One line per operation from k6 to whoever judges: what was asked, what was answered, and how
 * long it took. Everything the report says is counted from these lines.
 */
export interface OperationLine {
  kind: 'deposit' | 'payout';
  /** Unique within the run. */
  op: string;
  psp: string;
  method: string;
  token: string;
  player: string;
  key: string;
  minor: number;
  /** Wall milliseconds at which it was due to start (the generator's clock). */
  at: number;
  /** The HTTP status of init; 0 without an answer. */
  http: number;
  id: string;
  txn: string;
  redirect: string;
  /** The problem's code where it was refused. */
  error: string;
  /** The last status seen. */
  status: string;
  /** Done within the budget. */
  done: boolean;
  initMs: number;
  /** As the client saw it; the budget where it is not done. */
  observedMs: number;
  /** By the service's own times; absent where it is not done or tells none. */
  serverMs?: number;
  /** By what else the PSP of somebody else's service knows it. */
  references?: string[];
}
