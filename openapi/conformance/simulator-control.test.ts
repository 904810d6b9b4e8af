/**
 * The running simulator against openapi/simulator-control.yaml: every operation with input from its
 * schemas, every constraint broken once, every documented answer provoked or explained.
 */
import { readOperations } from './api-document.ts';
import { conformanceConfig } from './config.ts';
import { playControl, playKeptOut } from './control-scenes.ts';
import { assertAllAnswersSeen, describeOperations, type Suite } from './operation-suite.ts';
import type { Hints } from './valid-values.ts';
import { Wire } from './wire.ts';
import { openSimulator, type SimulatorWorld } from './world.ts';

const UNPROVOKED: Suite['unprovoked'] = {};

const { seed, runs } = conformanceConfig();

describe(`the simulator keeps openapi/simulator-control.yaml (OPENAPI_SEED=${seed})`, () => {
  const operations = readOperations('simulator-control.yaml');
  let world: SimulatorWorld;
  let wire: Wire;
  let hints: Hints;
  const suite: Suite = {
    operations,
    unprovoked: UNPROVOKED,
    leftOut: { reset: 'would take away what the others are called with; it takes no input' },
    world: () => ({ wire, generation: { hints, seed, runs }, state: () => stateOf(world) }),
  };

  /** Everything that a call can change, but the counts of what was asked. */
  async function stateOf({ controlUrl }: SimulatorWorld): Promise<string> {
    const parts = ['/runs', '/faults', '/psps/acme/books', '/psps/acme/settlements', '/challenges', '/dead-letters'];
    const texts = await Promise.all(parts.map(async (part) => (await fetch(controlUrl + part)).text()));
    return texts
      .join('\n')
      .replaceAll(/"counts":\{[^}]*\}/g, '')
      .replaceAll(/"now":\d+/g, '');
  }

  before(async () => {
    world = await openSimulator({ runs: { most: 8 } });
    wire = new Wire(operations, world.controlUrl, null);
  });
  after(() => world.close());

  describe('at first', () => {
    it('in what needs a past', async () => {
      hints = await playControl(wire, world);
    });

    it('in whom it keeps out', () => playKeptOut(wire, hints));
  });

  describeOperations(suite);

  describe('at last', () => {
    it('forgets everything on command', () => wire.expect('reset', 204));

    it('in every documented answer', () => assertAllAnswersSeen(suite));
  });
});
