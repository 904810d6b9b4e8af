/** Holds what a server answers against its OpenAPI document, so that document and code cannot part. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';

interface OpenApiDocument {
  paths: Record<string, Record<string, unknown>>;
}

export interface OpenApiCheck {
  /** Fails when the document has no such answer, or the body does not fit its schema. */
  answer(method: string, path: string, status: number, body: unknown): void;
  /** Fails when `body` does not fit the schema `#/components/schemas/<name>`. */
  schema(name: string, body: unknown): void;
  /** `GET /psps` and so on, of the whole document. */
  operations(): string[];
}

export function openApiCheck(file: string): OpenApiCheck {
  const document = parse(readFileSync(join(projectRoot(), 'openapi', file), 'utf8')) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
  ajv.addSchema(document, 'doc');

  function check(pointer: string, body: unknown): void {
    const validate = ajv.getSchema(`doc#${pointer}`);
    assert.ok(validate, `${file} has no ${pointer}`);
    assert.ok(validate(body), `${file} ${pointer}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`);
  }

  function answer(method: string, path: string, status: number, body: unknown): void {
    const operation = at(document, ['paths', path, method.toLowerCase()]);
    assert.ok(operation, `${file} has no ${method} ${path}`);
    const given = at(operation, ['responses', String(status)]) as { $ref?: string } | undefined;
    assert.ok(given, `${file}: ${method} ${path} has no answer ${status}`);
    const response = given.$ref === undefined ? given : at(document, given.$ref.slice(2).split('/'));
    const content = at(response, ['content']) as Record<string, unknown> | undefined;
    const mediaType = Object.keys(content ?? {})[0];
    if (mediaType === undefined) return;
    const base =
      given.$ref === undefined
        ? `/paths/${escape(path)}/${method.toLowerCase()}/responses/${status}`
        : given.$ref.slice(1);
    check(`${base}/content/${escape(mediaType)}/schema`, body);
  }

  return {
    answer,
    schema: (name, body) => check(`/components/schemas/${name}`, body),
    operations: () =>
      Object.entries(document.paths).flatMap(([path, item]) =>
        ['get', 'post', 'put', 'patch', 'delete']
          .filter((method) => method in item)
          .map((method) => `${method.toUpperCase()} ${path}`),
      ),
  };
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

function escape(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
