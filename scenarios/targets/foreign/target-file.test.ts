/** Target files: what is accepted, and that each mistake is named with its line and the next step. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError } from '../../../kernel/index.ts';
import { fillTree, fillUrl, namesIn } from './fill.ts';
import { pick, pickTexts } from './pick.ts';
import { parseTarget } from './read-target.ts';

const GOOD = `name: shop
psps:
  stripe: { dialect: stripe, webhooks: "{base}/hooks" }
start: { command: node shop.js, env: { KEY: "{stripe.apiKey}" } }
deposit:
  call: POST {base}/orders
  body: { amount: "{amount_minor}" }
  answer: { id: order }
states: { paid: succeeded }
observe:
  balance: { call: "GET {base}/p/{player}", answer: { available: balance } }
`;

function problem(text: string): string {
  try {
    parseTarget(text, 'shop.yaml');
  } catch (error) {
    if (error instanceof UserError) return `${error.message} | ${error.advice}`;
    throw error;
  }
  return 'none';
}

describe('target files', () => {
  it('are accepted when they describe a service', () => {
    assert.equal(problem(GOOD), 'none');
  });

  it('of the examples are valid, and no longer than thirty lines', () => {
    const examples = join(projectRoot(), 'examples');
    const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^[^/]+\/target[^/]*\.yaml$/.test(file),
    );
    assert.equal(files.length, 9);
    for (const file of files) {
      const text = readFileSync(join(examples, file), 'utf8');
      assert.doesNotThrow(() => parseTarget(text, file));
      assert.ok(text.trimEnd().split('\n').length <= 30, file);
    }
  });

  it('need not say what goes without saying', () => {
    const shared = GOOD.replace('deposit:', 'headers: { authorization: Bearer k, accept: a }\ndeposit:').replace(
      '  body: {',
      '  headers: { accept: b }\n  body: {',
    );
    const target = parseTarget(shared, 'shop.yaml');
    assert.deepEqual(target.deposit.headers, { authorization: 'Bearer k', accept: 'b' });
    assert.deepEqual(target.observe?.balance?.headers, { authorization: 'Bearer k', accept: 'a' });
    assert.deepEqual([target.states['paid'], target.states['declined']], ['succeeded', 'declined']);
    assert.equal(target.kinds?.['payout_reserve'], 'payout_reserve');
    assert.match(problem(shared.replace('Bearer k', '"{key}"')), /`\{key\}` in `headers` is not a value that is known/);
  });

  const mistakes: [what: string, text: string, expected: RegExp][] = [
    [
      'a word that is no field',
      GOOD.replace('  body: {', '  bodi: {'),
      /shop\.yaml:7:3: `bodi` is not a field of `deposit`; did you mean `body`/,
    ],
    [
      'a field that is missing under its name',
      GOOD.replace('  call: POST', '  cal: POST'),
      /shop\.yaml:6:3: `cal` is not a field of `deposit`; did you mean `call`/,
    ],
    [
      'a missing field',
      GOOD.replace('answer: { id: order }', 'answer: {}'),
      /shop\.yaml:8:11: `deposit\.answer` needs the field `id`/,
    ],
    [
      'a status that nobody knows',
      GOOD.replace('paid: succeeded', 'paid: payed'),
      /shop\.yaml:9:17: `payed` is not allowed for `states\.paid`/,
    ],
    [
      'a value that is not known there',
      GOOD.replace('{amount_minor}', '{amuont}'),
      /shop\.yaml:6:3: `\{amuont\}` in `deposit` is not a value that is known there; did you mean `\{amount\}`/,
    ],
    ['a credential of no PSP', GOOD.replace('{stripe.apiKey}', '{mollie.apiKey}'), /`\{mollie\.apiKey\}` in `start`/],
    [
      'a call without a method',
      GOOD.replace('POST {base}/orders', 'orders'),
      /shop\.yaml:6:9: `deposit\.call` is orders, but must be a method and an address/,
    ],
    [
      'neither start nor url',
      GOOD.replace(/start:.*\n/, ''),
      /neither says how it is started nor where it runs \| Give `start`/,
    ],
    ['both start and url', `${GOOD}url: http://127.0.0.1:1\n`, /has both `start` and `url`/],
    [
      'a running service whose PSPs have no port',
      GOOD.replace(/start:.*\n/, 'url: http://127.0.0.1:1\n'),
      /`psps\.stripe` has no port/,
    ],
    [
      'two ways to look at once',
      GOOD.replace('call: "GET', 'sql: "select 1", call: "GET'),
      /`observe\.balance` has call and sql of call, sql and command/,
    ],
    ['broken YAML', GOOD.replace('states: {', 'states: {{'), /shop\.yaml:\d+:\d+: this is not valid YAML/],
    [
      'a duration that is none',
      `${GOOD}abilities: { deadlines: { order: soon } }\n`,
      /`abilities\.deadlines\.order` is soon, but must be a duration/,
    ],
  ];
  for (const [what, text, expected] of mistakes)
    it(`with ${what} are refused in one sentence`, () => {
      assert.match(problem(text), expected);
    });
});

describe('templates and paths of a target file', () => {
  it('keep the kind of a value that stands alone, and put it into a text otherwise', () => {
    const values = { n: 5, s: 'x' };
    assert.deepEqual(fillTree({ a: '{n}', b: '{n} {s}', c: ['{s}'], d: true }, values), {
      a: 5,
      b: '5 x',
      c: ['x'],
      d: true,
    });
    assert.deepEqual(namesIn({ a: '{n}', b: ['{s}', 3] }), ['n', 's']);
  });

  it('encode what is put into an address, but not its base', () => {
    assert.equal(
      fillUrl('{base}/p/{id}?a={id}', { base: 'http://h:1', id: 'a/b&c' }),
      'http://h:1/p/a%2Fb%26c?a=a%2Fb%26c',
    );
  });

  it('find values in objects and lists, and nothing that an object only inherits', () => {
    const answer = { a: { b: [{ c: 1 }, { c: 2 }] }, refs: ['x', 'y'] };
    assert.equal(pick(answer, 'a.b[1].c'), 2);
    assert.equal(pick(answer, '$.a.b[5].c'), undefined);
    assert.equal(pick(answer, 'constructor.name'), undefined);
    assert.deepEqual(pickTexts(answer, 'refs'), ['x', 'y']);
    assert.deepEqual(pickTexts({ list: [{ id: 'x' }, {}, { id: 7 }] }, 'list[].id'), ['x', '7']);
    assert.deepEqual(pickTexts(answer, 'a[].c'), []);
  });
});
