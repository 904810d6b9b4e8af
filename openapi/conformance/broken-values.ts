/**
 * Each constraint of a JSON Schema, and how a value that fits is made to break just that one:
 * a member left out, one too many, another type, a text too long, a number out of bounds.
 */
import type { Schema } from './api-document.ts';

export interface Breakage {
  /** `amount: pattern`, as it is called in messages. */
  name: string;
  /** Where the constraint stands: names of properties, `0` for the first item of a list. */
  at: readonly string[];
  /** What stands there instead. */
  break(value: unknown): unknown;
}

type Members = Record<string, unknown>;

/** Every constraint of the schema. Where one of several schemas must fit, each is broken for itself. */
export function breakagesOf(schema: Schema, at: readonly string[] = []): Breakage[] {
  const breakage = (constraint: string, instead: (value: unknown) => unknown): Breakage => ({
    name: `${at.join('.') || 'the body'}: ${constraint}`,
    at,
    break: instead,
  });
  const branches = ((schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf']) as Schema[] | undefined) ?? [];
  return [
    ...branches.flatMap((branch) => breakagesOf(branch, at)),
    ...(branches.length > 0 ? [breakage('none of its forms', () => ({ 'no such form': [true] }))] : []),
    ...scalarBreakages(schema, breakage),
    ...listBreakages(schema, at, breakage),
    ...memberBreakages(schema, at, breakage),
  ];
}

type Make = (constraint: string, instead: (value: unknown) => unknown) => Breakage;

function scalarBreakages(schema: Schema, breakage: Make): Breakage[] {
  const { type, pattern, format, minLength, maxLength, minimum, maximum } = schema;
  const made: Breakage[] = [];
  const types = [type].flat().filter((one) => typeof one === 'string');
  if (types.length > 0) made.push(breakage(`type ${types.join(' or ')}`, () => anotherType(types)));
  if ('const' in schema || 'enum' in schema)
    made.push(breakage('one of its values', (value) => (typeof value === 'number' ? value + 0.5 : 'none of these')));
  if (typeof pattern === 'string') made.push(breakage('pattern', () => textWithout(new RegExp(pattern))));
  if (typeof format === 'string' && format !== 'binary')
    made.push(breakage(`format ${format}`, () => 'not of this form'));
  if (typeof minLength === 'number' && minLength > 0) made.push(breakage('minLength', () => 'a'.repeat(minLength - 1)));
  if (typeof maxLength === 'number') made.push(breakage('maxLength', () => 'a'.repeat(maxLength + 1)));
  if (typeof minimum === 'number') made.push(breakage('minimum', () => minimum - 1));
  if (typeof maximum === 'number') made.push(breakage('maximum', () => maximum + 1));
  return made;
}

function listBreakages(schema: Schema, at: readonly string[], breakage: Make): Breakage[] {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const first = (value: unknown): unknown => (value as unknown[])[0];
  return [
    ...(typeof minItems === 'number' && minItems > 0
      ? [breakage('minItems', (value) => (value as unknown[]).slice(0, minItems - 1))]
      : []),
    ...(typeof maxItems === 'number'
      ? [breakage('maxItems', (value) => Array.from({ length: maxItems + 1 }, () => first(value)))]
      : []),
    ...(uniqueItems === true ? [breakage('uniqueItems', (value) => [first(value), first(value)])] : []),
    ...(items === undefined ? [] : breakagesOf(items as Schema, [...at, '0'])),
  ];
}

function memberBreakages(schema: Schema, at: readonly string[], breakage: Make): Breakage[] {
  const { required = [], properties = {}, additionalProperties, minProperties, dependentRequired = {} } = schema;
  return [
    ...(required as string[]).map((name) => breakage(`required ${name}`, (value) => without(value, name))),
    ...(additionalProperties === false
      ? [breakage('a member too many', (value) => ({ ...(value as Members), surprise: 1 }))]
      : []),
    ...(typeof minProperties === 'number' && minProperties > 0 ? [breakage('minProperties', () => ({}))] : []),
    ...Object.entries(dependentRequired as Record<string, string[]>).flatMap(([name, others]) =>
      others.map((other) => breakage(`${name} needs ${other}`, (value) => without(value, other))),
    ),
    ...Object.entries(properties as Record<string, Schema>).flatMap(([name, inner]) =>
      breakagesOf(inner, [...at, name]),
    ),
  ];
}

function without(value: unknown, name: string): unknown {
  return Object.fromEntries(Object.entries(value as Members).filter(([key]) => key !== name));
}

function anotherType(types: readonly unknown[]): unknown {
  if (!types.includes('object')) return { wrong: 'type' };
  return types.includes('array') ? true : ['wrong type'];
}

function textWithout(pattern: RegExp): string {
  const found = ['?', '-1', '', 'ä b', 'A A'].find((text) => !pattern.test(text));
  if (found === undefined) throw new Error(`no text is at hand that ${String(pattern)} does not match`);
  return found;
}

/** The value with `breakage` applied at its place; undefined when the value has no such place. */
export function applied({ at, break: instead }: Breakage, value: unknown): { value: unknown } | undefined {
  const [step, ...rest] = at;
  if (step === undefined) return breakHere(instead, value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  const inner = applied({ name: '', at: rest, break: instead }, (value as Members)[step]);
  if (inner === undefined) return undefined;
  if (Array.isArray(value)) return { value: [inner.value, ...(value as unknown[]).slice(1)] };
  return { value: { ...value, [step]: inner.value } };
}

/** A constraint of a list or an object says nothing of another type that may stand there. */
function breakHere(instead: Breakage['break'], value: unknown): { value: unknown } | undefined {
  try {
    return { value: instead(value) };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
