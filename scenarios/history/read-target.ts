/**
 * What the target said about itself, out of the probes: statuses, wallets, ledger entries,
 * trial balance, cases. Amounts become minor units here; one that cannot be read stays null.
 */
import { minorUnits } from './money.ts';
import { markOf, valueOf } from './read-messages.ts';
import type { CaseRecord, LedgerObservation, PlayerRecord } from './records.ts';
import type { RunNote } from './note-vocabulary.ts';
import type { CasesProbe, EntriesProbe, HistoryEvent, LedgerProbe, WalletsProbe } from './vocabulary.ts';

type StampReader = (stamp: string) => number | null;

/** Slack per unit of compression: two clocks and the wire stand between a time stamp and the history. */
const STAMP_SLACK_WALL_MS = 250;

/** Time stamps are cut to whole milliseconds; the history knows the fraction. */
const STAMP_RESOLUTION_MS = 1;

/** Turns a time stamp of the target into the latest scenario time it can mean; null without the run's note. */
export function stampReader(note: RunNote | undefined): StampReader {
  const clock = note?.service_clock;
  if (clock === undefined) return () => null;
  const start = Date.parse(clock.started_at);
  const slack = note?.driver === 'virtual' ? STAMP_RESOLUTION_MS : STAMP_SLACK_WALL_MS * clock.factor;
  return (stamp) => {
    const at = Date.parse(stamp);
    return Number.isNaN(at) || Number.isNaN(start) ? null : (at - start) * clock.factor + slack;
  };
}

/** Players with their wallets and every ledger entry that any probe showed. */
export function readPlayers(events: readonly HistoryEvent[], stamp: StampReader): Map<string, PlayerRecord> {
  const players = new Map<string, PlayerRecord>();
  const seen = new Set<string>();
  const playerOf = (id: string): PlayerRecord => {
    const known = players.get(id) ?? { id, entries: [], entriesProbes: [], walletProbes: [], unreadable: [] };
    players.set(id, known);
    return known;
  };
  for (const event of events) {
    if (event.type !== 'obs' || event.proc !== 'probe') continue;
    if (event.f === 'wallets') {
      const value = valueOf<WalletsProbe>(event);
      playerOf(event.key ?? value.player_id).walletProbes.push({
        ...markOf(event),
        final: value.phase === 'final',
        wallets: (value.wallets ?? []).map((wallet) => ({
          currency: wallet.currency,
          availableMinor: minorUnits(wallet.available, wallet.currency),
          heldMinor: minorUnits(wallet.held, wallet.currency),
        })),
      });
    } else if (event.f === 'entries') {
      const value = valueOf<EntriesProbe>(event);
      const player = playerOf(event.key ?? value.player_id);
      const listed = value.entries ?? [];
      player.entriesProbes.push({
        ...markOf(event),
        final: value.phase === 'final',
        entryIds: new Set(listed.map((entry) => entry.entry_id)),
      });
      for (const entry of listed) {
        const identity = `${player.id} ${entry.entry_id}`;
        if (seen.has(identity)) continue;
        seen.add(identity);
        const amountMinor = minorUnits(entry.amount, entry.currency);
        if (amountMinor === null) {
          player.unreadable.push(markOf(event));
          continue;
        }
        const stamped = stamp(entry.created_at);
        player.entries.push({
          entryId: entry.entry_id,
          transferId: entry.transfer_id,
          kind: entry.kind,
          account: entry.account,
          amountMinor,
          currency: entry.currency,
          paymentId: entry.payment_id,
          playerId: player.id,
          firstSeen: markOf(event),
          writtenBy: stamped === null ? event.t : Math.min(stamped, event.t),
        });
      }
    }
  }
  return players;
}

export function readLedger(events: readonly HistoryEvent[]): LedgerObservation[] {
  return events
    .filter((event) => event.type === 'obs' && event.f === 'ledger')
    .map((event) => {
      const value = valueOf<LedgerProbe>(event);
      const accounts = (value.accounts ?? []).map((line) => ({
        account: line.account,
        currency: line.currency,
        balanceMinor: minorUnits(line.balance, line.currency),
      }));
      return { ...markOf(event), final: value.phase === 'final', accounts };
    });
}

/** Cases as the last probe that listed them said. */
export function readCases(
  events: readonly HistoryEvent[],
  stamp: StampReader,
): { cases: CaseRecord[]; finalProbe: boolean } {
  const cases = new Map<string, CaseRecord>();
  let finalProbe = false;
  for (const event of events) {
    if (event.type !== 'obs' || event.f !== 'cases') continue;
    const value = valueOf<CasesProbe>(event);
    finalProbe ||= value.phase === 'final';
    for (const item of value.cases ?? []) {
      const known = cases.get(item.case_id);
      const firstSeen = known?.firstSeen ?? markOf(event);
      cases.set(item.case_id, {
        caseId: item.case_id,
        kind: item.kind,
        open: item.status === 'open',
        subjectId: item.subject_id,
        psp: item.psp ?? null,
        summary: item.summary,
        openMinor: item.open_amount && item.currency ? minorUnits(item.open_amount, item.currency) : null,
        firstSeen,
        openedBy: Math.min(stamp(item.opened_at) ?? firstSeen.t, firstSeen.t),
      });
    }
  }
  return { cases: [...cases.values()], finalProbe };
}
