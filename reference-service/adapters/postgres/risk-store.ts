/**
 * Judgements of risk in PostgreSQL, and the counts that rules look at.
 */
import type { RiskFacts } from '../../domain/risk/risk.ts';
import type { RiskStore, StoredRisk } from '../../ports/players.ts';
import { playerStore } from './player-store.ts';
import { integer, sqlOf } from './unit.ts';

/** Denied deposits never became payments, so they do not count. */
const DEPOSITS = `
  select count(*) as attempts, count(*) filter (where status = 'declined') as declines, array_agg(distinct token) as tokens
  from payment where player_id = :playerId and created_at > cast(:sinceMs as bigint)`;

const PAYOUTS = `
  select count(*) as attempts, count(*) filter (where status = 'failed') as declines,
    array_agg(distinct destination_token) as tokens
  from payout where player_id = :playerId and created_at > cast(:sinceMs as bigint)`;

export const riskStore: RiskStore = {
  async facts(unit, kind, playerId, sinceMs): Promise<RiskFacts> {
    const rows = await sqlOf(unit)<{ attempts: string; declines: string; tokens: string[] | null }>(
      kind === 'deposit' ? DEPOSITS : PAYOUTS,
      { playerId, sinceMs },
    );
    const row = rows[0];
    return {
      player: await playerStore.find(unit, playerId),
      attempts: integer(row?.attempts ?? 0),
      declines: integer(row?.declines ?? 0),
      tokens: row?.tokens ?? [],
    };
  },
  async insert(unit, risk) {
    await sqlOf(unit)(
      `insert into risk_decision (subject_id, kind, player_id, decision, score, reasons, decided_at)
       values (:subjectId, :kind, :playerId, :decision, :score, cast(:reasons as jsonb), :decidedAt)`,
      {
        subjectId: risk.subjectId,
        kind: risk.kind,
        playerId: risk.playerId,
        decision: risk.decision,
        score: risk.score,
        reasons: JSON.stringify(risk.reasons),
        decidedAt: risk.decidedAt,
      },
    );
  },
  async find(unit, subjectId) {
    const rows = await sqlOf(unit)<{
      kind: StoredRisk['kind'];
      player_id: string;
      decision: StoredRisk['decision'];
      score: number;
      reasons: string[];
      decided_at: string;
    }>('select * from risk_decision where subject_id = :subjectId', { subjectId });
    const row = rows[0];
    return row === undefined
      ? null
      : {
          subjectId,
          kind: row.kind,
          playerId: row.player_id,
          decision: row.decision,
          score: row.score,
          reasons: row.reasons,
          decidedAt: integer(row.decided_at),
        };
  },
};
