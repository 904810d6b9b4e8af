/**
 * Guesses a proposal out of an OpenAPI document: which operation makes a deposit, which one tells
 * its status, where balance and entries are, and what the fields mean. Guesses, to be confirmed
 * by whoever answers the questions and by `assay target doctor`.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { messageOf, UserError } from '../../kernel/index.ts';
import { USUAL, type Proposal } from './proposal.ts';

type Json = Record<string, unknown>;

interface Operation {
  method: string;
  path: string;
  words: string;
  request: Json;
  answer: Json;
}

/** Throws a UserError when the document cannot be read, or has no operation that looks like a deposit. */
export function proposeFrom(file: string): Proposal {
  const operations = operationsOf(file);
  const deposit = best(operations, ({ method, words }) =>
    method === 'POST'
      ? count(words, /deposit|top-?up|payment|checkout|charge|order|cash-?in/g) -
        count(words, /refund|payout|withdraw|webhook|capture|void|cancel/g) * 5
      : 0,
  );
  if (deposit === undefined)
    throw new UserError(
      `${file} has no operation that looks like a deposit`,
      'Leave --from-openapi out and answer the questions.',
    );
  const one = deposit.path.replace(/\/(init|create|new)$/, '');
  const status = best(operations, ({ method, path }) =>
    method === 'GET' &&
    /\{[^}]+\}$/.test(path) &&
    path.startsWith(`${one}/`) &&
    path.split('/').length === one.split('/').length + 1
      ? 1
      : 0,
  );
  const entries = best(operations, ({ method, path, words }) =>
    method === 'GET' && path.includes('{') ? count(words, /entries|transactions|movements|statement/g) : 0,
  );
  const balance = best(operations, (operation) =>
    operation.method === 'GET' && operation.path.includes('{') && operation !== entries && operation !== status
      ? count(operation.words, /balance|wallet/g)
      : 0,
  );
  const request = propertiesOf(deposit.request);
  const answer = propertiesOf(deposit.answer);
  const amountSchema = Object.entries(request).find(([name]) => /amount/i.test(name));
  const isMinor =
    amountSchema !== undefined &&
    (/minor|cents/i.test(amountSchema[0]) || (amountSchema[1] as Json)['type'] === 'integer');
  const told = propertiesOf(status?.answer ?? deposit.answer);
  const list = Object.entries(propertiesOf(entries?.answer ?? {})).find(
    ([, schema]) => (schema as Json)['type'] === 'array',
  );
  const row = propertiesOf(((list?.[1] as Json | undefined)?.['items'] ?? {}) as Json);
  return {
    ...USUAL,
    depositCall: `POST ${deposit.path}`,
    depositBody: bodyOf(request, isMinor),
    amounts: isMinor ? 'minor' : 'major',
    id: named(answer, /^(id|.*_id|.*Id|order|payment|deposit)$/) ?? USUAL.id,
    status: named(answer, /^(status|state)$/i) ?? '',
    redirect: named(answer, /redirect|url|pay_at|checkout/i) ?? '',
    statusCall: status === undefined ? `GET ${one}/{id}` : `GET ${parameter(status.path, 'id')}`,
    statusPath: named(told, /^(status|state)$/i) ?? USUAL.statusPath,
    ...statesOf(told),
    balanceCall: balance === undefined ? '' : `GET ${parameter(balance.path, 'player')}`,
    balancePath: named(propertiesOf(balance?.answer ?? {}), /balance|available/i) ?? USUAL.balancePath,
    entriesCall: entries === undefined ? '' : `GET ${parameter(entries.path, 'player')}`,
    entriesList: list?.[0] ?? '',
    entryId: named(row, /^(id|.*_id)$/i) ?? USUAL.entryId,
    entryPayment: named(row, /payment|order|deposit|reference/i) ?? USUAL.entryPayment,
    entryAmount: named(row, /amount/i) ?? USUAL.entryAmount,
  };
}

function operationsOf(file: string): Operation[] {
  let document: Json;
  try {
    document = parse(readFileSync(file, 'utf8'), { maxAliasCount: 1_000 }) as Json;
  } catch (error) {
    throw new UserError(
      `${file}: the OpenAPI document cannot be read (${messageOf(error)})`,
      'Give a document in YAML or JSON.',
    );
  }
  const paths = document?.['paths'];
  if (typeof paths !== 'object' || paths === null)
    throw new UserError(`${file} is no OpenAPI document: it has no \`paths\``, 'Give a document in YAML or JSON.');
  return Object.entries(paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods ?? {})
      .filter(([method]) => ['get', 'post', 'put'].includes(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        words: `${path} ${String(operation['operationId'] ?? '')} ${String(operation['summary'] ?? '')}`.toLowerCase(),
        request: schemaIn(document, operation['requestBody']),
        answer: schemaIn(document, success(document, operation['responses'])),
      })),
  );
}

