/**
 * Calls operations of a document, holds each answer against it (status, content type, headers,
 * body), and remembers which documented answers were seen.
 */
import assert from 'node:assert/strict';
import { wrongWith, type Operation } from './api-document.ts';

export interface Call {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: { text: string; type: string };
  /** Null: no key is shown. */
  authorization?: string | null;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: unknown;
}

export class Wire {
  readonly operations: readonly Operation[];
  readonly #baseUrl: string;
  readonly #authorization: string | null;
  #seen = new Map<string, Set<number>>();

  constructor(operations: readonly Operation[], baseUrl: string, authorization: string | null) {
    this.operations = operations;
    this.#baseUrl = baseUrl;
    this.#authorization = authorization;
  }

  /** Another server of the same document; what is seen there is seen. */
  at(baseUrl: string, authorization: string | null): Wire {
    const other = new Wire(this.operations, baseUrl, authorization);
    other.#seen = this.#seen;
    return other;
  }

  operation(id: string): Operation {
    const found = this.operations.find((operation) => operation.id === id);
    assert.ok(found, `the document has no operation ${id}`);
    return found;
  }

  /** @throws AssertionError when the answer is none that the document describes */
  async call(operation: Operation | string, call: Call = {}): Promise<Answered> {
    const known = typeof operation === 'string' ? this.operation(operation) : operation;
    const url = this.#baseUrl + pathOf(known, call) + queryOf(call);
    const response = await fetch(url, {
      method: known.method,
      headers: this.#headersOf(call),
      redirect: 'manual',
      ...(call.raw !== undefined ? { body: call.raw.text } : {}),
      ...(call.body !== undefined ? { body: JSON.stringify(call.body) } : {}),
    });
    const answered = await this.#read(known, response, `${known.method} ${url} ${JSON.stringify(call)}`);
    const seen = this.#seen.get(known.id) ?? new Set();
    this.#seen.set(known.id, seen.add(response.status));
    return answered;
  }

  /** The same where one status is expected; answers its body. */
  async expect(operation: string, status: number, call: Call = {}): Promise<Record<string, unknown>> {
    const answered = await this.call(operation, call);
    assert.equal(answered.status, status, `${operation}: ${JSON.stringify(answered.body)}`);
    return answered.body as Record<string, unknown>;
  }

  /** `getPayment 404` for every documented answer that nobody has seen yet. */
  unseen(): string[] {
    return this.operations.flatMap(({ id, answers }) =>
      [...answers.keys()]
        .filter((status) => this.#seen.get(id)?.has(status) !== true)
        .map((status) => `${id} ${status}`),
    );
  }

  #headersOf({ headers, body, raw, authorization = this.#authorization }: Call): Record<string, string> {
    return {
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(raw === undefined ? {} : { 'content-type': raw.type }),
      ...headers,
    };
  }

  async #read(operation: Operation, response: Response, asked: string): Promise<Answered> {
    const text = await response.text();
    const { status, headers } = response;
    const said = `${asked.slice(0, 2_000)} → ${status} ${text.slice(0, 600)}`;
    const answer = operation.answers.get(status);
    assert.ok(answer, `${operation.id} has no documented answer ${status}: ${said}`);
    for (const [name, { schema }] of Object.entries(answer.headers)) {
      const value = headers.get(name);
      if (value === null || schema === undefined) continue;
      const wrong = wrongWith(schema, schema['type'] === 'integer' ? Number(value) : value);
      assert.equal(wrong, null, `header ${name}: ${said}`);
    }
    const types = Object.keys(answer.content);
    if (types.length === 0) {
      assert.equal(text, '', `the document knows no body of this answer: ${said}`);
      return { status, headers, body: undefined };
    }
    const type = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    const documented = types.find((known) => known === type || known === '*/*');
    assert.ok(documented, `content type ${type} is not documented: ${said}`);
    const isJson = type === 'application/json' || type.endsWith('+json');
    const body: unknown = isJson ? JSON.parse(text) : text;
    const schema = answer.content[documented]?.schema;
    if (schema !== undefined) assert.equal(wrongWith(schema, body), null, said);
    return { status, headers, body };
  }
}

function pathOf({ id, path }: Operation, call: Call): string {
  return path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    assert.ok(call.path !== undefined && name in call.path, `${id} needs ${name} in its path`);
    return encodeURIComponent(String(call.path[name]));
  });
}

function queryOf({ query = {} }: Call): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
