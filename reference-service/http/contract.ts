/**
 * The contract: openapi/payments.yaml, read and compiled once per process. Requests are
 * checked against the document itself, so what it says and what is enforced cannot differ.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';
import { ServiceError } from '../domain/errors.ts';

/** The document's name inside the validator; its `#/components/…` references resolve against it. */
const DOCUMENT_ID = 'urn:assay:payments';

interface ParameterObject {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: unknown;
}

interface OperationObject {
  operationId: string;
  parameters?: ParameterObject[];
  requestBody?: { $ref?: string; content?: Record<string, { schema: unknown }> };
  security?: Record<string, string[]>[];
}

interface Document {
  paths: Record<string, Record<string, OperationObject>>;
}

export interface Operation {
  operationId: string;
  method: string;
  /** With `{name}` for parameters, as in the document. */
  path: string;
  /** A request has a body: JSON, or a webhook's bytes. */
  hasBody: boolean;
  /** The body is a file: the route reads it from the request as it arrives. */
  isStreamed: boolean;
  /** Needs the platform's API key. */
  secured: boolean;
  /** What the key must be allowed; null: the document names none, and only a key with all scopes will do. */
  scope: string | null;
  /** Types that a body may have; empty: any, as each PSP sends its own. */
  contentTypes: readonly string[];
  /** @throws ServiceError bad_request */
  checkParameters(values: { path: Record<string, string>; query: Record<string, unknown> }): Record<string, unknown>;
  /** @throws ServiceError validation_failed */
  checkBody(body: unknown): void;
}

let compiled: ReadonlyMap<string, Operation> | undefined;

/** Operations by operationId. */
export function contract(): ReadonlyMap<string, Operation> {
  compiled ??= compile();
  return compiled;
}

function compile(): ReadonlyMap<string, Operation> {
  const document = parse(readFileSync(join(projectRoot(), 'openapi', 'payments.yaml'), 'utf8')) as Document;
  const strict = new Ajv2020({ strict: false, allErrors: true });
  const lenient = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true, useDefaults: true });
  for (const ajv of [strict, lenient]) {
    addFormatsModule.default(ajv);
    ajv.addSchema(document, DOCUMENT_ID);
  }
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operations.set(operation.operationId, {
        operationId: operation.operationId,
        method,
        path,
        hasBody: operation.requestBody !== undefined && !isFile(document, operation),
        isStreamed: isFile(document, operation),
        secured: isSecured(operation),
        scope: Object.values(operation.security?.[0] ?? {})[0]?.[0] ?? null,
        contentTypes: isSecured(operation) ? Object.keys(bodyOf(document, operation)?.content ?? {}) : [],
        checkParameters: parameterCheck(document, lenient, operation),
        checkBody: bodyCheck(document, strict, path, method, operation),
      });
    }
  }
  return operations;
}

function isFile(document: Document, { requestBody }: OperationObject): boolean {
  return requestBody !== undefined && 'application/octet-stream' in (resolve(document, requestBody).content ?? {});
}

function isSecured({ security }: OperationObject): boolean {
  return security === undefined || security.length > 0;
}

function bodyOf(document: Document, { requestBody }: OperationObject): OperationObject['requestBody'] {
  return requestBody === undefined ? undefined : resolve(document, requestBody);
}

/** Follows `#/components/…` inside the document. */
function resolve<T extends { $ref?: string }>(document: Document, value: T): T {
  if (value.$ref === undefined) return value;
  let found: unknown = document;
  for (const step of value.$ref.replace(/^#\//, '').split('/')) found = (found as Record<string, unknown>)[step];
  return found as T;
}

/** References inside an inline schema become absolute, so that they resolve outside the document. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${DOCUMENT_ID}#/`)) as unknown;
}

function parameterCheck(document: Document, ajv: Ajv2020, operation: OperationObject): Operation['checkParameters'] {
  const parameters = (operation.parameters ?? [])
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => parameter.in !== 'header');
  const validate = ajv.compile({
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, absolute(schema)])),
    required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
  });
  return ({ path, query }) => {
    const values: Record<string, unknown> = { ...query, ...path };
    if (!validate(values)) {
      throw new ServiceError('bad_request', 'A parameter in the address is not of the documented form.', {
        details: { errors: readable(validate) },
      });
    }
    return values;
  };
}

function bodyCheck(
  document: Document,
  ajv: Ajv2020,
  path: string,
  method: string,
  operation: OperationObject,
): Operation['checkBody'] {
  if (operation.requestBody === undefined || isFile(document, operation)) return () => undefined;
  const schema = resolve(document, operation.requestBody).content?.['application/json']?.schema;
  if (schema === undefined) throw new Error(`Bug: ${method} ${path} declares a body without a JSON schema`);
  const validate = ajv.compile(absolute(schema) as object);
  return (body) => {
    if (!validate(body)) {
      throw new ServiceError('validation_failed', 'The body does not fit the documented schema.', {
        details: { errors: readable(validate) },
      });
    }
  };
}

function readable(validate: ValidateFunction): { field: string; message: string }[] {
  return (validate.errors ?? []).map((error: ErrorObject) => {
    const extra = error.keyword === 'additionalProperties' ? ` (${String(error.params['additionalProperty'])})` : '';
    return {
      field: error.instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: `${error.message ?? 'is not allowed'}${extra}`,
    };
  });
}