function success(document: Json, responses: unknown): unknown {
  const all = (responses ?? {}) as Json;
  return resolved(document, all['200'] ?? all['201'] ?? all['202']);
}

/** The JSON schema of a body, references followed; empty where there is none. */
function schemaIn(document: Json, body: unknown): Json {
  const content = (resolved(document, body)?.['content'] ?? {}) as Record<string, Json>;
  return deep(document, content['application/json']?.['schema'], 0);
}

function resolved(document: Json, value: unknown): Json | undefined {
  const reference = (value as Json | undefined)?.['$ref'];
  if (typeof reference !== 'string') return value as Json | undefined;
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (found, step) => (found as Json | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
      document,
    ) as Json;
}

const DEEPEST = 4;

/** With its references followed, and what `allOf` gathers put together. */
function deep(document: Json, value: unknown, depth: number): Json {
  const schema = resolved(document, value);
  if (schema === undefined || depth > DEEPEST) return {};
  const parts = [schema['allOf'], schema['oneOf']].flat().filter((part) => part !== undefined);
  const gathered = parts.map((part) => deep(document, part, depth + 1)['properties'] ?? {});
  const own = Object.entries((schema['properties'] ?? {}) as Json).map(([name, one]) => [
    name,
    deep(document, one, depth + 1),
  ]);
  return {
    ...schema,
    properties: Object.assign({}, ...(gathered as Json[]), Object.fromEntries(own)) as Json,
    ...(schema['items'] === undefined ? {} : { items: deep(document, schema['items'], depth + 1) }),
  };
}

function propertiesOf(schema: Json): Json {
  return (schema['properties'] ?? {}) as Json;
}

function named(properties: Json, pattern: RegExp): string | undefined {
  return Object.keys(properties).find((name) => pattern.test(name));
}

function count(words: string, pattern: RegExp): number {
  return words.match(pattern)?.length ?? 0;
}

function best(operations: readonly Operation[], score: (operation: Operation) => number): Operation | undefined {
  const scored = operations
    .map((operation) => ({ operation, points: score(operation) }))
    .filter(({ points }) => points > 0);
  return scored.sort((a, b) => b.points - a.points || a.operation.path.length - b.operation.path.length)[0]?.operation;
}

/** `/wallets/{player_id}` with the harness's name for what stands in the braces. */
function parameter(path: string, name: string): string {
  return path.replace(/\{[^}]+\}/, `{${name}}`);
}

const MEANINGS: readonly [field: RegExp, template: string][] = [
  [/currency/i, '{currency}'],
  [/player|user|customer|account/i, '{player}'],
  [/card|token|source|instrument|payment_method/i, '{card}'],
  [/^method/i, '{method}'],
  [/return|success_url|redirect/i, '{return_url}'],
  [/country/i, '{country}'],
  [/idempotency|key/i, '{key}'],
];

function bodyOf(request: Json, isMinor: boolean): Record<string, string> {
  const fields = Object.keys(request).flatMap((name) => {
    if (/amount/i.test(name)) return [[name, isMinor ? '{amount_minor}' : '{amount}']];
    const meaning = MEANINGS.find(([field]) => field.test(name));
    return meaning === undefined ? [] : [[name, meaning[1]]];
  });
  return fields.length === 0 ? USUAL.depositBody : (Object.fromEntries(fields) as Record<string, string>);
}

/** The service's own words, where its document lists them. */
function statesOf(told: Json): Pick<Proposal, 'succeeded' | 'pending' | 'declined'> {
  const field = named(told, /^(status|state)$/i);
  const listed = field === undefined ? undefined : (told[field] as Json)['enum'];
  const words = Array.isArray(listed) ? listed.map(String) : [];
  if (words.length === 0) return { succeeded: USUAL.succeeded, pending: USUAL.pending, declined: USUAL.declined };
  const ends = (pattern: RegExp): string[] => words.filter((word) => pattern.test(word));
  const succeeded = ends(/succe|paid|complet|captured|credited|done/i);
  const declined = ends(/declin|fail|refus|reject|cancel|expire|error/i);
  const pending = words.filter(
    (word) => !succeeded.includes(word) && !declined.includes(word) && !/refund|return/i.test(word),
  );
  return { succeeded: succeeded.join(', '), pending: pending.join(', '), declined: declined.join(', ') };
}
