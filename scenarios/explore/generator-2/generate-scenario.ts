/**
 * Generator 2: seed to scenario, in the same format as the library. Over all dialects, methods and
 * kinds of traffic; draws first which troubles dominate the run, then traffic and timing biased to
 * where payment systems break. Pure: same seed, same scenario. It knows nothing about the target,
 * so whatever it finds was not written for it.
 */
import { createKeyedRandom, type Random } from '../../../kernel/index.ts';
import { defineScenario, durationMs, type FaultEntry, type Scenario } from '../../dsl/index.ts';
import { HIDES_THE_TRUTH, LIES_UNDER_SIGNATURE } from '../generator-1/troubles.ts';
import { drawPsps } from './psps.ts';
import { durationOf, settingOf, SPANS_MS, type Setting } from './setting.ts';
import { drawTraffic } from './traffic.ts';
import { SETTLEMENT_NAMES, TROUBLES } from './troubles.ts';
import { whereItCanBeSaid } from './unsaid.ts';

const VERSION = 2;

/** Authorizations, returned payouts and refunds that fail late need days to come to rest. */
const SETTLE_WITHIN = '12d';

const MOST_TROUBLES = 4;

const EARLY_MS = [0, 1_000, 30_000, 2 * 60_000];

const LONGEST_ID = 32;

/** Settlements take days of the run's clock, so few runs have them. */
const SETTLES = 0.12;

/** @param seed any text or number; runs take the same seed for their own draws. */
export function generateScenario(seed: string | number): Scenario {
  const text = String(seed);
  const draw = createKeyedRandom(text).fork('generator', VERSION);
  const { psps, lives } = drawPsps(draw.fork('psps'));
  const settles = draw.chance(SETTLES, 'settles');
  const setting = settingOf(psps, lives, { spanMs: draw.pick(SPANS_MS, 'span'), settles });
  const troubles = drawTroubles(draw, setting);
  const faults = troubles
    .flatMap((name) => TROUBLES[name]?.(draw.fork('trouble', name), setting) ?? [])
    .flatMap((fault) => whereItCanBeSaid(fault, setting));
  return defineScenario({
    name: nameOf(text),
    seed: text.slice(0, 200),
    title: `Generated from seed ${text.slice(0, 40)}: ${troubles.slice(0, 2).join(', ')}`.slice(0, 120),
    description: `Drawn by generator ${VERSION} from seed ${text}. What goes wrong: ${troubles.join(', ')}.`,
    drivers: ['virtual', 'http'],
    psps,
    traffic: drawTraffic(draw.fork('traffic'), setting),
    faults: faults.map((fault, index) => named(earlier(draw.fork('fault', String(index)), fault), index)),
    ...(settles ? { settlements: { every: '1d', twice: draw.chance(0.5, 'twice'), bank: true } } : {}),
    heal_at: durationOf(setting.spanMs),
    settle_within: SETTLE_WITHIN,
  });
}

/** Most traffic is early: a window that opens hours later strikes nobody, so most are moved to where somebody is. */
function earlier(draw: Random, fault: FaultEntry): FaultEntry {
  if (fault.from === undefined || fault.to === undefined || draw.chance(0.25, 'late')) return fault;
  const fromMs = draw.pick(EARLY_MS, 'early');
  const lengthMs = durationMs(fault.to) - durationMs(fault.from);
  return { ...fault, from: durationOf(fromMs), to: durationOf(fromMs + lengthMs) };
}

/** A fault's draws are keyed by its name, so that leaving another one out changes nothing for it. */
function named(fault: FaultEntry, index: number): FaultEntry {
  return { id: `${fault.fault.slice(0, LONGEST_ID - 3)}-${index + 1}`, ...fault };
}

function drawTroubles(draw: Random, { settles }: Setting): string[] {
  const possible = Object.keys(TROUBLES).filter((name) => settles || !SETTLEMENT_NAMES.includes(name));
  // In a run with settlements every second trouble is one of theirs.
  const urgency = (name: string): number =>
    draw.unit('trouble', name) * (settles && SETTLEMENT_NAMES.includes(name) ? 0.3 : 1);
  const drawn = possible
    .sort((a, b) => urgency(a) - urgency(b))
    .slice(0, draw.integer({ min: 1, max: MOST_TROUBLES }, 'troubles'));
  return settles || drawn.includes(LIES_UNDER_SIGNATURE)
    ? drawn.filter((name) => !HIDES_THE_TRUTH.includes(name))
    : drawn;
}

/** A scenario's name has only lower-case letters, digits and hyphens. */
function nameOf(seed: string): string {
  const plain = /^[a-z0-9-]{1,40}$/.test(seed) ? seed : createKeyedRandom(seed).hex(6, 'name');
  return `gen${VERSION}-${plain}`;
}
