/**
 * Plays a run on its stage: faults on, traffic, heal point, settling, the last look. Nothing
 * is judged here; everything that happens goes into the history.
 */
import { askAgain } from './ask-again.ts';
import { finalProbes } from './final-probes.ts';
import { createOperator } from './import-settlements.ts';
import { killAndRestart } from './kill-target.ts';
import { settle } from './settle.ts';
import type { Player } from '../dsl/plan.ts';
import type { Stage } from './stage.ts';
import { playTraffic } from './traffic.ts';
import { projectVersion } from './version.ts';
import type { World } from './world.ts';

export interface RunProgress {
  phase: 'traffic' | 'heal' | 'settle' | 'judge';
  /** Scenario time in milliseconds since the run began. */
  atMs: number;
  /** Of the planned operations, how many are played out. */
  played: number;
  operations: number;
}

/** Traffic that the scenario's file does not plan; it writes what it did into the history and tells the stage what to look at. */
export interface OtherTraffic {
  /** In whose name it acts: their wallets are read. */
  players: Player[];
  /** Resolves when all of it is played out. */
  play(stage: Stage): Promise<void>;
}

export async function playRun(
  stage: Stage,
  onProgress: (progress: RunProgress) => void,
  other?: OtherTraffic,
): Promise<void> {
  const { plan, world, control } = stage;
  let played = 0;
  const enter = (phase: RunProgress['phase']): void =>
    onProgress({ phase, atMs: stage.now(), played, operations: plan.operations.length });
  const run = {
    scenario: plan.scenario,
    seed: plan.seed,
    driver: world.kind,
    version: projectVersion(),
    service_clock: world.serviceClock,
    platform_listens: world.platformListens,
    ...(world.foreign === undefined ? {} : { target: world.foreign.note }),
  };
  stage.record({ proc: 'runner', type: 'note', f: 'run', value: run });

  // 3. Faults: their windows count from here.
  await control.setFaults(plan.faults);

  // 4. Traffic, while the target may be killed and restarted.
  notePhase(stage, { phase: 'traffic' });
  enter('traffic');
  const kills = begin(world, 'kills', () => killAndRestart(stage));
  const playAll = other?.play ?? ((on: Stage) => playTraffic(on, (done) => ((played = done), enter('traffic'))));
  const traffic = begin(world, 'traffic', () => playAll(stage));

  const operator = createOperator(stage);
  const imports = operator === undefined ? undefined : begin(world, 'imports', () => operator.work());

  // 5. Heal: from here on nothing goes wrong any more.
  await world.clock.sleep(Math.max(0, plan.healAtMs - stage.now()), { label: 'heal point' });
  await world.activity.parked(kills);
  await control.heal();
  notePhase(stage, { phase: 'heal' });
  enter('heal');
  await world.activity.parked(traffic);
  await askAgain(stage);

  // 6. Settle.
  notePhase(stage, { phase: 'settle' });
  enter('settle');
  let converged = await settle(stage);

  // What comes late must find a target that is still right, and needs its time as well.
  const watchMs = plan.watchUntilMs - stage.now();
  if (watchMs > 0) {
    await world.clock.sleep(watchMs, { label: 'watching' });
    converged = await settle(stage);
  }

  // Money that the PSPs still hold is settled, and its files are imported.
  operator?.finish();
  if (imports !== undefined) await world.activity.parked(imports);

  // 7. Final probes: the last look, from which quiescence is judged.
  await finalProbes(stage);
  await operator?.lastLook();
  notePhase(stage, { phase: 'end', converged });
  enter('judge');
}

function notePhase(stage: Stage, value: { phase: string; converged?: boolean }): void {
  stage.record({ proc: 'runner', type: 'note', f: 'phase', value });
}

/** Starts work that goes on beside its caller, under a token of its own. */
function begin(world: World, label: string, work: () => Promise<void>): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    world.clock.schedule(0, label, () => work().then(resolve, reject));
  });
  // Whoever awaits it later gets the error; until then it must not end the process.
  done.catch(() => undefined);
  return done;
}
