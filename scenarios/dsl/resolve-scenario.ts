/**
 * Scenario and seed to plan: all draws are keyed by the operation's own name, never by order,
 * so taking one deposit away leaves the fate of the others as it was.
 */
import { createKeyedRandom, type Random } from '../../kernel/index.ts';
import { durationMs } from './duration.ts';
import { toParameters } from './parameters.ts';
import { planTraffic } from './plan-traffic.ts';
import type { Plan, PlannedFault, PlannedOperation, PlannedSettlements, Player } from './plan.ts';
import { drawPlayer } from './players.ts';
import type { FaultEntry, Scenario, SettlementEntry } from './scenario.ts';

/** In the http driver no delay of the compressed clock is shorter than this on the wall. */
const HTTP_FLOOR_MS = 20;

/** The plan of a run. Pure: same scenario, same seed, same plan. */
export function resolveScenario(scenario: Scenario, seed: string): Plan {
  const random = createKeyedRandom(seed).fork('scenario', scenario.name);
  const operations = planTraffic(scenario, random);
  return {
    scenario: scenario.name,
    title: scenario.title,
    seed,
    drivers: scenario.drivers ?? ['virtual', 'http'],
    psps: scenario.psps.map((psp) => ({
      name: psp.name,
      dialect: psp.dialect,
      profile: toParameters(psp.profile ?? {}),
    })),
    players: playersOf(operations, random),
    operations,
    faults: (scenario.faults ?? []).map((fault, index) => planFault(fault, index, scenario)),
    ...(scenario.settlements === undefined ? {} : { settlements: planSettlements(scenario.settlements) }),
    kills: (scenario.target?.kill ?? []).map((kill) => ({
      atMs: durationMs(kill.at),
      restartAfterMs: durationMs(kill.restart_after),
    })),
    healAtMs: durationMs(scenario.heal_at),
    settleWithinMs: durationMs(scenario.settle_within),
    watchUntilMs: scenario.watch_until === undefined ? 0 : durationMs(scenario.watch_until),
    expect: scenario.expect ?? {},
    invariants: scenario.invariants ?? 'all',
    http: {
      compression: scenario.http?.compression ?? 'auto',
      floorMs: scenario.http?.floor === undefined ? HTTP_FLOOR_MS : durationMs(scenario.http.floor),
    },
  };
}

function planSettlements({ every, twice = false, bank = false }: SettlementEntry): PlannedSettlements {
  return { everyMs: durationMs(every), twice, bank };
}

/** Without `to` a fault lasts until everything heals. */
function planFault(entry: FaultEntry, index: number, scenario: Scenario): PlannedFault {
  const { from, to, id, with: parameters, ...rest } = entry;
  return {
    ...rest,
    id: id ?? `${entry.fault}-${index + 1}`,
    from: from === undefined ? 0 : durationMs(from),
    to: Math.min(to === undefined ? Infinity : durationMs(to), durationMs(scenario.heal_at)),
    ...(parameters === undefined ? {} : { with: toParameters(parameters) }),
  };
}

function playersOf(operations: readonly PlannedOperation[], random: Random): Player[] {
  const numbers = operations.flatMap((operation) =>
    'player' in operation ? [Number(operation.player.slice('player-'.length))] : [],
  );
  return Array.from({ length: Math.max(0, ...numbers) }, (_, index) => drawPlayer(random, index + 1));
}
