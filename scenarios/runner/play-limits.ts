/**
 * Plays players who protect themselves: deposit limits, a cool-off, a self-exclusion. What the
 * target confirmed goes into the history with the answer: from then on it is held to it.
 */
import { isoTime } from '../../kernel/index.ts';
import { majorText } from '../dsl/amount.ts';
import type { PlannedExclusion, PlannedLimit } from '../dsl/plan.ts';
import type { Stage } from './stage.ts';
import { submitIntent } from './submit-intent.ts';

export async function playLimit(stage: Stage, limit: PlannedLimit): Promise<void> {
  const { op, player, currency, limits, client } = limit;
  const wanted = Object.fromEntries(
    Object.entries(limits).map(([period, amountMinor]) => [period, majorText(amountMinor, currency)]),
  );
  await submitIntent(stage, {
    f: 'limit',
    op,
    proc: `player:${player}`,
    idField: 'player_id',
    client: { ...client, reuseKeyWithOtherBody: false },
    describe: { player_id: player, currency, ...wanted },
    show: (body) => ({ limits: body['limits'] }),
    send: ({ timeoutMs }) => stage.service.putLimits(player, { currency, ...wanted }, { timeoutMs }),
  });
}

export async function playExclusion(stage: Stage, planned: PlannedExclusion): Promise<void> {
  const { op, player, exclusion, lastsMs, client } = planned;
  const until = lastsMs === null ? null : isoTime(targetTime(stage, stage.now() + lastsMs));
  await submitIntent(stage, {
    f: 'exclusion',
    op,
    proc: `player:${player}`,
    idField: 'player_id',
    client: { ...client, reuseKeyWithOtherBody: false },
    describe: { player_id: player, kind: exclusion, until },
    show: (body) => ({ cool_off: body['cool_off'], self_exclusion: body['self_exclusion'] }),
    send: ({ timeoutMs }) => stage.service.exclude(player, exclusion, until, { timeoutMs }),
  });
}

/** What the target's clock shows at a time of the scenario, epoch milliseconds. */
function targetTime(stage: Stage, t: number): number {
  const { started_at: startedAt, factor } = stage.world.serviceClock;
  return Math.ceil(Date.parse(startedAt) + t / factor);
}
