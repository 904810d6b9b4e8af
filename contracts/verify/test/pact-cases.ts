/**
 * Answers that a provider might give to each need of the committed pacts: the example itself, and
 * the example with one thing wrong or one thing more. Each becomes an interaction of its own in one
 * big pact, so that Pact judges all of them in one run.
 */
import { listPacts, readPact } from '../../index.ts';
import type { Rules } from '../pact/rules.ts';

export interface BodyCase {
  name: string;
  expected: unknown;
  rules: Rules;
  actual: unknown;
}

interface Ruled {
  content?: unknown;
  rules: Rules;
}

type Json = Record<string, unknown>;

/** Pact takes tens of milliseconds for each: one need of so many as it is, and one of so many ways to break them. */
const NEEDS_EVERY = 3;
const WAYS_EVERY = 61;

export function bodyCases(): BodyCase[] {
  let needs = 0;
  return allCases().filter(({ name }, at) => {
    if (name.startsWith(OTHERS)) return true;
    if (!name.endsWith(AS_IT_IS)) return at % WAYS_EVERY === 0;
    needs += 1;
    return needs % NEEDS_EVERY === 0;
  });
}

const AS_IT_IS = 'as it is';
const OTHERS = 'another matcher';

function allCases(): BodyCase[] {
  const committed = listPacts().flatMap(needsOf);
  const needs = [...committed, ...OTHER_MATCHERS];
  return needs.flatMap(({ content, rules }, need) => {
    const variants: [string, unknown][] = [[AS_IT_IS, content], ...variantsOf(content, '$')];
    return variants.map(([what, actual]) => ({
      name: `${need < committed.length ? 'need' : OTHERS} ${need}, ${what}`,
      expected: content,
      rules,
      actual,
    }));
  });
}

function needsOf(path: string): Ruled[] {
  return readPact(path).interactions.flatMap((interaction) => {
    const holder = (interaction.type === 'Synchronous/HTTP' ? interaction.response : interaction) as unknown as Json;
    const body = (holder['body'] ?? holder['contents']) as { content?: unknown } | undefined;
    const rules = ((holder['matchingRules'] ?? {}) as { body?: Rules }).body ?? {};
    return typeof body?.content === 'object' ? [{ content: body.content, rules }] : [];
  });
}

const all = (...matchers: object[]): Rules[string] => ({ combine: 'AND', matchers: matchers as never });

/** Matchers that no committed pact uses yet, so that the next one can. */
const OTHER_MATCHERS: readonly Ruled[] = [
  { content: { a: 1.5 }, rules: { '$.a': all({ match: 'decimal' }) } },
  { content: { a: 2 }, rules: { '$.a': all({ match: 'number' }) } },
  { content: { a: true }, rules: { '$.a': all({ match: 'boolean' }) } },
  { content: { a: 'a needle here' }, rules: { '$.a': all({ match: 'include', value: 'needle' }) } },
  { content: { a: null }, rules: { '$.a': all({ match: 'null' }) } },
  { content: { a: 'x' }, rules: { '$.a': all({ match: 'equality' }) } },
  { content: { a: { b: 1, c: ['x'] } }, rules: { '$.a': all({ match: 'type' }) } },
  {
    content: { list: [{ id: 'i1', n: 1 }] },
    rules: { '$.list': all({ match: 'type', min: 1 }), '$.list[*].id': all({ match: 'regex', regex: '^i\\d$' }) },
  },
];

/** Every field left out, every value of another type or another value, one field and one element more. */
function variantsOf(value: unknown, path: string): [string, unknown][] {
  if (Array.isArray(value)) {
    const inner = value.flatMap((one, at) =>
      variantsOf(one, `${path}[${at}]`).map(([what, changed]): [string, unknown] => [
        what,
        value.map((old: unknown, i) => (i === at ? changed : old)),
      ]),
    );
    return [...inner, [`${path} is empty`, []], [`${path} has one more`, [...(value as unknown[]), value[0]]]];
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value);
    return [
      ...fields.flatMap(([name, inner]): [string, unknown][] => [
        [`${path}.${name} is missing`, Object.fromEntries(fields.filter(([other]) => other !== name))],
        ...variantsOf(inner, `${path}.${name}`).map(([what, changed]): [string, unknown] => [
          what,
          { ...value, [name]: changed },
        ]),
      ]),
      [`${path} has one more field`, { ...value, unexpected: 1 }],
    ];
  }
  const others: unknown[] =
    typeof value === 'number' ? [value + 1, String(value), null] : [`${String(value)}?`, '', 7, null, true];
  return others.filter((other) => other !== value).map((other) => [`${path} is ${JSON.stringify(other)}`, other]);
}
