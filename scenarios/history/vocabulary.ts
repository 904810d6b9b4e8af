/**
 * Vocabulary of a run's history: who says what, and in which words. The kernel knows only the
 * envelope (`HistoryEvent`); this file gives every `f` its value type. Writers (runner,
 * drivers, simulator) and readers (RunModel, reports) meet here and nowhere else.
 *
 * Times `t` are milliseconds of the scenario clock since the run began. Probe values are the
 * answers of the target's API, unchanged, plus `phase`. An operation's answer carries
 * `cause` = the index of its `invoke`; a message's answer carries the index of its `send` or
 * `recv`. Probes of one entity follow each other: the next is asked after the last answer.
 */
import type { HistoryEvent } from '../../kernel/index.ts';

export type { HistoryEvent };

/** `player:<id>` and the fixed names of everyone who writes into a history. */
export const PROC = { probe: 'probe', runner: 'runner', nemesis: 'nemesis' } as const;

/* ---------- client operations: proc `player:<id>`, key = operation id (`dep-3`) ---------- */

/** `invoke` f:'deposit' */
export interface DepositInvoke {
  op: string;
  idempotency_key: string;
  player_id: string;
  amount_minor: number;
  currency: string;
  psp?: string;
  card?: string;
  /** 1 for the first request of this intent, then 2, 3, … */
  try: number;
  /** 0 for the intent's own body; another number when the key is reused with another body on purpose. */
  body_variant: number;
}

/** `invoke` f:'payout' */
export interface PayoutInvoke extends Omit<DepositInvoke, 'card'> {
  destination?: string;
}

/** `ok` f:'deposit' (any 2xx). */
export interface DepositOk {
  op: string;
  http_status: number;
  payment_id: string;
  txn_id: string;
  status: string;
  redirect_url?: string;
  /** The answer said that it is a stored one (`Idempotent-Replayed: true`). */
  replayed: boolean;
}

/** `ok` f:'payout' (any 2xx). */
export interface PayoutOk extends Omit<DepositOk, 'payment_id' | 'redirect_url'> {
  payout_id: string;
}

/** `fail` (any 4xx): definitely refused. `error` is the code of the problem body. */
export interface OperationFail {
  op: string;
  http_status: number;
  error: string;
  payment_id?: string;
  payout_id?: string;
  replayed?: boolean;
}

/** `info` (time-out, 5xx, network): outcome unknown. */
export interface OperationInfo {
  op: string;
  reason: string;
  http_status?: number;
  replayed?: boolean;
}

/** `invoke|ok|fail|info` f:'challenge' (the cardholder's page); key = operation id. */
export interface ChallengeValue {
  op: string;
  action: string;
}

/** `invoke|ok|fail|info` f:'return' (the browser comes back to the service); key = operation id. */
export interface ReturnValue {
  op: string;
  http_status?: number;
}

/* ---------- the simulated PSPs ---------- */

/** `obs` f:'books', proc `psp:<name>`, key = merchant reference (our attempt id): a change in the books. */
export interface BooksValue {
  psp: string;
  dialect: string;
  kind: 'payment' | 'payout' | 'refund' | 'dispute';
  psp_reference: string;
  reference: string;
  /** payment: requires_action authorized captured declined canceled expired refunded; payout: pending paid failed returned; dispute: open under_review won lost reversed. */
  state: string;
  amount_minor: number;
  captured_minor: number;
  refunded_minor: number;
  currency: string;
  /** refund: the payment that it gives back. */
  payment_psp_reference?: string;
}

/** `recv` f:'exchange', proc `psp:<name>`, key = reference when the PSP can tell. */
export interface ExchangeRecv {
  exchange_id: string;
  psp: string;
  /** Neutral name: create-payment, get-payment, list-payments, create-payout, … */
  operation: string;
  method: string;
  path: string;
  idempotency_key?: string | null;
  replayed?: boolean;
}

