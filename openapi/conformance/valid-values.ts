/**
 * Values that fit a JSON Schema, as fast-check arbitraries: they shrink, and a seed brings them
 * back. Hints are values that mean something to whoever is asked (an id that exists), by the name
 * of the property or parameter; without them every id would be unknown.
 */
import fc from 'fast-check';
import { validatorOf, type Schema } from './api-document.ts';

export type Hints = Readonly<Record<string, readonly unknown[]>>;

/** How often a hint is taken where there is one, against one value from the schema. */
const HINTS_AGAINST_ONE = 4;
const MOST_ITEMS = 3;
const MOST_CHARACTERS = 60;
const ANY_TEXT = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));

export function valuesOf(schema: Schema, hints: Hints = {}): fc.Arbitrary<unknown> {
  const fits = validatorOf(schema);
  return build(schema, hints).filter((value) => fits(value) === true);
}

/** The same with every optional property present, so that each constraint can be broken. */
export function wholeValuesOf(schema: Schema, hints: Hints = {}): fc.Arbitrary<unknown> {
  const fits = validatorOf(schema);
  return build(schema, hints, true).filter((value) => fits(value) === true);
}

/** Of a parameter or property that has a name. */
export function namedValuesOf(name: string, schema: Schema, hints: Hints, whole = false): fc.Arbitrary<unknown> {
  const own = build(schema, hints, whole);
  const fits = validatorOf(schema);
  const hinted = (hints[name] ?? []).filter((value) => fits(value) === true);
  if (hinted.length === 0) return own;
  return fc.oneof({ arbitrary: fc.constantFrom(...hinted), weight: HINTS_AGAINST_ONE }, { arbitrary: own, weight: 1 });
}

function build(schema: Schema, hints: Hints, whole = false): fc.Arbitrary<unknown> {
  const branches = (schema['oneOf'] ?? schema['anyOf']) as Schema[] | undefined;
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => build(branch, hints, whole)));
  if (Array.isArray(schema['allOf'])) return build(merged(schema), hints, whole);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const { type } = schema;
  if (Array.isArray(type))
    return fc.oneof(...type.map((one) => build({ ...schema, type: one as string }, hints, whole)));
  switch (type ?? ('properties' in schema ? 'object' : 'any')) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer(boundsOf(schema));
    case 'number':
      return fc.double({ ...boundsOf(schema), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return listOf(schema, hints, whole);
    case 'object':
      return objectOf(schema, hints, whole);
    default:
      return fc.oneof(fc.integer(), ANY_TEXT, fc.boolean(), fc.constant(null));
  }
}

function merged(schema: Schema): Schema {
  const parts = [schema, ...(schema['allOf'] as Schema[])];
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})) as Schema,
    required: parts.flatMap(({ required }) => (required ?? []) as string[]),
  };
}

function boundsOf({ minimum, maximum }: Schema): { min: number; max: number } {
  const min = typeof minimum === 'number' ? minimum : 0;
  return { min, max: typeof maximum === 'number' ? maximum : min + 1_000_000 };
}

function textOf({ pattern, format, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  const shortest = typeof minLength === 'number' ? minLength : 0;
  const longest = typeof maxLength === 'number' ? maxLength : Infinity;
  const fits = (text: string): boolean => [...text].length >= shortest && [...text].length <= longest;
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern)).filter(fits);
  const day = fc.date({ min: new Date(0), max: new Date(4_000_000_000_000), noInvalidDate: true });
  if (format === 'date-time') return day.map((at) => at.toISOString());
  if (format === 'date') return day.map((at) => at.toISOString().slice(0, 10));
  if (format === 'uri') return fc.webUrl().filter(fits);
  const maximum = Math.max(shortest, Math.min(longest, MOST_CHARACTERS));
  return fc.oneof(
    fc.string({ minLength: shortest, maxLength: maximum }),
    fc.string({ minLength: shortest, maxLength: maximum, unit: 'grapheme' }).filter(fits),
  );
}

function listOf(
  { items, minItems, maxItems, uniqueItems }: Schema,
  hints: Hints,
  whole: boolean,
): fc.Arbitrary<unknown> {
  const item = build((items ?? {}) as Schema, hints, whole);
  const minLength = Math.max(typeof minItems === 'number' ? minItems : 0, whole ? 1 : 0);
  const maxLength = Math.max(minLength, Math.min(typeof maxItems === 'number' ? maxItems : MOST_ITEMS, MOST_ITEMS));
  if (uniqueItems !== true) return fc.array(item, { minLength, maxLength });
  return fc.uniqueArray(item, { minLength, maxLength, selector: (value) => JSON.stringify(value) });
}

function objectOf(schema: Schema, hints: Hints, whole: boolean): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = (schema['required'] ?? []) as string[];
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, namedValuesOf(name, inner, hints, whole)]),
  );
  const requiredKeys = whole ? Object.keys(properties) : required.filter((name) => name in properties);
  const known = fc.record(model, { requiredKeys: requiredKeys as never[], noNullPrototype: true });
  const more = schema['additionalProperties'];
  if (typeof more !== 'object' || more === null) return known;
  const further = fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), build(more as Schema, hints, whole), { maxKeys: 2 });
  return fc.tuple(further, known).map(([one, other]) => ({ ...one, ...other }));
}
