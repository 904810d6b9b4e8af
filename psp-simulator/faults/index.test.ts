/** Every fault kind: it can be planned with little, it says what it does, and it refuses nonsense. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { FAULT_KINDS } from './index.ts';
import { FaultInputError } from './parameters.ts';
import { readFault } from './read-fault.ts';

const PSPS = ['acme', 'other'];

/** The parameters that have no default. */
const NEEDED: Readonly<Record<string, Record<string, unknown>>> = {
  latency: { fixedMs: 100 },
  'slow-answer': { distribution: { kind: 'uniform', minMs: 1, maxMs: 2 } },
  'lagging-status': { lagMs: 100 },
  'webhook-late': { delayMs: 100 },
};

function messageFor(input: unknown): string {
  try {
    readFault(input, { defaultId: 'f1', psps: PSPS });
  } catch (error) {
    assert.ok(error instanceof FaultInputError, String(error));
    return error.message;
  }
  return 'accepted';
}

describe('fault kinds', () => {
  for (const [name, kind] of FAULT_KINDS) {
    it(`${name} is planned with its needed parameters and refuses unknown ones`, () => {
      assert.equal(messageFor({ fault: name, with: NEEDED[name] ?? {} }), 'accepted');
      assert.match(messageFor({ fault: name, with: { ...NEEDED[name], surprise: 1 } }), /with\.surprise is unknown/);
      assert.match(kind.summary, /^[A-Z].*\.$/);
    });

    it(`${name} gives the same effect for the same draw`, () => {
      const { parameters } = readFault({ fault: name, with: NEEDED[name] ?? {} }, { defaultId: 'f1', psps: PSPS });
      const subject = { kind: 'payment', state: 'captured', attempt: 1 } as const;
      assert.deepEqual(
        kind.effect(parameters, () => 0.25, subject),
        kind.effect(parameters, () => 0.25, subject),
      );
    });
  }

  const mistakes: readonly (readonly [string, unknown, RegExp])[] = [
    ['an unknown fault', { fault: 'gremlins' }, /unknown fault "gremlins": there are latency, /],
    ['no object', 'latency', /must be an object/],
    ['an unknown field', { fault: 'hang', chnace: 1 }, /chnace is unknown: there are id, fault, psp/],
    ['an unknown PSP', { fault: 'hang', psp: 'nobody' }, /no PSP is named "nobody": there are acme, other/],
    ['a window that ends before it begins', { fault: 'hang', from: 10, to: 10 }, /to must come after from/],
    ['a chance above 1', { fault: 'hang', chance: 1.1 }, /chance must be from 0 to 1/],
    ['a count of 0', { fault: 'hang', count: 0 }, /count must be a whole number from 1 on/],
    ['an event filter on an API fault', { fault: 'hang', event: 'captured' }, /use operation, not event/],
    [
      'an operation filter on a webhook fault',
      { fault: 'webhook-lost', operation: 'capture' },
      /use event, not operation/,
    ],
    [
      'refused connections for one operation',
      { fault: 'outage', with: { as: 'refused' }, operation: 'capture' },
      /only psp, from and to/,
    ],
    ['a missing delay', { fault: 'latency' }, /with\.distribution or fixedMs is needed/],
    [
      'two delays',
      { fault: 'latency', with: { fixedMs: 1, distribution: { kind: 'fixed', ms: 1 } } },
      /exclude each other/,
    ],
    [
      'a distribution of no kind',
      { fault: 'latency', with: { distribution: { kind: 'normal' } } },
      /one of fixed, uniform/,
    ],
    ['a status that is no error', { fault: 'error', with: { status: 200 } }, /from 400 to 599/],
  ];
  for (const [what, input, message] of mistakes) {
    it(`says what is wrong with ${what}`, () => assert.match(messageFor(input), message));
  }

  it('the README lists exactly these kinds', () => {
    const readme = readFileSync(join(projectRoot(), 'psp-simulator', 'faults', 'README.md'), 'utf8');
    const tables = readme.slice(readme.indexOf('## API faults'), readme.indexOf('## Adding one'));
    const listed = [...tables.matchAll(/^\| `([\w-]+)` \|/gm)].map((match) => match[1]);
    assert.deepEqual(listed.sort(), [...FAULT_KINDS.keys()].sort());
  });
});
