/**
 * The shortest story that shows a violation: its witnesses, and around them the turning points
 * of the payment concerned, at most twelve lines. Everything else is in the history.
 */
import { money, timeText } from '../history/index.ts';
import type { FaultMark, HistoryEvent, PaymentRecord, RunModel } from '../history/index.ts';
import type { Violation } from '../invariants/index.ts';
import { describeEvent } from './describe-event.ts';
import type { Tone } from './describe-event.ts';

/** Twelve lines fit on a screen beside the sentence they explain. */
export const TIMELINE_LINES = 12;

export interface TimelineLine {
  index: number;
  t: number;
  /** Clock text of `t`. */
  time: string;
  who: string;
  text: string;
  tone: Tone;
  /** The violation rests on this event. */
  witness: boolean;
}

/** Lines in order of the history. */
export function minimalTimeline(run: RunModel, violation: Violation): TimelineLine[] {
  const witnesses = new Set(violation.witnesses);
  const chosen = new Set(violation.witnesses.slice(0, TIMELINE_LINES));
  const payment = violation.payment === undefined ? undefined : run.payments.get(violation.payment);
  for (const index of payment === undefined ? [] : turningPoints(run, payment)) {
    if (chosen.size >= TIMELINE_LINES) break;
    chosen.add(index);
  }
  return [...chosen]
    .sort((a, b) => a - b)
    .flatMap((index) => run.events[index] ?? [])
    .map((event) => lineOf(run, event, witnesses.has(event.i), payment));
}

function lineOf(
  run: RunModel,
  event: HistoryEvent,
  witness: boolean,
  payment: PaymentRecord | undefined,
): TimelineLine {
  const description = describeEvent(event);
  const own = ownEntries(run, event, payment);
  return {
    index: event.i,
    t: event.t,
    time: timeText(event.t),
    who: description.who,
    text: own ?? description.text,
    tone: description.tone,
    witness,
  };
}

/** An entries probe is told through the entries of the payment in question. */
function ownEntries(run: RunModel, event: HistoryEvent, payment: PaymentRecord | undefined): string | undefined {
  if (event.f !== 'entries' || payment === undefined) return undefined;
  const probe = run.players.get(payment.playerId)?.entriesProbes.find((candidate) => candidate.index === event.i);
  const listed = payment.entries.filter(
    (entry) => probe?.entryIds.has(entry.entryId) === true && entry.account.startsWith('wallet:'),
  );
  if (listed.length === 0) return `entries of ${payment.playerId}: none for ${payment.id}`;
  const said = listed.map(
    (entry) =>
      `${entry.kind.replaceAll('_', ' ')} ${entry.amountMinor > 0 ? '+' : ''}${money(entry.amountMinor, entry.currency)}`,
  );
  return `entries of ${payment.playerId} for ${payment.id}: ${said.join(', ')}`;
}

/** One hit per fault: the second of a kind tells nothing new in twelve lines. */
function firstOfEach(faults: readonly FaultMark[]): FaultMark[] {
  return faults.filter((fault, n) => faults.findIndex((other) => other.fault === fault.fault) === n);
}

/** Events of a payment, the most telling first. */
function turningPoints(run: RunModel, payment: PaymentRecord): number[] {
  const first = payment.operations[0];
  const faults = run.faults.filter((fault) => fault.reference !== null && payment.references.includes(fault.reference));
  const changes = payment.observations.filter((seen, n) => payment.observations[n - 1]?.status !== seen.status);
  return [
    ...(first === undefined ? [] : [first.invoked.index]),
    ...payment.books.flatMap((entry) =>
      entry.changes.filter((change) => change.state !== 'created').map((change) => change.index),
    ),
    ...firstOfEach(faults).map((fault) => fault.index),
    ...changes.map((seen) => seen.index),
    ...payment.exchanges
      .filter((exchange) => exchange.operation.startsWith('create'))
      .flatMap((exchange) => [
        exchange.received.index,
        ...(exchange.ended === undefined ? [] : [exchange.ended.index]),
      ]),
    ...payment.deliveries.flatMap((delivery) => [
      delivery.sent.index,
      ...(delivery.ended === undefined ? [] : [delivery.ended.index]),
    ]),
    ...payment.operations.flatMap((operation) => [
      operation.invoked.index,
      ...(operation.ended === undefined ? [] : [operation.ended.index]),
    ]),
    ...payment.exchanges.map((exchange) => exchange.received.index),
  ];
}
