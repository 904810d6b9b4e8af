/**
 * Deposits and payouts of the target: those that a client was told about and those that a
 * probe showed, with every status seen. Joins with books, deliveries and entries happen in
 * `run-model.ts`.
 */
import { minorUnits } from './money.ts';
import { markOf, valueOf } from './read-messages.ts';
import type { Operation, PaymentRecord } from './records.ts';
import type { HistoryEvent, PaymentProbe, PayoutProbe } from './vocabulary.ts';

export function readPayments(
  events: readonly HistoryEvent[],
  operations: readonly Operation[],
): Map<string, PaymentRecord> {
  const payments = new Map<string, PaymentRecord>();
  for (const operation of operations) addOperation(payments, operation);
  const byOp = new Map(
    [...payments.values()].flatMap((payment) => payment.operations.map((operation) => [operation.op, payment])),
  );
  for (const operation of operations) {
    const payment = byOp.get(operation.op);
    const about = operation.input['payment_id'];
    if (typeof about === 'string') payments.get(about)?.requests.push(operation);
    else if (operation.f === 'return') payment?.returns.push(operation);
    else if (isOwnWithoutAnswer(operation, payment)) payment?.operations.push(operation);
  }
  for (const payment of payments.values()) payment.operations.sort((a, b) => a.invoked.index - b.invoked.index);
  for (const event of events) {
    if (event.type !== 'obs' || event.proc !== 'probe') continue;
    if (event.f === 'payment') addProbe(payments, event, 'deposit');
    else if (event.f === 'payout') addProbe(payments, event, 'payout');
  }
  return payments;
}

/** A try of the same intent that brought no id back, such as a time-out. */
function isOwnWithoutAnswer(operation: Operation, payment: PaymentRecord | undefined): boolean {
  if (payment === undefined || operation.f !== payment.kind) return false;
  return !payment.operations.includes(operation) && idOf(operation) === undefined;
}

function idOf(operation: Operation): string | undefined {
  const id = operation.answer[operation.f === 'deposit' ? 'payment_id' : 'payout_id'];
  return typeof id === 'string' ? id : undefined;
}

function addOperation(payments: Map<string, PaymentRecord>, operation: Operation): void {
  if (operation.f !== 'deposit' && operation.f !== 'payout') return;
  const id = idOf(operation);
  if (id === undefined) return;
  const amount = operation.input['amount_minor'];
  const record =
    payments.get(id) ??
    emptyRecord(id, operation.f, {
      playerId: String(operation.input['player_id'] ?? ''),
      amountMinor: typeof amount === 'number' ? amount : null,
      currency: String(operation.input['currency'] ?? ''),
    });
  record.operations.push(operation);
  payments.set(id, record);
}

function addProbe(payments: Map<string, PaymentRecord>, event: HistoryEvent, kind: PaymentRecord['kind']): void {
  const value = valueOf<PaymentProbe & PayoutProbe>(event);
  const id = event.key ?? (kind === 'deposit' ? value.payment_id : value.payout_id);
  const own = {
    playerId: value.player_id,
    amountMinor: minorUnits(value.amount, value.currency),
    currency: value.currency,
  };
  const record = payments.get(id) ?? emptyRecord(id, kind, own);
  if (record.observations.length === 0) Object.assign(record, own);
  const observation = {
    ...markOf(event),
    askedT: value.asked_t ?? event.t,
    status: value.status,
    creditedMinor: typeof value.credited === 'string' ? minorUnits(value.credited, value.currency) : null,
    final: value.phase === 'final',
    attempts: value.attempts ?? [],
  };
  record.createdAt ??= value.created_at ?? null;
  record.observations.push(observation);
  if (observation.final) record.final = observation;
  for (const attempt of observation.attempts) {
    if (!record.references.includes(attempt.attempt_id)) record.references.push(attempt.attempt_id);
  }
  payments.set(id, record);
}

function emptyRecord(
  id: string,
  kind: PaymentRecord['kind'],
  own: Pick<PaymentRecord, 'playerId' | 'amountMinor' | 'currency'>,
): PaymentRecord {
  return {
    id,
    kind,
    ...own,
    createdAt: null,
    operations: [],
    requests: [],
    returns: [],
    observations: [],
    references: [],
    books: [],
    exchanges: [],
    deliveries: [],
    entries: [],
    cases: [],
  };
}
