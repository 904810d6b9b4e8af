/**
 * I20: a game round takes its bet once and gives back once. However often the game repeats a
 * movement, it gets the answer of the first time, and a round ends by a win or by a rollback,
 * never by both.
 */
import { money } from '../history/index.ts';
import type { LedgerEntry, Operation, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at } from './support.ts';

/** Movements of a round, and the transfers that they are in the ledger. */
const KINDS: Readonly<Record<string, string>> = {
  bet: 'platform_debit',
  win: 'platform_credit',
  rollback: 'round_rollback',
};

export const gameRounds: Invariant = {
  id: 'I20',
  title: 'Game rounds',
  says: 'A round debits once and credits or rolls back once, and a repeated movement gives the same answer.',
  judge(run) {
    const findings = new Findings();
    for (const [round, movements] of rounds(run)) judgeRound(run, round, movements, findings);
    return findings.judgement();
  },
};

/** All requests of a round, by its id. */
export function rounds(run: RunModel): Map<string, Operation[]> {
  const found = new Map<string, Operation[]>();
  for (const operation of run.operations) {
    const round = operation.input['round_id'];
    if (KINDS[operation.f] === undefined || typeof round !== 'string') continue;
    found.set(round, [...(found.get(round) ?? []), operation]);
  }
  return found;
}

function judgeRound(run: RunModel, round: string, movements: readonly Operation[], findings: Findings): void {
  const player = run.players.get(String(movements[0]?.input['player_id']));
  if (player?.entriesProbes.some((probe) => probe.final) !== true) {
    findings.couldNotSee(`the ledger entries of round ${round} were not read after the run had settled`);
    return;
  }
  findings.saw();
  const ids = new Set(movements.map(({ input }) => String(input['payment_id'])));
  const entries = player.entries.filter(
    ({ paymentId, account }) => ids.has(paymentId) && account.startsWith('wallet:'),
  );
  const of = (f: string): LedgerEntry[] => entries.filter(({ kind }) => kind === KINDS[f]);
  const report = (contradiction: string, facts: [string, string], more: readonly number[] = []): void => {
    const witnesses = [...movements.map(({ invoked }) => invoked.index), ...entries.map((one) => one.firstSeen.index)];
    findings.violation({ contradiction: `Round ${round} ${contradiction}`, witnesses: [...witnesses, ...more], facts });
  };
  for (const f of Object.keys(KINDS)) judgeMovement(f, movements, of(f), report);
  if (of('win').length > 0 && of('rollback').length > 0)
    report('was won and rolled back as well.', ['won', 'rolled back']);
  if (of('bet').length === 0 && of('win').length + of('rollback').length > 0)
    report('gave money back and had taken none.', ['nothing taken', 'money given']);
}

type Report = (contradiction: string, facts: [string, string], more?: readonly number[]) => void;

function judgeMovement(
  f: string,
  movements: readonly Operation[],
  posted: readonly LedgerEntry[],
  report: Report,
): void {
  const tries = movements.filter((operation) => operation.f === f);
  const done = tries.filter(({ outcome }) => outcome === 'ok');
  const [asked] = tries;
  const amountMinor = Number(asked?.input['amount_minor'] ?? 0);
  if (posted.length > 1) report(`has ${posted.length} entries of its ${f}.`, [`one ${f}`, `${posted.length} entries`]);
  if (done.length > 0 && posted.length === 0 && amountMinor > 0)
    report(`has no entry of its ${f} that was confirmed ${at(done[0]?.ended?.t ?? 0)}.`, [
      `${f} confirmed`,
      'no entry',
    ]);
  const [entry] = posted;
  if (entry !== undefined && asked !== undefined && Math.abs(entry.amountMinor) !== amountMinor)
    report(
      `has a ${f} of ${money(Math.abs(entry.amountMinor), entry.currency)} in the ledger, asked for were ${money(amountMinor, entry.currency)}.`,
      [`asked ${money(amountMinor, entry.currency)}`, `booked ${money(Math.abs(entry.amountMinor), entry.currency)}`],
    );
  const answers = new Set(done.map(({ answer }) => String(answer['available'] ?? answer['credited'] ?? '')));
  if (answers.size > 1)
    report(`answered its ${f} in different ways: ${[...answers].join(' and ')}.`, ['one movement', 'several answers']);
}
