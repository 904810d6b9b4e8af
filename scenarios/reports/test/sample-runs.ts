/** Sample runs for the tests of reports: one that passes, one that breaks several invariants, one that proves nothing. */
import { BENIGN_DEPOSITS, BENIGN_PAYOUTS } from '../../history/test/benign-stories.ts';
import type { StoryInput } from '../../history/test/benign-stories.ts';
import { BROKEN } from '../../history/test/broken-stories.ts';
import { SoundWorld } from '../../history/test/sound-world.ts';
import type { HistoryEvent } from '../../history/index.ts';
import { judgeHistory } from '../../invariants/index.ts';
import type { Expectation } from '../../invariants/index.ts';
import type { RunReport } from '../report.ts';

const PSPS = ['stripe', 'adyen', 'acme'] as const;

function input(n: number): StoryInput {
  const psp = PSPS[n % 3] ?? 'stripe';
  const other = PSPS[(n + 1) % 3] ?? 'adyen';
  return {
    n,
    t: (n * 97_003) % 7_200_000,
    player: `player-${n % 5}`,
    amountMinor: 1000 + 37 * n,
    currency: 'EUR',
    psp,
    other,
  };
}

/** A world that lived through `count` sound stories, with faults on its timeline. */
function busyWorld(count: number): SoundWorld {
  const world = new SoundWorld();
  const stories = Object.values({ ...BENIGN_DEPOSITS, ...BENIGN_PAYOUTS });
  for (let n = 0; n < count; n += 1) stories[n % stories.length]?.(world, input(n));
  const fault = (t: number, f: string, value: object, key?: string): void => {
    world.story.tell(t, {
      proc: 'nemesis',
      type: 'fault',
      f,
      ...(key === undefined ? {} : { key }),
      value: { fault_id: f, ...value },
    });
  };
  fault(60_000, 'answer-lost', { psp: 'stripe', phase: 'begin' });
  fault(200_000, 'answer-lost', { psp: 'stripe', operation: 'create-payment' }, 'att_2');
  fault(1_800_000, 'answer-lost', { psp: 'stripe', phase: 'end' });
  fault(300_000, 'webhook-duplicate', { phase: 'begin' });
  for (const [t, event] of [
    [400_000, 'killed'],
    [460_000, 'restarted'],
  ] as const) {
    world.story.tell(t, { proc: 'runner', type: 'note', f: 'target', value: { event } });
  }
  return world;
}

function reportOf(events: readonly HistoryEvent[], expectations: readonly Expectation[] = []): RunReport {
  return {
    scenario: 'sample-run',
    title: 'A run made for looking at',
    description: 'Sound stories of every kind, so that each part of the page has something to show.',
    driver: 'virtual',
    seed: '7',
    fingerprint: '4f2a'.repeat(16),
    version: '0.1.0',
    wallMs: 1_840,
    replay: 'node bin/assay.js run scenarios/library/sample-run.yaml --driver virtual --seed 7',
    settings: [['Heals at', '48 h']],
    judged: judgeHistory(events, { expectations }),
    events,
  };
}

export function passingRun(count = 40): RunReport {
  return reportOf(busyWorld(count).finish(), [{ text: 'the fault answer-lost acted (1 times)', met: true }]);
}

export function failingRun(count = 20): RunReport {
  const world = busyWorld(count);
  for (const [k, broken] of BROKEN.entries()) {
    if (['I1', 'I4', 'I8', 'I15'].includes(broken.invariant))
      broken.play(world, { ...input(500 + k), psp: 'stripe', other: 'adyen' });
  }
  return reportOf(world.finish());
}

export function inconclusiveRun(): RunReport {
  return reportOf(busyWorld(8).finish({ without: ['cases'] }), [
    { text: 'the fault outage acted (0 times)', met: false },
  ]);
}
