/**
 * Generator 1, which does not change any more: seed to scenario, in the same format as the library. Draws which troubles dominate
 * the run, then traffic and timing biased to where payment systems break. Pure: same seed and
 * generator version, same scenario. It knows nothing about the target, so whatever it finds
 * was not written for it.
 */
import { createKeyedRandom, type Random } from '../../../kernel/index.ts';
import { defineScenario, type PspEntry, type Scenario } from '../../dsl/index.ts';
import { durationOf, SPANS_MS } from './moments.ts';
import { drawTraffic } from './traffic.ts';
import { HIDES_THE_TRUTH, LIES_UNDER_SIGNATURE, TROUBLES, type Setting } from './troubles.ts';

/** Frozen: tokens that begin with `gen1:` name its scenarios for as long as they are kept. */
const GENERATOR_VERSION = 1;

/** Webhooks that were begun under faults may still be delivered or repeated a day later. */
const SETTLE_WITHIN = '96h';

const MOST_TROUBLES = 4;

/** @param seed any text or number; runs take the same seed for their own draws. */
export function generateScenario(seed: string | number): Scenario {
  const text = String(seed);
  const draw = createKeyedRandom(text).fork('generator', GENERATOR_VERSION);
  const psps = drawPsps(draw);
  const setting: Setting = { psps: psps.map(({ name }) => name), spanMs: draw.pick(SPANS_MS, 'span') };
  const troubles = drawTroubles(draw);
  const faults = troubles.flatMap((name) => TROUBLES[name]?.(draw.fork('trouble', name), setting) ?? []);
  return defineScenario({
    name: nameOf(text),
    title: `Generated from seed ${text.slice(0, 60)}: ${troubles.slice(0, 2).join(', ')}`.slice(0, 120),
    description: `Drawn by generator ${GENERATOR_VERSION} from seed ${text}. What goes wrong: ${troubles.join(', ')}.`,
    drivers: ['virtual', 'http'],
    psps,
    traffic: drawTraffic(draw.fork('traffic'), setting),
    faults,
    heal_at: durationOf(setting.spanMs),
    settle_within: SETTLE_WITHIN,
  });
}

/** One to three PSPs; some forget keys soon or show new payments late, which the target is told. */
function drawPsps(draw: Random): PspEntry[] {
  const dialects = [...(['stripe', 'adyen', 'acme'] as const)].sort(
    (a, b) => draw.unit('order', a) - draw.unit('order', b),
  );
  return dialects.slice(0, draw.pick([1, 2, 2, 3], 'psps')).map((dialect) => {
    const profile = {
      ...(draw.chance(0.2, 'key life', dialect)
        ? { key_life: draw.pick(['10m', '2h'], 'key life', dialect, 'how long') }
        : {}),
      ...(draw.chance(0.3, 'lag', dialect)
        ? { visibility_lag: draw.pick(['5s', '1m'], 'lag', dialect, 'how long') }
        : {}),
      ...(draw.chance(0.3, 'quick', dialect)
        ? { first_delivery: { kind: 'fixed', ms: draw.pick(['0ms', '40ms'], 'quick', dialect, 'how') } }
        : {}),
    };
    return { name: dialect, dialect, ...(Object.keys(profile).length === 0 ? {} : { profile }) };
  });
}

function drawTroubles(draw: Random): string[] {
  const names = Object.keys(TROUBLES).sort((a, b) => draw.unit('trouble', a) - draw.unit('trouble', b));
  const drawn = names.slice(0, draw.integer({ min: 1, max: MOST_TROUBLES }, 'troubles'));
  return drawn.includes(LIES_UNDER_SIGNATURE) ? drawn.filter((name) => !HIDES_THE_TRUTH.includes(name)) : drawn;
}

/** A scenario's name has only lower-case letters, digits and hyphens. */
function nameOf(seed: string): string {
  const plain = /^[a-z0-9-]{1,40}$/.test(seed) ? seed : createKeyedRandom(seed).hex(6, 'name');
  return `generated-${plain}`;
}
