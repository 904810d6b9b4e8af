import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';
import { CASE_KINDS } from '../domain/case.ts';
import { ATTEMPT_STATUSES, PAYMENT_STATUSES } from '../domain/deposit.ts';
import { ERRORS, ServiceError } from '../domain/errors.ts';
import { PAYOUT_STATUSES } from '../domain/payout.ts';
import { TRANSFER_KINDS } from '../ports/ledger.ts';
import { contract } from './contract.ts';

interface Document {
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; requestBody?: { $ref?: string; content?: Record<string, { example?: unknown }> } }
    >
  >;
  components: {
    requestBodies: Record<string, { content: Record<string, { example?: unknown }> }>;
    schemas: Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }>;
  };
}

const document = parse(readFileSync(join(projectRoot(), 'openapi', 'payments.yaml'), 'utf8')) as Document;
const errorsPage = join(projectRoot(), 'docs', 'ERRORS.md');

describe('the contract', () => {
  it('accepts its own examples and refuses each with a member too many', () => {
    for (const item of Object.values(document.paths)) {
      for (const { operationId, requestBody } of Object.values(item)) {
        const content =
          requestBody?.content ??
          document.components.requestBodies[requestBody?.$ref?.split('/').at(-1) ?? '']?.content;
        const example = content?.['application/json']?.example;
        if (example === undefined || operationId === 'receiveWebhook') continue;
        const operation = contract().get(operationId);
        operation?.checkBody(example);
        assert.throws(() => operation?.checkBody({ ...(example as object), surprise: 1 }), ServiceError, operationId);
      }
    }
  });

  it('names the same states, kinds and errors as the code', () => {
    const { schemas } = document.components;
    assert.deepEqual(new Set(schemas['PaymentStatus']?.enum), new Set(PAYMENT_STATUSES));
    assert.deepEqual(new Set(schemas['PayoutStatus']?.enum), new Set(PAYOUT_STATUSES));
    assert.deepEqual(new Set(schemas['Attempt']?.properties?.['status']?.enum), new Set(ATTEMPT_STATUSES));
    assert.deepEqual(new Set(schemas['CaseKind']?.enum), new Set(CASE_KINDS));
    // The document also lists kinds of other services that speak this API.
    for (const kind of TRANSFER_KINDS) assert.ok(schemas['Entry']?.properties?.['kind']?.enum?.includes(kind), kind);
    assert.deepEqual(schemas['Problem']?.properties?.['error']?.enum, Object.keys(ERRORS));
  });

  it('has every error on its page, and no other, with the same status, retry rule and advice', () => {
    const page = readFileSync(errorsPage, 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| (.+?) \| (.+?) \|$/gm)].map(
      ([, code, status, retry, title, advice]) => ({
        code,
        status: Number(status),
        retry: retry === 'yes',
        title,
        advice,
      }),
    );
    const expected = Object.entries(ERRORS).map(([code, kind]) => ({
      code,
      status: kind.status,
      retry: kind.retryable,
      title: kind.title,
      advice: kind.advice,
    }));
    assert.deepEqual(rows, expected);
  });
});
