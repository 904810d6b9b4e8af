/**
 * The data behind the drawn timeline: marks in lanes, faults as bands, phases as lines. Built
 * here so that the page only draws. What the target says about itself every few seconds is
 * boiled down to what changed: status changes, ledger transfers, cases.
 */
import { money } from '../history/index.ts';
import type { LedgerEntry, PaymentRecord, RunModel } from '../history/index.ts';
import type { JudgedRun, Violation } from '../invariants/index.ts';
import { describeEvent } from './describe-event.ts';
import type { Tone } from './describe-event.ts';
import { TOLD_PER_INVARIANT } from './failure-block.ts';
import { faultRows } from './fault-rows.ts';
import type { FaultRow } from './fault-rows.ts';
import { paymentFinder } from './payment-finder.ts';
import { runningTotals } from './running-totals.ts';
import type { RunningTotals } from './running-totals.ts';

export interface TimelineMark {
  /** Index of the event in history.ndjson. */
  i: number;
  t: number;
  lane: number;
  tone: Tone;
  /** Position in `payments`, or -1. */
  pay: number;
  who: string;
  text: string;
  /** Index of the causing event, or -1. */
  cause: number;
  /** A violation that the page tells rests on it. */
  witness: boolean;
}

export interface TimelineData {
  /** Scenario time of the end, in milliseconds. */
  end: number;
  lanes: { name: string; kind: string }[];
  payments: { id: string; label: string; failed: boolean }[];
  marks: TimelineMark[];
  faults: FaultRow[];
  lines: { t: number; label: string }[];
  /** Windows in which the target was down. */
  down: { from: number; to: number; lane: number }[];
  totals: RunningTotals;
}

/** One probe shows many things: what was read out of it is a witness only for the payment it is about. */
function markWitnesses(
  marks: readonly TimelineMark[],
  told: readonly Violation[],
  positions: ReadonlyMap<string, number>,
): void {
  const paymentsOf = new Map<number, Set<number>>();
  for (const violation of told) {
    const payment = positions.get(violation.payment ?? '') ?? -1;
    for (const index of violation.witnesses) paymentsOf.set(index, (paymentsOf.get(index) ?? new Set()).add(payment));
  }
  for (const mark of marks) {
    const payments = paymentsOf.get(mark.i);
    mark.witness = payments !== undefined && (payments.has(-1) || payments.has(mark.pay));
  }
}

const PHASE_WORDS: Readonly<Record<string, string>> = { heal: 'faults end', end: 'end' };

export function timelineData(run: RunModel, judged: JudgedRun): TimelineData {
  const lanes = lanesOf(run);
  const laneOf = (kind: string, name = ''): number =>
    lanes.findIndex((lane) => lane.kind === kind && (kind !== 'psp' || lane.name === name));
  const violations = judged.invariants.flatMap((invariant) => invariant.violations);
  const told = judged.invariants.flatMap((invariant) => invariant.violations.slice(0, TOLD_PER_INVARIANT));
  const payments = paymentList(run, new Set(violations.flatMap((violation) => violation.payment ?? [])));
  const positions = new Map(payments.map((payment, n) => [payment.id, n]));
  const find = paymentFinder(run);
  const marks = eventMarks(run, laneOf, (event) => positions.get(find(event) ?? '') ?? -1);
  for (const payment of run.payments.values()) {
    marks.push(...statusMarks(payment, laneOf('service'), positions.get(payment.id) ?? -1));
  }
  marks.push(...caseMarks(run, laneOf('service'), positions), ...ledgerMarks(run, laneOf('ledger'), positions));
  marks.sort((a, b) => a.t - b.t || a.i - b.i);
  markWitnesses(marks, told, positions);
  const end = Math.max(1, run.events.at(-1)?.t ?? 0, ...run.phases.map((phase) => phase.t));
  return {
    end,
    lanes,
    payments,
    marks,
    faults: faultRows(run, end, laneOf),
    lines: run.phases.flatMap(({ phase, t }) => {
      const label = PHASE_WORDS[phase];
      return label === undefined ? [] : [{ t, label }];
    }),
    down: downTimes(run, end, laneOf('service')),
    totals: runningTotals(run, { laneOf, positions }),
  };
}

function lanesOf(run: RunModel): TimelineData['lanes'] {
  const psps = new Set<string>();
  for (const event of run.events) if (event.proc.startsWith('psp:')) psps.add(event.proc.slice(4));
  return [
    { name: 'Players', kind: 'player' },
    { name: 'Service', kind: 'service' },
    ...[...psps].sort().map((name) => ({ name, kind: 'psp' })),
    { name: 'Webhooks', kind: 'deliveries' },
    { name: 'Ledger', kind: 'ledger' },
  ];
}

