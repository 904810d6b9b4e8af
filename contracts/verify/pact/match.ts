/**
 * Holds a body, or headers, against what a Pact expects: Pact's verdicts without Pact's native
 * part, which a partner could not be asked to install. A test compares the two on every committed
 * pact. Beyond the expected fields a body may hold others; a list may not.
 *
 * Numbers are compared as JavaScript reads them, so 5000.0 is 5000 here; and where Pact takes null for
 * the text "null", which fits many an expression, null is refused.
 */
import { judgeValue, typeOf } from './matchers.ts';
import { ruleFor, showPath, type Matcher, type PathStep, type Rules } from './rules.ts';

export interface Mismatch {
  path: string;
  expected: string;
  got: string;
}

/** Everything in which `actual` is not as expected; empty when it is. @throws UnknownMatcherError */
export function matchBody(expected: unknown, actual: unknown, rules: Rules = {}): Mismatch[] {
  return compare([], expected, actual, rules);
}

/** Headers by name without case; a rule stands under the name. */
export function matchHeaders(
  expected: Readonly<Record<string, string>>,
  actual: Readonly<Record<string, string>>,
  rules: Readonly<Record<string, Rules[string]>> = {},
): Mismatch[] {
  const given = Object.fromEntries(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(expected).flatMap(([name, value]) => {
    const got = given[name.toLowerCase()];
    if (got === undefined) return [{ path: `header ${name}`, expected: value, got: 'no such header' }];
    const list = rules[name] ?? rules[name.toLowerCase()];
    const faults = (list?.matchers ?? []).map((matcher) => judgeValue(matcher, value, got));
    const wrong =
      list === undefined ? (sameHeader(name, value, got) ? undefined : value) : faults.find((one) => one !== undefined);
    return wrong === undefined ? [] : [{ path: `header ${name}`, expected: wrong, got }];
  });
}

/** Parameters of a media type (`; charset=utf-8`) say nothing about what is in it. */
function sameHeader(name: string, expected: string, got: string): boolean {
  const essence = (value: string): string => value.split(';')[0]?.trim().toLowerCase() ?? '';
  return name.toLowerCase() === 'content-type' ? essence(expected) === essence(got) : expected === got;
}

function compare(path: PathStep[], expected: unknown, actual: unknown, rules: Rules): Mismatch[] {
  const rule = path.length === 0 && rules['$'] === undefined ? undefined : ruleFor(rules, path);
  const wrong = (what: string): Mismatch[] => [{ path: showPath(path), expected: what, got: text(actual) }];
  const contained =
    rule?.inherited === false ? rule.list.matchers.find(({ match }) => match === 'arrayContains') : undefined;
  if (contained !== undefined)
    return Array.isArray(actual) ? missing(path, expected, actual, contained) : wrong('a list');
  if (rule !== undefined) {
    const faults = rule.list.matchers.map((matcher) =>
      judgeValue(rule.inherited ? { ...matcher, min: 0, max: Infinity } : matcher, expected, actual),
    );
    const refused =
      rule.list.combine === 'OR' ? faults.every((one) => one !== undefined) : faults.some((one) => one !== undefined);
    if (refused) return wrong(faults.find((one) => one !== undefined) ?? 'something else');
  } else if (typeOf(expected) !== typeOf(actual)) return wrong(text(expected));
  if (Array.isArray(expected) && Array.isArray(actual))
    return compareLists(path, expected, actual, rules, rule !== undefined);
  if (isObject(expected) && isObject(actual)) return compareObjects(path, expected, actual, rules);
  return rule !== undefined || expected === actual ? [] : wrong(text(expected));
}

function compareObjects(path: PathStep[], expected: object, actual: object, rules: Rules): Mismatch[] {
  const got = actual as Record<string, unknown>;
  return Object.entries(expected).flatMap(([name, value]) =>
    name in got
      ? compare([...path, name], value, got[name], rules)
      : [{ path: showPath([...path, name]), expected: text(value), got: 'no such field' }],
  );
}

/** Each of the expected elements must be somewhere in the list, whatever else is. */
function missing(path: PathStep[], expected: unknown, actual: unknown[], { variants = [] }: Matcher): Mismatch[] {
  return variants.flatMap(({ index, rules }) => {
    const wanted = Array.isArray(expected) ? (expected[index] as unknown) : undefined;
    const isThere = actual.some((one) => compare([], wanted, one, rules).length === 0);
    return isThere ? [] : [{ path: showPath(path), expected: `a list with ${text(wanted)} in it`, got: text(actual) }];
  });
}

/** Under a rule, what is more than the example is held against its first element. */
function compareLists(
  path: PathStep[],
  expected: unknown[],
  actual: unknown[],
  rules: Rules,
  ruled: boolean,
): Mismatch[] {
  if (!ruled && expected.length !== actual.length)
    return [{ path: showPath(path), expected: `a list of ${expected.length}`, got: `a list of ${actual.length}` }];
  if (expected.length === 0) return [];
  return actual.flatMap((value, at) =>
    compare([...path, at], at < expected.length ? expected[at] : expected[0], value, rules),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
