/** The exchanges of one PSP as the control API shows them: what came in, what was decided. */
import { BoundedLog } from '../core/bounded-log.ts';
import type { Operation } from '../dialects/dialect.ts';

/** Exchanges kept per PSP; older ones are in the run's history. */
const EXCHANGES_KEPT = 2_000;

/** Characters of a body that the log shows. */
export const BODY_SHOWN = 4_096;

export interface LoggedExchange {
  readonly seq: number;
  readonly exchangeId: string;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly reference: string | null;
  readonly idempotencyKey: string | null;
  readonly replayed: boolean;
  readonly requestBody: string;
  status: number | null;
  /** Null while the exchange is under way. */
  outcome: 'answered' | 'reset' | 'hung' | 'lost' | 'truncated' | null;
  responseBody: string;
}

export class ExchangeLog extends BoundedLog<LoggedExchange> {
  #count = 0;
  #notSimulated = 0;

  override add(make: (seq: number) => LoggedExchange): LoggedExchange {
    this.#count += 1;
    return super.add(make);
  }

  /** A request asked for something that the dialect does not simulate. */
  countNotSimulated(): void {
    this.#notSimulated += 1;
  }

  /** Exchanges since the start or the last reset, those that the log dropped included. */
  count(): number {
    return this.#count;
  }

  notSimulated(): number {
    return this.#notSimulated;
  }

  override clear(): void {
    super.clear();
    this.#count = 0;
    this.#notSimulated = 0;
  }
}

export function createExchangeLog(): ExchangeLog {
  return new ExchangeLog(EXCHANGES_KEPT);
}
