/**
 * An OpenAPI document as the conformance suites need it: its operations with every reference put
 * in place, and validators for what is in them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';

export type Schema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

export interface Answer {
  /** Content type → schema of the body; empty when there is none. */
  content: Record<string, { schema?: Schema }>;
  headers: Record<string, { schema?: Schema }>;
}

export interface Operation {
  id: string;
  method: string;
  /** With `{name}` for parameters. */
  path: string;
  parameters: readonly Parameter[];
  /** Of a JSON body; undefined: it takes none, or a file. */
  body: Schema | undefined;
  bodyRequired: boolean;
  /** Content types that it takes. */
  takes: readonly string[];
  /** Whether it asks for a key, or lets somebody without one in. */
  security: 'asked' | 'optional' | 'none';
  /** Documented status → answer. */
  answers: ReadonlyMap<number, Answer>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** All operations of `openapi/<file>`, in its order. */
export function readOperations(file: string): Operation[] {
  const document = parse(readFileSync(join(projectRoot(), 'openapi', file), 'utf8')) as Schema;
  const whole = inPlace(document, document, []) as Schema;
  return Object.entries(whole['paths'] as Record<string, Schema>).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => operationOf(whole, path, item, method)),
  );
}

function operationOf(document: Schema, path: string, item: Schema, method: string): Operation {
  const operation = item[method] as Schema;
  const body = operation['requestBody'] as
    { required?: boolean; content: Record<string, { schema: Schema }> } | undefined;
  const security = (operation['security'] ?? document['security'] ?? []) as object[];
  return {
    id: String(operation['operationId']),
    method: method.toUpperCase(),
    path,
    parameters: [
      ...((item['parameters'] ?? []) as Parameter[]),
      ...((operation['parameters'] ?? []) as Parameter[]),
    ].map((parameter) => ({ ...parameter, required: parameter.required === true })),
    body: body?.content['application/json']?.schema,
    bodyRequired: body?.required === true,
    takes: Object.keys(body?.content ?? {}),
    security:
      security.length === 0 ? 'none' : security.some((way) => Object.keys(way).length === 0) ? 'optional' : 'asked',
    answers: new Map(
      Object.entries(operation['responses'] as Record<string, Partial<Answer>>).map(([status, answer]) => [
        Number(status),
        { content: answer.content ?? {}, headers: answer.headers ?? {} },
      ]),
    ),
  };
}

/** References resolved in place. @throws Error for a schema that leads back to itself: there is none, and none is wanted */
function inPlace(document: Schema, value: unknown, above: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((inner) => inPlace(document, inner, above));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref: reference, ...beside } = value as Schema;
  if (typeof reference !== 'string')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'example' && name !== 'examples')
        .map(([name, inner]) => [name, inPlace(document, inner, above)]),
    );
  if (above.includes(reference)) throw new Error(`${reference} leads back to itself`);
  const steps = reference.slice(2).split('/');
  const found = steps.reduce<unknown>((inner, step) => (inner as Schema | undefined)?.[step], document);
  if (found === undefined) throw new Error(`the document has no ${reference}`);
  return { ...(inPlace(document, found, [...above, reference]) as Schema), ...beside };
}

const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
const compiled = new WeakMap<Schema, ValidateFunction>();

export function validatorOf(schema: Schema): ValidateFunction {
  const known = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, known);
  return known;
}

/** What is wrong with a value, as a sentence; null: nothing. */
export function wrongWith(schema: Schema, value: unknown): string | null {
  const validate = validatorOf(schema);
  return validate(value) ? null : ajv.errorsText(validate.errors);
}
