/**
 * Submits one intent of a client (a deposit, a payout, a capture) the way a decent client does:
 * one idempotency key for the intent, the same key again after an unknown outcome, an end after
 * so many tries. Each request is an operation in the history:
 *
 *   invoke ──► ok (2xx) │ fail (4xx) │ info (time-out, 5xx, network: nobody knows)
 */
import { NetworkError } from '../../kernel/index.ts';
import type { ClientBehaviour } from '../dsl/plan.ts';
import { isProblem } from '../targets/service-client.ts';
import type { JsonAnswer } from '../targets/json-call.ts';
import type { Stage, Subject } from './stage.ts';

export interface Intent {
  /** What it is called in the history. */
  f: string;
  op: string;
  /** `player:<id>`, or `platform` for what no player asks for. */
  proc: string;
  /** The answer's field that names what the intent is about, and what that is. */
  idField: 'payment_id' | 'payout_id' | 'refund_id' | 'txn_id' | 'credit_txn_id' | 'player_id' | 'stored_method_id';
  client: ClientBehaviour;
  /** The payment that it is about, where its answer names something else. */
  about?: string;
  /** What of the answer goes into `ok` beside its id and status. */
  show?(body: Record<string, unknown>): Record<string, unknown>;
  /** What goes into `invoke`, without `try` and `body_variant`. */
  describe: Record<string, unknown>;
  send(options: { bodyVariant: number; timeoutMs: number }): Promise<JsonAnswer>;
}

export type Outcome =
  | { kind: 'accepted'; id: string; status: string; redirectUrl?: string }
  | { kind: 'refused'; error: string }
  /** In flight or rate limited: definitely not done by this request, worth another try. */
  | { kind: 'busy' }
  | { kind: 'unknown' };

/** Ids of what a run watches until it is final. */
const KINDS: Partial<Record<Intent['idField'], Subject['kind']>> = {
  payment_id: 'payment',
  payout_id: 'payout',
  refund_id: 'refund',
};

/** 4xx answers after which the same request may well be accepted later. */
const WORTH_ANOTHER_TRY = ['idempotency_in_flight', 'rate_limited'];

/** Tries until the outcome is known or the client gives up; the last outcome is returned. */
export async function submitIntent(stage: Stage, intent: Intent): Promise<Outcome> {
  const { client } = intent;
  let tries = 0;
  let outcome: Outcome = { kind: 'unknown' };
  for (let round = 0; round <= client.retries; round++) {
    if (round > 0) await stage.world.clock.sleep(client.retryAfterMs, { label: `${intent.op} tries again` });
    const copies = client.doubleSubmit ? 2 : 1;
    const first = tries + 1;
    tries += copies;
    const outcomes = await Promise.all(
      Array.from({ length: copies }, (_, copy) => request(stage, intent, { try: first + copy, bodyVariant: 0 })),
    );
    outcome =
      outcomes.find((one) => one.kind === 'accepted') ??
      outcomes.find((one) => one.kind === 'refused') ??
      outcomes[0] ??
      outcome;
    if (outcome.kind === 'accepted' || outcome.kind === 'refused') break;
  }
  if (client.reuseKeyWithOtherBody) await request(stage, intent, { try: tries + 1, bodyVariant: 1 });
  return outcome;
}

/** One more request with the same key and body, for a client that asks long after. */
export function submitAgain(stage: Stage, intent: Intent, tries: number): Promise<Outcome> {
  return request(stage, intent, { try: tries, bodyVariant: 0 });
}

async function request(stage: Stage, intent: Intent, which: { try: number; bodyVariant: number }): Promise<Outcome> {
  const { f, op, proc } = intent;
  const cause = stage.record({
    proc,
    type: 'invoke',
    f,
    key: op,
    value: { op, ...intent.describe, try: which.try, body_variant: which.bodyVariant },
  });
  const end = (type: 'ok' | 'fail' | 'info', value: Record<string, unknown>): void => {
    stage.record({ proc, type, f, key: op, value: { op, ...value }, cause });
  };
  let answer: JsonAnswer;
  try {
    answer = await intent.send({ bodyVariant: which.bodyVariant, timeoutMs: intent.client.timeoutMs });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    end('info', { reason: error.kind });
    return { kind: 'unknown' };
  }
  return classify(stage, intent, answer, end);
}

function classify(
  stage: Stage,
  intent: Intent,
  answer: JsonAnswer,
  end: (type: 'ok' | 'fail' | 'info', value: Record<string, unknown>) => void,
): Outcome {
  const replayed = answer.headers['idempotent-replayed'] === 'true';
  const body = (answer.body ?? {}) as Record<string, unknown>;
  if (answer.status >= 200 && answer.status < 300) {
    const { idField, show } = intent;
    const id = String(body[idField]);
    const status = String(body['status']);
    const redirectUrl = typeof body['redirect_url'] === 'string' ? body['redirect_url'] : undefined;
    const txnId = idField !== 'txn_id' && typeof body['txn_id'] === 'string' ? { txn_id: body['txn_id'] } : {};
    end('ok', {
      http_status: answer.status,
      [idField]: id,
      ...txnId,
      ...(body['status'] === undefined ? {} : { status }),
      ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }),
      ...show?.(body),
      replayed,
    });
    note(stage, intent, id, status);
    return { kind: 'accepted', id, status, ...(redirectUrl === undefined ? {} : { redirectUrl }) };
  }
  const error = isProblem(answer.body) ? answer.body.error : `http_${answer.status}`;
  if (answer.status >= 500 || answer.status < 400) {
    end('info', { reason: error, http_status: answer.status, replayed });
    return { kind: 'unknown' };
  }
  end('fail', { http_status: answer.status, error, ...namedSubject(stage, intent, body), replayed });
  return WORTH_ANOTHER_TRY.includes(error) ? { kind: 'busy' } : { kind: 'refused', error };
}

/** A refusal may name the payment that it refused (a decline does, in `details`). */
function namedSubject(stage: Stage, intent: Intent, body: Record<string, unknown>): Record<string, string> {
  const details = (body['details'] ?? {}) as Record<string, unknown>;
  const { idField } = intent;
  const id = details[idField];
  if (typeof id !== 'string') return {};
  if (!stage.subjects.has(id)) note(stage, intent, id, 'pending');
  return { [idField]: id };
}

function note(stage: Stage, { op, idField, about }: Intent, id: string, status: string): void {
  const kind = KINDS[idField];
  if (kind !== undefined) stage.learn({ kind, id, op, status, ...(about === undefined ? {} : { about }) });
}
