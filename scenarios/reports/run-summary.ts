/**
 * A run in plain sentences, for somebody who has never seen one: what was played, what was made
 * to go wrong, how the payments ended, and what could be judged. HTML and Markdown tell it alike.
 */
import { durationText, valueOf } from '../history/index.ts';
import type { PaymentRecord, RunModel, TargetNote } from '../history/index.ts';
import type { RunReport } from './report.ts';

/** Two to five sentences. */
export function runSummary(report: RunReport, run: RunModel): string[] {
  return [played(report, run), disturbed(report, run), ended(run), judgedSentence(report)].filter(
    (text) => text !== '',
  );
}

/** `3 deposits`, `1 payout`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function played(report: RunReport, run: RunModel): string {
  const { counts, virtualMs } = report.judged;
  const psps = [...new Set(run.events.flatMap(({ proc }) => (proc.startsWith('psp:') ? [proc.slice(4)] : [])))].sort();
  const made = [
    ...(counts.payments > 0 ? [count(counts.payments, 'deposit')] : []),
    ...(counts.payouts > 0 ? [count(counts.payouts, 'payout')] : []),
    ...(run.refunds.size > 0 ? [count(run.refunds.size, 'refund')] : []),
  ];
  const what = made.length === 0 ? 'no payments' : listed(made);
  const who = run.players.size === 0 ? '' : ` for ${count(run.players.size, 'player')}`;
  const where = psps.length === 0 ? '' : ` through ${listed(psps)}`;
  const how =
    report.driver === 'virtual'
      ? 'in virtual time'
      : `over real sockets, in ${durationText(report.wallMs)} of the wall`;
  return `The run made ${what}${who}${where}, covering ${durationText(virtualMs)} ${how}.`;
}

function disturbed(report: RunReport, run: RunModel): string {
  const hits = Object.entries(report.judged.counts.faults_hit).sort((a, b) => b[1] - a[1]);
  const kills = run.events.filter(
    (event) => event.f === 'target' && event.type === 'note' && valueOf<TargetNote>(event).event === 'killed',
  ).length;
  const named = hits
    .slice(0, 5)
    .map(([name, n]) => `${name.replaceAll('-', ' ')} (${n === 1 ? 'once' : `${n} times`})`);
  const rest = hits.length > 5 ? [count(hits.length - 5, 'other kind')] : [];
  const all = [
    ...named,
    ...rest,
    ...(kills > 0 ? [`the service killed ${kills === 1 ? 'once' : `${kills} times`}`] : []),
  ];
  return all.length === 0 ? 'Nothing was made to go wrong.' : `Made to go wrong on purpose: ${listed(all)}.`;
}

function ended(run: RunModel): string {
  const payments = [...run.payments.values()];
  if (payments.length === 0) return '';
  const states = new Map<string, number>();
  for (const payment of payments) {
    const state = payment.final?.status ?? lastSeen(payment);
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  const said = [...states].sort((a, b) => b[1] - a[1]).map(([state, n]) => `${n} ${state.replaceAll('_', ' ')}`);
  const open = run.cases.filter((item) => item.open).length;
  const cases = open === 0 ? '' : `; ${open === 1 ? 'one open case waits' : `${open} open cases wait`} for a person`;
  return `In the end the service says: ${listed(said)}${cases}.`;
}

function lastSeen(payment: PaymentRecord): string {
  return payment.observations.at(-1)?.status ?? 'never seen';
}

function judgedSentence(report: RunReport): string {
  const { invariants } = report.judged;
  const of = (verdict: string): number => invariants.filter((invariant) => invariant.verdict === verdict).length;
  const parts = [
    ...(of('pass') > 0 ? [`${of('pass')} held`] : []),
    ...(of('fail') > 0 ? [`${of('fail')} ${of('fail') === 1 ? 'was' : 'were'} violated`] : []),
    ...(of('unknown') > 0 ? [`${of('unknown')} could not be judged`] : []),
    ...(of('not-applicable') > 0 ? [`${of('not-applicable')} had nothing to judge here`] : []),
  ];
  return `Of ${count(invariants.length, 'invariant')} ${listed(parts)}.`;
}