/** Payments that break something first, then in order of appearance. */
function paymentList(run: RunModel, failed: ReadonlySet<string>): TimelineData['payments'] {
  return [...run.payments.values()]
    .map((payment) => {
      const amount = payment.amountMinor === null ? '' : ` · ${money(payment.amountMinor, payment.currency)}`;
      const status = payment.final === undefined ? '' : ` · ${payment.final.status}`;
      const label = `${payment.kind} ${payment.id}${amount}${status}`;
      return { id: payment.id, label, failed: failed.has(payment.id) };
    })
    .sort((a, b) => Number(b.failed) - Number(a.failed));
}

function eventMarks(
  run: RunModel,
  laneOf: (kind: string, name?: string) => number,
  payOf: (event: RunModel['events'][number]) => number,
): TimelineMark[] {
  const marks: TimelineMark[] = [];
  for (const event of run.events) {
    if (event.proc === 'probe' && event.f !== 'probe-failed') continue;
    if (event.type === 'fault') continue;
    const { lane, who, text, tone } = describeEvent(event);
    if (lane === 'run') continue;
    const { i, t, cause = -1 } = event;
    marks.push({ i, t, lane: laneOf(lane, who), tone, pay: payOf(event), who, text, cause, witness: false });
  }
  return marks.filter((mark) => mark.lane >= 0);
}

const STATUS_TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  pending: 'doubt',
  deferred: 'doubt',
  declined: 'bad',
  failed: 'bad',
  canceled: 'bad',
};

function statusMarks(payment: PaymentRecord, lane: number, pay: number): TimelineMark[] {
  const changes = payment.observations.filter((seen, n) => payment.observations[n - 1]?.status !== seen.status);
  return changes.map((seen) => ({
    i: seen.index,
    t: seen.t,
    lane,
    tone: STATUS_TONES[seen.status] ?? 'plain',
    pay,
    who: 'service',
    text: `says ${payment.id} is ${seen.status}`,
    cause: -1,
    witness: false,
  }));
}

function caseMarks(run: RunModel, lane: number, positions: ReadonlyMap<string, number>): TimelineMark[] {
  const owners = new Map([...run.payments.values()].flatMap((payment) => payment.cases.map((item) => [item, payment])));
  return run.cases.map((item) => {
    const payment = owners.get(item);
    return {
      i: item.firstSeen.index,
      t: item.openedBy,
      lane,
      tone: 'doubt',
      pay: positions.get(payment?.id ?? '') ?? -1,
      who: 'service',
      text: `opens a case: ${item.kind.replaceAll('_', ' ')}${item.open ? '' : ' (resolved later)'} for ${item.subjectId}`,
      cause: -1,
      witness: false,
    };
  });
}

/** One mark per ledger transfer, told from the player's side. */
function ledgerMarks(run: RunModel, lane: number, positions: ReadonlyMap<string, number>): TimelineMark[] {
  const transfers = new Map<string, LedgerEntry>();
  for (const player of run.players.values()) {
    for (const entry of player.entries) {
      const known = transfers.get(entry.transferId);
      if (known === undefined || entry.account.startsWith('wallet:')) transfers.set(entry.transferId, entry);
    }
  }
  return [...transfers.values()].map((entry) => ({
    i: entry.firstSeen.index,
    t: entry.writtenBy,
    lane,
    tone: entry.kind === 'deposit_credit' || entry.kind === 'payout_post' ? 'good' : 'plain',
    pay: positions.get(entry.paymentId) ?? -1,
    who: 'ledger',
    text: `${entry.kind.replaceAll('_', ' ')} ${entry.amountMinor > 0 ? '+' : ''}${money(entry.amountMinor, entry.currency)} for ${entry.playerId} (${entry.paymentId})`,
    cause: -1,
    witness: false,
  }));
}

function downTimes(run: RunModel, end: number, lane: number): TimelineData['down'] {
  const down: TimelineData['down'] = [];
  for (const event of run.events) {
    if (event.f !== 'target' || event.type !== 'note') continue;
    const state = (event.value as { event?: string }).event;
    const open = down.find((window) => window.to === end);
    if (state === 'killed' && open === undefined) down.push({ from: event.t, to: end, lane });
    else if (state === 'restarted' && open !== undefined) open.to = event.t;
  }
  return down;
}
