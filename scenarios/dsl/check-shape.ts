/**
 * Checks the shape of a scenario with its JSON Schema and tells the first problem in one
 * sentence. Meaning (does that PSP exist, do these times fit) is `check-meaning.ts`'s part.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { nearestWord, projectRoot } from '../../kernel/index.ts';
import { InvalidScenarioError, unknownWord } from './invalid-scenario.ts';
import type { Scenario } from './scenario.ts';
import { TRAFFIC_KINDS } from './traffic-kinds.ts';
import { pathText, type Path, type SourceMap } from './source-map.ts';

type Schema = Record<string, unknown>;

let compiled: ValidateFunction<Scenario> | undefined;

/** The same schema that editors use, from `scenarios/dsl/scenario.schema.json`. */
export function scenarioSchema(): Schema {
  return JSON.parse(readFileSync(join(projectRoot(), 'scenarios/dsl/scenario.schema.json'), 'utf8')) as Schema;
}

/** A check of other data that is written with the same words as a scenario. */
export function compileSchema<T>(schema: Schema): ValidateFunction<T> {
  const options = { verbose: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false };
  return new Ajv2020(options).compile<T>(schema);
}

/** Throws an InvalidScenarioError unless `data` has the shape of a scenario. */
export function checkShape(data: unknown, source: SourceMap): asserts data is Scenario {
  compiled ??= compileSchema<Scenario>(scenarioSchema());
  checkAgainst(compiled, data, source, 'the scenario');
}

/** Throws an InvalidScenarioError unless `data` fits; `whole` is what the message calls all of it. */
export function checkAgainst<T>(
  validate: ValidateFunction<T>,
  data: unknown,
  source: SourceMap,
  whole: string,
): asserts data is T {
  if (validate(data)) return;
  const errors = validate.errors ?? [];
  // `if` only says that its `then` failed, and `propertyNames` that the error before it is about a key.
  const first = errors.find((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames') ?? errors[0];
  if (first === undefined)
    throw new InvalidScenarioError(source.placeOf([]), `${whole} is not valid`, 'See scenarios/library for examples.');
  explain(first, data, source, whole);
}

/** What is missing may be there under a name with a mistake in it. */
function refuseMisspelt(
  { data, parentSchema }: ErrorObject,
  { source, path, field, missing }: { source: SourceMap; path: Path; field: string; missing: string },
): void {
  const fields = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
  const misspelt = Object.keys(data as object).find(
    (name) => !fields.includes(name) && nearestWord(name, [missing]) !== undefined,
  );
  if (misspelt !== undefined) unknownWord(source.placeOf(path, misspelt), `a field of ${field}`, misspelt, fields);
}

function explain(error: ErrorObject, data: unknown, source: SourceMap, whole: string): never {
  const path = pathOf(error.instancePath, data);
  const schema = (error.parentSchema ?? {}) as { description?: string; properties?: Record<string, unknown> };
  const params = error.params as Record<string, unknown>;
  const field = path.length === 0 ? whole : `\`${pathText(path)}\``;

  if (error.propertyName !== undefined) {
    const place = source.placeOf(path, error.propertyName);
    if (error.keyword === 'enum')
      unknownWord(place, `allowed in ${field}`, error.propertyName, params['allowedValues'] as string[]);
    throw new InvalidScenarioError(
      place,
      `\`${error.propertyName}\` in ${field} is not ${schema.description ?? 'a name'}`,
      'Correct the name.',
    );
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const extra = String(params['additionalProperty']);
      return unknownWord(
        source.placeOf(path, extra),
        `a field of ${field}`,
        extra,
        Object.keys(schema.properties ?? {}),
      );
    }
    case 'required':
      // Traffic without any of its kinds fails last on the schema of the last one.
      if (params['missingProperty'] === TRAFFIC_KINDS.at(-1)?.field) {
        throw new InvalidScenarioError(
          source.placeOf(path),
          `${field} does not say what it is`,
          `Give it one of the fields ${TRAFFIC_KINDS.map((kind) => kind.field).join(', ')}, with a number.`,
        );
      }
      refuseMisspelt(error, { source, path, field, missing: String(params['missingProperty']) });
      throw new InvalidScenarioError(
        source.placeOf(path),
        `${field} needs the field \`${String(params['missingProperty'])}\``,
        `Fields: ${Object.keys(schema.properties ?? {}).join(', ')}.`,
      );
    case 'enum':
      return unknownWord(
        source.placeOf(path),
        `allowed for ${field}`,
        shown(error.data),
        params['allowedValues'] as string[],
      );
    case 'type':
      throw new InvalidScenarioError(
        source.placeOf(path),
        `${field} is ${shown(error.data)}, but must be ${kindOf(params['type'], schema.description)}`,
        'Correct the value.',
      );
    case 'pattern':
      throw new InvalidScenarioError(
        source.placeOf(path),
        `${field} is ${shown(error.data)}, but must be ${schema.description ?? `like ${String(params['pattern'])}`}`,
        'Correct the value.',
      );
    default:
      throw new InvalidScenarioError(
        source.placeOf(path),
        `${field} ${error.message ?? 'is not valid'}`,
        'Correct the value.',
      );
  }
}

/** JSON pointer to path; steps into lists become numbers. */
function pathOf(pointer: string, data: unknown): Path {
  let value = data;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const inList = Array.isArray(value);
      value = (value as Record<string, unknown> | undefined)?.[step];
      return inList ? Number(step) : step;
    });
}

function kindOf(types: unknown, description: string | undefined): string {
  if (description !== undefined) return description;
  return (Array.isArray(types) ? types : [types])
    .map((type) => (type === 'array' ? 'a list' : type === 'object' ? 'a group of fields' : `of type ${String(type)}`))
    .join(' or ');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
