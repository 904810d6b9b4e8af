/**
 * Settling: after everything healed, waits until each known payment and payout is final or
 * has an open case, and no webhook is on its way. It asks rarely and ever more rarely: the
 * target must get there by itself, being asked must not be what moves it.
 */
import { NetworkError } from '../../kernel/index.ts';
import { probeCases, probeEntries, probeSubject, type ProbePhase } from './probes.ts';
import { isFinal, type Stage, type Subject } from './stage.ts';

const FIRST_PAUSE_MS = 10_000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 30 * 60_000;

/** After the last delivery the target still has to work on it: a few turns of its worker. */
const AFTERMATH_MS = 60_000;
/**
 * The same for a target on the wall clock, however compressed the scenario's time is: what it has
 * acknowledged it works on a second later where it gets a tenth of a core.
 */
const AFTERMATH_WALL_MS = 3_000;

/** Resolves with whether it converged within the scenario's time to settle. */
export async function settle(stage: Stage): Promise<boolean> {
  const { clock, leastSettleMs } = stage.world;
  let settledAt = Infinity;
  const longest = Math.max(stage.plan.settleWithinMs, leastSettleMs);
  const deadline = stage.now() + Math.min(longest, stage.world.mostSettleMs ?? Infinity);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS)) {
    await lookAround(stage);
    const open = unsettled(stage);
    settledAt = open.length === 0 ? Math.min(settledAt, stage.now()) : Infinity;
    const waitedEnough = stage.now() - settledAt >= stage.world.longestQuietMs;
    if (open.length === 0 && (waitedEnough || (await quietPsps(stage)))) {
      await aftermath(stage);
      await lookAround(stage);
      if (unsettled(stage).length === 0) return true;
    }
    const left = deadline - stage.now();
    if (left <= 0) return open.length === 0;
    await clock.sleep(Math.min(pause, left), { label: 'settling' });
  }
}

/** What is neither final nor in the hands of a person. */
export function unsettled(stage: Stage): Subject[] {
  return [...stage.subjects.values()].filter(
    (subject) => !isFinal(subject) && ![subject.id, subject.about ?? ''].some((id) => stage.cased.has(id)),
  );
}

async function lookAround(stage: Stage): Promise<void> {
  await discover(stage, 'during');
  for (const subject of stage.subjects.values()) {
    if (isFinal(subject)) continue;
    await probeSubject(stage, subject, 'during');
  }
  await probeCases(stage, 'during');
}

/** Wallet entries name payments that no client ever got an answer about. */
export async function discover(stage: Stage, phase: ProbePhase): Promise<void> {
  for (const player of stage.plan.players) {
    const entries = (await probeEntries(stage, player.id, phase)) ?? [];
    for (const entry of entries) {
      if (entry.kind === 'deposit_credit' && !stage.subjects.has(entry.payment_id)) {
        stage.learn({ kind: 'payment', id: entry.payment_id, status: 'pending' });
      }
    }
  }
}

/** No webhook is on its way, and no PSP still has to decide about a refund or payout. */
async function quietPsps(stage: Stage): Promise<boolean> {
  try {
    if ((await stage.control.waitingMessages()) > 0) return false;
    for (const psp of stage.plan.psps) {
      const { refunds, payouts } = await stage.control.books(psp.name);
      if ([...refunds, ...payouts].some((record) => record.state === 'pending')) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof NetworkError) return false;
    throw error;
  }
}

async function aftermath(stage: Stage): Promise<void> {
  // At the wall's own pace a minute would be a minute: the same few turns are the few seconds below.
  const { kind, serviceClock } = stage.world;
  const ms = kind === 'http' ? Math.min(AFTERMATH_MS, AFTERMATH_WALL_MS * serviceClock.factor) : AFTERMATH_MS;
  await stage.world.clock.sleep(ms, { label: 'aftermath' });
  if (stage.world.kind === 'http') await stage.world.wireClock.sleep(AFTERMATH_WALL_MS, { label: 'aftermath' });
}