/** `send` (answered) or `drop` (not answered) f:'exchange'; cause = its `recv`. */
export interface ExchangeEnd {
  exchange_id: string;
  status?: number;
  outcome: string;
  replayed?: boolean;
  /** Over real sockets: the wall milliseconds of latency that were meant. */
  waited_ms?: number;
}

export type SignatureKind = 'valid' | 'wrong-key' | 'missing' | 'malformed' | 'stale' | 'altered-body';

/** `send` f:'webhook', proc `courier:<psp>`, key = reference; cause = the books change, if any. */
export interface WebhookSend {
  delivery_id: string;
  event_id: string;
  attempt: number;
  /** The dialect's own name of the event. */
  event: string;
  /** What the event is about; a payment where the writer left it out. */
  kind?: 'payment' | 'payout' | 'refund' | 'dispute' | 'settlement';
  /** Neutral state that the event claims: captured, declined, paid, … */
  state: string;
  amount_minor: number;
  currency: string;
  signature: SignatureKind;
  tampered: null | 'amount' | 'currency' | 'state' | 'type' | 'reference' | 'environment' | 'body';
  psp: string;
}

/** `recv` f:'webhook-ack' (the target's answer) or `drop` f:'webhook' (none); cause = the `send`. */
export interface WebhookEnd {
  delivery_id: string;
  status?: number;
  reason?: string;
}

/** `recv` f:'told', proc 'platform', key = subject: an event of the target that reached the platform and was accepted. */
export interface ToldValue {
  event_id: string;
  event_type: string;
  status?: string | null;
  verified: boolean;
}

/** `fault`, proc 'nemesis', f = name of the fault, key = reference. Without `phase`: one hit. */
export interface FaultValue {
  fault_id: string;
  psp?: string;
  operation?: string;
  event_id?: string;
  phase?: 'begin' | 'end';
}

/* ---------- probes: proc 'probe', type 'obs'; bodies of the target's API plus `phase` ---------- */

export interface Probed {
  phase: 'during' | 'final';
  /** Scenario time at which the probe was asked, when it differs from the event's own `t`. */
  asked_t?: number;
}

export interface AttemptValue {
  attempt_id: string;
  psp: string;
  status: string;
  psp_reference?: string | null;
  decline_code?: string | null;
  created_at: string;
  updated_at: string;
}

/** f:'payment', key = payment id. Amounts are decimal text in major units, as the API gives them. */
export interface PaymentProbe extends Probed {
  payment_id: string;
  txn_id: string;
  player_id: string;
  status: string;
  amount: string;
  amount_minor?: number;
  currency: string;
  created_at?: string;
  credited?: string | null;
  credited_at?: string | null;
  attempts: AttemptValue[];
}

/** f:'payout', key = payout id. */
export interface PayoutProbe extends Probed {
  payout_id: string;
  txn_id: string;
  player_id: string;
  status: string;
  amount: string;
  amount_minor?: number;
  currency: string;
  attempts: AttemptValue[];
}

/** f:'wallets', key = player id. */
export interface WalletsProbe extends Probed {
  player_id: string;
  wallets: { currency: string; available: string; held: string }[];
}

/** f:'entries', key = player id; every page, oldest first. */
export interface EntriesProbe extends Probed {
  player_id: string;
  entries: EntryValue[];
}

export interface EntryValue {
  entry_id: number;
  transfer_id: string;
  kind: string;
  account: string;
  amount: string;
  currency: string;
  payment_id: string;
  created_at: string;
}

/** f:'ledger': the trial balance. */
export interface LedgerProbe extends Probed {
  accounts: { account: string; currency: string; balance: string }[];
}

/** f:'cases': all cases, open and resolved. */
export interface CasesProbe extends Probed {
  cases: CaseValue[];
}

export interface CaseValue {
  case_id: string;
  kind: string;
  status: string;
  subject_id: string;
  psp?: string | null;
  summary: string;
  open_amount?: string | null;
  currency?: string | null;
  opened_at: string;
}

/** f:'probe-failed', key = what was asked for. */
export interface ProbeFailed extends Probed {
  probe: string;
  reason: string;
}
