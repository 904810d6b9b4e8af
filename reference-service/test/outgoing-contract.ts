/**
 * Checks what the platform is told against `webhooks` of the API document: the very schema that
 * the receiver builds from.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';

interface Told {
  post: { requestBody: { content: { 'application/json': { schema: object; example: { type: string } } } } };
}

const document = parse(readFileSync(join(projectRoot(), 'openapi', 'payments.yaml'), 'utf8')) as {
  webhooks: Record<string, Told>;
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormatsModule.default(ajv);
ajv.addSchema(document, 'urn:assay:told');

const validators = new Map<string, ValidateFunction>(
  Object.entries(document.webhooks).map(([type, { post }]) => {
    const { schema } = post.requestBody.content['application/json'];
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"urn:assay:told#/');
    return [type, ajv.compile(JSON.parse(text) as object)];
  }),
);

export const TOLD_TYPES = [...validators.keys()];

export function exampleOf(type: string): unknown {
  return document.webhooks[type]?.post.requestBody.content['application/json'].example;
}

/** Null when the body is one that the document describes, else what is wrong with it. */
export function faultOf(body: { type: string; timestamp?: string; data?: unknown }): string | null {
  const { type } = body;
  const validate = validators.get(type);
  if (validate === undefined) return `the document does not know ${type}`;
  return validate(body) ? null : `${type}: ${ajv.errorsText(validate.errors)}`;
}
