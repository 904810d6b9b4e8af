/**
 * What a target file leaves out because it goes without saying: headers that every call carries, and
 * words of the service that are those of the harness.
 */
import { STATUSES, type Target, type TargetFile } from './target-file.ts';

interface WithHeaders {
  headers?: Record<string, string>;
}

/** @param kinds the harness's own words for ledger entries */
export function completeTarget<T extends TargetFile | Target>(target: T, kinds: readonly string[]): T {
  const { headers = {}, deposit, observe, abilities } = target;
  const carrying = <Call extends WithHeaders>(call: Call): Call => ({
    ...call,
    headers: { ...headers, ...call.headers },
  });
  const operation = (one: TargetFile['deposit']): TargetFile['deposit'] => ({
    ...carrying(one),
    ...(one.status === undefined ? {} : { status: carrying(one.status) }),
  });
  const { payout, refund, fund } = target;
  return {
    ...target,
    states: { ...ownWords(STATUSES), ...target.states },
    kinds: { ...ownWords(kinds), ...target.kinds },
    deposit: operation(deposit),
    ...(payout === undefined ? {} : { payout: operation(payout) }),
    ...(refund === undefined ? {} : { refund: operation(refund) }),
    ...(fund === undefined ? {} : { fund: carrying(fund) }),
    ...(observe === undefined ? {} : { observe: withHeaders(observe, headers) }),
    ...(abilities?.test_clock === undefined
      ? {}
      : { abilities: { ...abilities, test_clock: carrying(abilities.test_clock) } }),
  };
}

function ownWords<Word extends string>(words: readonly Word[]): Record<string, Word> {
  return Object.fromEntries(words.map((word) => [word, word]));
}

function withHeaders<Observe extends object>(observe: Observe, headers: Record<string, string>): Observe {
  const readings = Object.entries(observe).map(([what, reading]: [string, unknown]) =>
    typeof reading === 'object' && reading !== null && 'call' in reading
      ? [what, { ...reading, headers: { ...headers, ...(reading as WithHeaders).headers } }]
      : [what, reading],
  );
  return Object.fromEntries(readings) as Observe;
}
