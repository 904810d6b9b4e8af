/**
 * Does an OpenAPI document (3.x) describe what a pact asks for? For each call: the path and the
 * method, our request body by its schema, and every field that we read by the schema of the
 * answer. Fields that we do not read are not our business, so nothing is required of the answer.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { PactCall } from '../pact-files.ts';

type Json = Record<string, unknown>;

export interface OpenApi {
  document: Json;
}

export function readOpenApi(path: string): OpenApi {
  return { document: parse(readFileSync(path, 'utf8')) as Json };
}

/** Everything in which the document does not describe the call; empty when it does. */
export function undescribed({ document }: OpenApi, { request, response }: PactCall): string[] {
  const found = operationOf(document, request.method, request.path);
  if (typeof found === 'string') return [found];
  const answers = asObject(found['responses']);
  const answer =
    answers[String(response.status)] ?? answers[`${Math.floor(response.status / 100)}XX`] ?? answers['default'];
  const answered = answer === undefined ? undefined : jsonSchema(document, asObject(resolve(document, answer)));
  const asked = jsonSchema(document, asObject(resolve(document, found['requestBody'])));
  const isJson = typeof request.body?.content === 'object';
  return [
    ...(answer === undefined
      ? [`status ${response.status} is not documented for ${request.method} ${request.path}`]
      : []),
    ...(asked === undefined || !isJson ? [] : faults(document, asked, request.body?.content, 'our request')),
    ...(answered === undefined
      ? []
      : faults(document, withoutRequired(document, answered), response.body?.content, 'the answer')),
    ...(answered === undefined ? [] : missingFields(document, answered, response.body?.content, '')),
  ];
}

function operationOf(document: Json, method: string, path: string): Json | string {
  const paths = Object.entries(asObject(document['paths']));
  const fits = ([template]: [string, unknown]): boolean =>
    new RegExp(`^${template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  // A path without a parameter is the better one.
  const candidates = paths.filter(fits).sort(([a], [b]) => a.split('{').length - b.split('{').length);
  if (candidates.length === 0) return `the path ${path} is not documented`;
  const operation = candidates
    .map(([, item]) => asObject(resolve(document, item))[method.toLowerCase()])
    .find((one) => one !== undefined);
  return operation === undefined ? `${method} ${path} is not documented` : asObject(operation);
}

function jsonSchema(document: Json, holder: Json): Json | undefined {
  const media = Object.entries(asObject(holder['content'])).find(([type]) => /json/.test(type))?.[1];
  const schema = media === undefined ? undefined : asObject(media)['schema'];
  return schema === undefined ? undefined : asObject(resolve(document, schema));
}

/** References are resolved in place; a document whose schemas lead back to themselves is cut there. */
function inlined(document: Json, schema: unknown, above: readonly string[] = []): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => inlined(document, inner, above));
  if (typeof schema !== 'object' || schema === null) return schema;
  const reference = (schema as Json)['$ref'];
  if (typeof reference === 'string')
    return above.includes(reference) ? {} : inlined(document, pointed(document, reference), [...above, reference]);
  return Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, inlined(document, inner, above)]));
}

function withoutRequired(document: Json, schema: Json): Json {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, inner]) => !(name === 'required' && Array.isArray(inner)))
        .map(([name, inner]) => [name, strip(inner)]),
    );
  };
  return strip(inlined(document, schema)) as Json;
}

function faults(document: Json, schema: Json, value: unknown, what: string): string[] {
  if (value === undefined || value === '') return [];
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = ajv.compile(inlined(document, schema) as Json);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '' }: ErrorObject) => `${what}${instancePath.replaceAll('/', '.')} ${message}`,
  );
}

/** Fields that we read and that no schema names, where the schema says what there is. */
function missingFields(document: Json, schema: Json, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items = asObject(inlined(document, schema['items'] ?? {}));
    return value.flatMap((inner, index) => missingFields(document, items, inner, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = propertiesOf(asObject(inlined(document, schema)));
  if (Object.keys(properties).length === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    properties[name] === undefined
      ? [`the answer's field ${path}.${name}, which we read, is not documented`]
      : missingFields(document, asObject(properties[name]), inner, `${path}.${name}`),
  );
}

function propertiesOf(schema: Json): Json {
  const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((name) =>
    Array.isArray(schema[name]) ? (schema[name] as unknown[]) : [],
  );
  return Object.assign({}, ...parts.map((part) => propertiesOf(asObject(part))), schema['properties'] ?? {}) as Json;
}

function resolve(document: Json, value: unknown): unknown {
  const reference = typeof value === 'object' && value !== null ? (value as Json)['$ref'] : undefined;
  return typeof reference === 'string' ? resolve(document, pointed(document, reference)) : value;
}

function pointed(document: Json, reference: string): unknown {
  const steps = reference
    .replace(/^#\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((value, step) => asObject(value)[step], document);
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
