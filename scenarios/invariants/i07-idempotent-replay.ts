/**
 * I7: one idempotency key is one intent. However often and however concurrently it is sent,
 * the same payment answers, in the same or a later state; another body under the key is
 * refused; a server error is not remembered.
 */
import type { Operation, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at } from './support.ts';

/** A key may be forgotten after a day: that is what the payments API promises, and PSPs as well. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** Operations that carry a key of the client's. */
const KEYED: ReadonlySet<string> = new Set(['deposit', 'payout', 'capture', 'void', 'refund']);

const PENDING: ReadonlySet<string> = new Set(['pending', 'deferred']);

export const idempotentReplay: Invariant = {
  id: 'I7',
  title: 'Idempotent replay',
  says: 'The same key and body give the same payment, another body is refused, and no server error is replayed.',
  judge(run) {
    const findings = new Findings();
    for (const tries of reusedKeys(run)) {
      findings.saw();
      judgeKey(tries, findings);
    }
    return findings.judgement();
  },
};

/** Operations under one key, for every key that got at least two definite answers or a replayed error. */
export function reusedKeys(run: RunModel): Operation[][] {
  const byKey = new Map<string, Operation[]>();
  for (const operation of run.operations) {
    const key = operation.input['idempotency_key'];
    if (!KEYED.has(operation.f) || typeof key !== 'string') continue;
    const name = `${operation.f} ${key}`;
    byKey.set(name, [...(byKey.get(name) ?? []), operation]);
  }
  return [...byKey.values()].filter((tries) => {
    const definite = tries.filter((operation) => operation.outcome === 'ok' || operation.outcome === 'fail');
    return definite.length > 1 || (tries.length > 1 && tries.some(isReplayedError));
  });
}

function judgeKey(tries: readonly Operation[], findings: Findings): void {
  const key = String(tries[0]?.input['idempotency_key']);
  const accepted = tries.filter((operation) => operation.outcome === 'ok');
  for (const [n, later] of accepted.entries()) {
    for (const earlier of accepted.slice(0, n)) {
      if (later.invoked.t - earlier.invoked.t >= KEY_LIFE_MS) continue;
      const found = compare(earlier, later, key);
      if (found === undefined) continue;
      findings.violation({ ...found, ...paymentOf(earlier), witnesses: witnesses(earlier, later) });
      return;
    }
  }
  judgeDeclined(tries, key, findings);
  const error = tries.find(isReplayedError);
  if (error !== undefined) {
    findings.violation({
      contradiction: `Key ${key} was answered ${at(error.ended?.t ?? error.invoked.t)} with a stored HTTP ${String(error.answer['http_status'])}: a server error must not be remembered.`,
      witnesses: witnesses(error),
      facts: ['a server error is transient', 'it was replayed'],
    });
  }
}

function compare(
  earlier: Operation,
  later: Operation,
  key: string,
): { contradiction: string; facts: [string, string] } | undefined {
  const [first, second] = [idOf(earlier), idOf(later)];
  const [firstEnd, secondEnd] = [at(earlier.ended?.t ?? 0), at(later.ended?.t ?? 0)];
  if (bodyOf(earlier) !== bodyOf(later)) {
    return {
      contradiction: `Key ${key} was accepted with two different bodies: ${first} ${firstEnd} and ${second} ${secondEnd}.`,
      facts: [`body ${bodyOf(earlier)} accepted`, `body ${bodyOf(later)} accepted`],
    };
  }
  if (first !== second) {
    return {
      contradiction: `Key ${key} with one body made two payments: ${first} ${firstEnd} and ${second} ${secondEnd}.`,
      facts: [first, second],
    };
  }
  const [firstTxn, secondTxn] = [String(earlier.answer['txn_id']), String(later.answer['txn_id'])];
  if (firstTxn !== secondTxn) {
    return {
      contradiction: `Key ${key} was answered with txn_id ${firstTxn} ${firstEnd} and with ${secondTxn} ${secondEnd} for the same payment ${first}.`,
      facts: [firstTxn, secondTxn],
    };
  }
  const [was, is] = [String(earlier.answer['status']), String(later.answer['status'])];
  const apart = earlier.ended !== undefined && later.invoked.t >= earlier.ended.t;
  if (apart && !PENDING.has(was) && PENDING.has(is)) {
    return {
      contradiction: `Key ${key} was answered ${was} ${firstEnd} and later only ${is} ${secondEnd} for payment ${first}.`,
      facts: [was, is],
    };
  }
  return undefined;
}

/** A definite decline is an answer like any other: the same request later must not be accepted. */
function judgeDeclined(tries: readonly Operation[], key: string, findings: Findings): void {
  const declined = tries.find((operation) => operation.outcome === 'fail' && operation.answer['error'] === 'declined');
  if (declined?.ended === undefined) return;
  const { t } = declined.ended;
  const revived = tries.find(
    (operation) =>
      operation.outcome === 'ok' &&
      bodyOf(operation) === bodyOf(declined) &&
      operation.invoked.t >= t &&
      operation.invoked.t - t < KEY_LIFE_MS,
  );
  if (revived === undefined) return;
  findings.violation({
    contradiction: `Key ${key} was declined ${at(t)} and accepted as payment ${idOf(revived)} when the same request came again ${at(revived.invoked.t)}.`,
    ...paymentOf(revived),
    witnesses: witnesses(declined, revived),
    facts: ['declined', 'accepted'],
  });
}

function isReplayedError(operation: Operation): boolean {
  const status = operation.answer['http_status'];
  return (
    operation.outcome === 'info' && typeof status === 'number' && status >= 500 && operation.answer['replayed'] === true
  );
}

function idOf(operation: Operation): string {
  const field = operation.f === 'payout' ? 'payout_id' : operation.f === 'refund' ? 'refund_id' : 'payment_id';
  return String(operation.answer[field]);
}

function bodyOf(operation: Operation): number {
  return Number(operation.input['body_variant'] ?? 0);
}

function paymentOf(operation: Operation): { payment?: string } {
  return operation.outcome === 'ok' ? { payment: String(operation.answer['payment_id'] ?? idOf(operation)) } : {};
}

function witnesses(...operations: Operation[]): number[] {
  return operations.flatMap((operation) => [
    operation.invoked.index,
    ...(operation.ended === undefined ? [] : [operation.ended.index]),
  ]);
}
