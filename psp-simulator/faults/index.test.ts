/** Every fault kind: it can be planned with little, it says what it does, and it refuses nonsense. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { faultCatalogue } from './catalogue.ts';
import { FAULT_KINDS } from './index.ts';
import { FaultInputError, Parameters } from './parameters.ts';
import { readFault } from './read-fault.ts';

const PSPS = ['acme', 'other'];

/** The parameters that have no default. */
const NEEDED: Readonly<Record<string, Record<string, unknown>>> = {
  latency: { fixedMs: 100 },
  'slow-answer': { distribution: { kind: 'uniform', minMs: 1, maxMs: 2 } },
  'lagging-status': { lagMs: 100 },
  'stale-status': { lagMs: 100 },
  'webhook-late': { delayMs: 100 },
  'cardholder-slow': { fixedMs: 100 },
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

/** Titles of all tests of the simulator. */
function testTitles(): string {
  const root = join(projectRoot(), 'psp-simulator');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return files.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
}

describe('fault kinds', () => {
  const titles = testTitles();

  for (const [name, kind] of FAULT_KINDS) {
    it(`${name} is planned with its needed parameters and refuses unknown ones`, () => {
      assert.equal(messageFor({ fault: name, with: NEEDED[name] ?? {} }), 'accepted');
      assert.match(messageFor({ fault: name, with: { ...NEEDED[name], surprise: 1 } }), /with\.surprise is unknown/);
      assert.match(kind.summary, /^[A-Z].*\.$/);
      assert.match(kind.precedent.what, /^[A-Z].*\.$/);
      assert.match(kind.precedent.source, /^https:\/\/\S+$/);
    });

    it(`${name} says what it reads, and needs only what has no default`, () => {
      const missing = Parameters.notesOf(kind).filter(({ fallback }) => fallback === undefined);
      const given = Object.keys(NEEDED[name] ?? {});
      assert.ok(given.every((one) => missing.some((note) => note.name === one)));
      assert.equal(given.length > 0, missing.length > 0 && messageFor({ fault: name }) !== 'accepted');
    });

    it(`${name} has a test of its own that shows what is seen of it`, () => {
      assert.match(titles, new RegExp(`it\\(\\s*['"\`]${name}[ :,]`), `no test title begins with "${name}"`);
    });
  }

  const mistakes: readonly (readonly [string, unknown, RegExp])[] = [
    ['an unknown fault', { fault: 'gremlins' }, /unknown fault "gremlins": there are latency, /],
    ['a mistyped fault', { fault: 'anser-lost' }, /did you mean answer-lost\?/],
    ['no object', 'latency', /must be an object/],
    ['an unknown field', { fault: 'hang', chnace: 1 }, /chnace is unknown: there are id, fault, psp/],
    ['an unknown PSP', { fault: 'hang', psp: 'nobody' }, /no PSP is named "nobody": there are acme, other/],
    ['a window that ends before it begins', { fault: 'hang', from: 10, to: 10 }, /to must come after from/],
    ['a chance above 1', { fault: 'hang', chance: 1.1 }, /chance must be from 0 to 1/],
    ['a count of 0', { fault: 'hang', count: 0 }, /count must be a whole number from 1 on/],
    ['an event filter on an API fault', { fault: 'hang', event: 'captured' }, /API calls.*event cannot be given/],
    ['an operation filter on a webhook fault', { fault: 'webhook-lost', operation: 'capture' }, /operation cannot be/],
    ['an operation filter on a payer', { fault: 'cardholder-fails', operation: 'capture' }, /a payer does on a page/],
    ['an event filter on a settlement', { fault: 'settlement-late-line', event: 'paid' }, /settlement batches/],
    [
      'refused connections for one operation',
      { fault: 'outage', with: { as: 'refused' }, operation: 'capture' },
      /only psp, from and to/,
    ],
    ['an expired certificate for one player', { fault: 'certificate-expired', player: 'p1' }, /only psp, from and to/],
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
    ['a list with a status that is no error', { fault: 'error-mix', with: { statuses: [200] } }, /from 400 to 599/],
    ['an amount that is none', { fault: 'hang', amount: 'much' }, /amount must be minor units \(5000\) or major/],
    ['an amount with an unknown bound', { fault: 'hang', amount: { least: 5 } }, /amount\.least is unknown/],
    ['an empty reference', { fault: 'hang', reference: '' }, /reference must be text/],
    ['a method that is no word', { fault: 'hang', method: 7 }, /method must be a word/],
  ];
  for (const [what, input, message] of mistakes) {
    it(`says what is wrong with ${what}`, () => assert.match(messageFor(input), message));
  }

  it('docs/FAULTS.md is what the kinds say', () => {
    const file = readFileSync(join(projectRoot(), 'docs', 'FAULTS.md'), 'utf8');
    assert.equal(file, faultCatalogue(), 'write it anew: npx tsx scripts/write-fault-docs.ts');
  });
});
