/**
 * I19: what a player has forbidden does not happen. After the target has confirmed a limit, an
 * exclusion or the removal of a kept method, no deposit that begins later goes beyond it,
 * however many are asked for at once. Whoever could be talked out of it would be no protection.
 */
import { minorUnits, money } from '../history/index.ts';
import type { LimitValue, Operation, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, deposits, named } from './support.ts';

/** Deposits that use room of a limit; what was declined, canceled or given back gives it back. */
const USES_ROOM: ReadonlySet<string> = new Set(['pending', 'authorized', 'succeeded']);

export const playersWord: Invariant = {
  id: 'I19',
  title: "The player's word",
  says: 'No deposit begins beyond a confirmed limit, during an exclusion, or with a method that was removed.',
  judge(run) {
    const findings = new Findings();
    for (const word of confirmed(run)) {
      const later = run.operations.filter(
        ({ f, input, invoked }) =>
          f === 'deposit' &&
          input['player_id'] === word.input['player_id'] &&
          invoked.index > (word.ended?.index ?? Infinity),
      );
      findings.saw();
      if (word.f === 'limit') judgeLimit(run, word, findings);
      else judgeForbidden(run, word, later, findings);
    }
    return findings.judgement();
  },
};

/** What players forbade, as far as the target said yes. */
export function confirmed(run: RunModel): Operation[] {
  return run.operations.filter(({ f, outcome }) => FORBIDS.has(f) && outcome === 'ok');
}

const FORBIDS: ReadonlySet<string> = new Set(['limit', 'exclusion', 'removal']);

/** An intent whose first request came after the word; a repetition of an older one may be answered. */
function judgeForbidden(run: RunModel, word: Operation, later: readonly Operation[], findings: Findings): void {
  const isExclusion = word.f === 'exclusion';
  const ends = word.input['until'];
  const over = isExclusion && typeof ends === 'string' ? scenarioTime(run, ends) : Infinity;
  const older = new Set(run.operations.filter((one) => one.invoked.index < word.invoked.index).map(keyOf));
  for (const deposit of later) {
    if (older.has(keyOf(deposit)) || deposit.outcome !== 'ok' || deposit.invoked.t >= over) continue;
    if (!isExclusion && deposit.input['stored_method_id'] !== word.input['stored_method_id']) continue;
    const player = String(word.input['player_id']);
    const what = isExclusion ? 'had excluded himself' : `had removed ${String(word.input['stored_method_id'])}`;
    findings.violation({
      contradiction: `Payment ${String(deposit.answer['payment_id'])} was accepted ${at(deposit.invoked.t)} although ${player} ${what} ${at(word.ended?.t ?? word.invoked.t)}.`,
      payment: String(deposit.answer['payment_id']),
      witnesses: [word.ended?.index ?? word.invoked.index, deposit.ended?.index ?? deposit.invoked.index],
      facts: [`${player} ${what}`, 'a deposit was accepted'],
    });
  }
}

function keyOf({ f, input }: Operation): string {
  return `${f} ${String(input['idempotency_key'] ?? '')}`;
}

/** Without the run's clock an end cannot be placed: then nothing is said about what comes after. */
function scenarioTime(run: RunModel, stamp: string): number {
  const clock = run.note?.service_clock;
  return clock === undefined ? 0 : (Date.parse(stamp) - Date.parse(clock.started_at)) * clock.factor;
}

/** For each deposit that began under the limit: with all that use its period up to then, it fits. */
function judgeLimit(run: RunModel, word: Operation, findings: Findings): void {
  const player = String(word.input['player_id']);
  const limits = (Array.isArray(word.answer['limits']) ? word.answer['limits'] : []) as LimitValue[];
  const own = deposits(run).filter((payment) => payment.playerId === player && payment.createdAt !== null);
  for (const limit of limits) {
    const mostMinor = limit.amount === null ? null : minorUnits(limit.amount, limit.currency);
    // A raise that waits ends what this word can be held to.
    const until = limit.pending === null ? Infinity : Date.parse(limit.pending.effective_at);
    if (mostMinor === null || word.input[limit.period] === undefined) continue;
    const replacedAt = nextWord(run, word, limit);
    const counted = own.filter((payment) => payment.currency === limit.currency && usesRoom(payment));
    for (const payment of counted) {
      if (!beganBetween(payment, word, replacedAt) || began(payment) >= until) continue;
      const window = counted.filter(
        (other) => periodOf(other, limit.period) === periodOf(payment, limit.period) && began(other) <= began(payment),
      );
      const usedMinor = window.reduce((sum, other) => sum + amountOf(other), 0);
      if (usedMinor <= mostMinor) continue;
      findings.violation({
        contradiction: `${named(payment)} was accepted, and with it ${player} deposited ${money(usedMinor, limit.currency)} in a ${limit.period} that he had limited to ${money(mostMinor, limit.currency)} ${at(word.ended?.t ?? word.invoked.t)}.`,
        payment: payment.id,
        witnesses: [word.ended?.index ?? word.invoked.index, ...window.flatMap((other) => other.final?.index ?? [])],
        facts: [
          `limit of ${money(mostMinor, limit.currency)} a ${limit.period}`,
          `deposits of ${money(usedMinor, limit.currency)}`,
        ],
      });
      return;
    }
  }
}

/** Index of the player's next word on the same period, from which on this one says nothing. */
function nextWord(run: RunModel, word: Operation, { currency, period }: LimitValue): number {
  const next = run.operations.find(
    (other) =>
      other.f === 'limit' &&
      other.invoked.index > word.invoked.index &&
      other.input['player_id'] === word.input['player_id'] &&
      other.input['currency'] === currency &&
      other.input[period] !== undefined &&
      other.input[period] !== word.input[period],
  );
  return next?.invoked.index ?? Infinity;
}

function usesRoom({ final }: PaymentRecord): boolean {
  return final !== undefined && USES_ROOM.has(final.status);
}

/** What counts is what was captured, where that is less. */
function amountOf({ final, amountMinor }: PaymentRecord): number {
  return final?.creditedMinor ?? amountMinor ?? 0;
}

/** First asked for after the word was confirmed, and before the index `end`. */
function beganBetween(payment: PaymentRecord, word: Operation, end: number): boolean {
  const index = payment.operations[0]?.invoked.index ?? Infinity;
  return index > (word.ended?.index ?? Infinity) && index < end;
}

function began({ createdAt }: PaymentRecord): number {
  return Date.parse(createdAt ?? '');
}

const DAY_MS = 86_400_000;

/** Calendar days, weeks from Monday, and months, in UTC. */
function periodOf({ createdAt }: PaymentRecord, period: LimitValue['period']): string {
  const stamp = createdAt ?? '';
  if (period === 'day') return stamp.slice(0, 10);
  if (period === 'month') return stamp.slice(0, 7);
  // 1970-01-01 was a Thursday, three days into its week.
  return String(Math.floor((Math.floor(Date.parse(stamp) / DAY_MS) + 3) / 7));
}
