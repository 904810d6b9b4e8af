/**
 * Stripe's search language for payment intents: clauses `field:'value'`, `metadata['key']:'value'`,
 * `amount>1000`, each possibly negated by `-`, joined by AND or by OR, never both.
 * The fields are those that Stripe documents for payment intents.
 */
import { invalid } from './errors.ts';

export interface SearchableIntent {
  amount: number;
  created: number;
  currency: string;
  customer: string | null;
  status: string;
  metadata: Readonly<Record<string, string>>;
}

export interface SearchQuery {
  matches(intent: SearchableIntent): boolean;
  /** The reference that every match must have, where the query pins one down: spares a scan. */
  readonly reference: string | undefined;
}

interface Clause {
  field: string;
  metadataKey: string | undefined;
  operator: string;
  value: string;
  negated: boolean;
}

const CLAUSE =
  /^\s*(-?)(?:metadata\[(?:'([^']*)'|"([^"]*)")\]|([a-z_]+))\s*(:|>=|<=|>|<)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+|null))/;
const JOINT = /^\s+(AND|OR)\s+/i;
const NUMERIC = new Set(['amount', 'created']);
const TEXTUAL = new Set(['currency', 'customer', 'status']);

/** Throws the problem that Stripe answers to a query it cannot read. */
export function parseSearchQuery(query: string): SearchQuery {
  const clauses: Clause[] = [];
  let joint: string | undefined;
  let rest = query;
  for (;;) {
    const match = CLAUSE.exec(rest);
    if (match === null) throw unreadable(query);
    clauses.push(clauseOf(match, query));
    rest = rest.slice(match[0].length);
    if (rest.trim() === '') break;
    const next = JOINT.exec(rest);
    const word = next?.[1]?.toUpperCase();
    if (next === null || (joint !== undefined && joint !== word)) throw unreadable(query);
    joint = word;
    rest = rest.slice(next[0].length);
  }
  const pinned =
    joint === 'OR' ? undefined : clauses.find((clause) => clause.metadataKey === 'reference' && !clause.negated);
  return {
    matches: (intent) =>
      joint === 'OR'
        ? clauses.some((clause) => holds(clause, intent))
        : clauses.every((clause) => holds(clause, intent)),
    reference: pinned?.value,
  };
}

function clauseOf(match: RegExpExecArray, query: string): Clause {
  const metadataKey = match[2] ?? match[3];
  const field = metadataKey === undefined ? (match[4] ?? '') : 'metadata';
  const operator = match[5] ?? ':';
  const quoted = match[6] ?? match[7];
  const known = field === 'metadata' || NUMERIC.has(field) || TEXTUAL.has(field);
  if (!known)
    throw invalid(`Field \`${field}\` is an unsupported search field for resource \`payment_intents\`.`, {
      param: 'query',
    });
  if (!NUMERIC.has(field) && operator !== ':') throw unreadable(query);
  const value = quoted === undefined ? (match[8] ?? '') : quoted.replaceAll(/\\(.)/g, '$1');
  return { field, metadataKey, operator, value, negated: match[1] === '-' };
}

function holds(clause: Clause, intent: SearchableIntent): boolean {
  return compare(clause, intent) !== clause.negated;
}

function compare(clause: Clause, intent: SearchableIntent): boolean {
  if (clause.metadataKey !== undefined) return intent.metadata[clause.metadataKey] === clause.value;
  const actual = intent[clause.field as Exclude<keyof SearchableIntent, 'metadata'>];
  if (!NUMERIC.has(clause.field)) return String(actual ?? 'null').toLowerCase() === clause.value.toLowerCase();
  const number = Number(clause.value);
  switch (clause.operator) {
    case '>':
      return Number(actual) > number;
    case '>=':
      return Number(actual) >= number;
    case '<':
      return Number(actual) < number;
    case '<=':
      return Number(actual) <= number;
    default:
      return Number(actual) === number;
  }
}

function unreadable(query: string): Error {
  return invalid(
    `We were unable to parse your search query: ${query}. Join clauses such as metadata['order']:'6735' by AND or by OR.`,
    { param: 'query' },
  );
}
