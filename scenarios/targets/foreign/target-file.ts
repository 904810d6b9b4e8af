/**
 * A target file: how somebody else's service is reached, started and observed, in the words of
 * its YAML. `target-file.schema.json` describes each field for editors; `read-target.ts` checks
 * it. Texts in braces (`{player}`) are filled in by `fill.ts`, paths such as `order.id` are read
 * by `pick.ts`.
 */
import type { Dialect, DurationText } from '../../dsl/index.ts';

/** One HTTP call: `POST {base}/orders`, with a JSON `body` or an urlencoded `form`. */
export interface CallSpec {
  call: string;
  headers?: Record<string, string>;
  body?: unknown;
  form?: Record<string, string>;
}

/** Where in an answer something stands. */
export type Paths<Name extends string> = Partial<Record<Name, string>>;

export interface StatusSpec extends CallSpec {
  answer: Paths<'status' | 'reference' | 'psp' | 'amount' | 'currency' | 'player'>;
}

/** What players and the platform ask for: it has an id, and its status can be asked for again. */
export interface OperationSpec extends CallSpec {
  answer: Paths<'id' | 'status' | 'redirect' | 'reference' | 'error'>;
  status?: StatusSpec;
}

/** How something is looked at: exactly one of `call`, `sql` and `command`. */
export interface ReadingSpec<Name extends string> {
  call?: string;
  headers?: Record<string, string>;
  /** Rows of the run's database, or of `observe.database`; parameters as `:player`. */
  sql?: string;
  /** Prints JSON on standard output. */
  command?: string;
  /** Where the list stands in the answer; the answer itself when it is absent. */
  list?: string;
  answer?: Paths<Name>;
}

export type BalanceField = 'available' | 'held' | 'currency' | 'player';
/** `transfer`: what rows of one movement have in common, where it is more than one row; the default is `id`. */
export type EntryField = 'id' | 'transfer' | 'payment' | 'amount' | 'currency' | 'kind' | 'account' | 'at' | 'player';
export type LedgerField = 'account' | 'currency' | 'balance';
export type CaseField = 'id' | 'subject' | 'kind' | 'open' | 'psp' | 'summary' | 'at';

/** Statuses of deposits, payouts and refunds that invariants know. */
export const STATUSES = [
  'pending',
  'authorized',
  'succeeded',
  'declined',
  'canceled',
  'failed',
  'refunded',
  'returned',
  'deferred',
] as const;
export type Status = (typeof STATUSES)[number];

export interface TargetPsp {
  dialect: Dialect;
  /** Where this PSP sends its webhooks. */
  webhooks: string;
  /** A fixed port, for a target that runs already and must know it beforehand. */
  port?: number;
}

export interface StartSpec {
  command: string;
  /** Carried out once before each start of a run: compiling, installing. */
  build?: string;
  /** Relative to the target file; the default is its folder. */
  cwd?: string;
  env?: Record<string, string>;
  /** Answers with a status below 500 when the target can work; the default is its base address. */
  ready?: string;
}

export interface AbilitiesSpec {
  /** Takes `{now}`, the scenario's time in ISO 8601, as its own from then on. */
  test_clock?: CallSpec;
  /** After so long the target does something by itself: an order runs out, a job looks for stuck payments. */
  deadlines?: Record<string, DurationText>;
  /** For so long the target remembers: keys of clients, webhooks that it has seen. */
  memories?: Record<string, DurationText>;
}

export interface ObserveSpec {
  /** PostgreSQL, for `sql`; the default is the database that the run made. */
  database?: string;
  balance?: ReadingSpec<BalanceField>;
  entries?: ReadingSpec<EntryField>;
  ledger?: ReadingSpec<LedgerField>;
  /** `none`: the target puts nothing before a person, and is judged as one that does not. */
  cases?: ReadingSpec<CaseField> | 'none';
}

export interface TargetFile {
  name: string;
  psps: Record<string, TargetPsp>;
  start?: StartSpec;
  /** The base address of a target that runs already. */
  url?: string;
  /** The currencies that it takes; the default is whatever a scenario asks for. */
  currencies?: string[];
  /** How amounts stand in its answers: decimal text in major units, or a whole number of minor units. */
  amounts?: 'major' | 'minor';
  /** Headers that every call carries; a call's own come on top. */
  headers?: Record<string, string>;
  deposit: OperationSpec;
  payout?: OperationSpec;
  refund?: OperationSpec;
  /** Money put into a player's wallet by the platform, before a payout. */
  fund?: CallSpec;
  /** The target's words for statuses, where they are not those of the harness. */
  states: Record<string, Status>;
  /** The same for ledger entries, such as `topup: deposit_credit`. */
  kinds?: Record<string, string>;
  /** What the shop is sent as payment method, by the fate of the card: `card_ok: pm_card_visa`. */
  tokens?: Record<string, string>;
  observe?: ObserveSpec;
  abilities?: AbilitiesSpec;
  /** How many times faster than the wall scenarios pass at this target, and the shortest delay then. */
  compression?: number;
  floor?: DurationText;
}

/** A checked target file, and where it lies. */
export interface Target extends TargetFile {
  /** As the person named it. */
  file: string;
  /** Absolute folder of the file: commands run there. */
  folder: string;
}
