/**
 * Asks the risk part about a payment that would begin, before anything of it is stored.
 */
import type { RiskSubject } from '../domain/risk/risk.ts';
import type { StoredRisk } from '../ports/players.ts';
import type { ServiceContext } from './context.ts';

/** Velocity looks back this far: what a person can do by hand in an hour is the measure. */
const VELOCITY_WINDOW_MS = 3_600_000;

/** Null: nobody judges. To be stored with what it is about. */
export async function assessRisk(
  context: ServiceContext,
  subject: Omit<RiskSubject, 'nowMs'>,
): Promise<StoredRisk | null> {
  const { clock, database, parts, policy, stores } = context;
  const nowMs = clock.now();
  const assessment = await parts.risk.assess(
    { ...subject, nowMs },
    {
      rules: policy.risk,
      facts: () => stores.risk.facts(database.autocommit, subject.kind, subject.playerId, nowMs - VELOCITY_WINDOW_MS),
    },
  );
  if (assessment === null) return null;
  return { ...assessment, subjectId: subject.id, kind: subject.kind, playerId: subject.playerId, decidedAt: nowMs };
}
