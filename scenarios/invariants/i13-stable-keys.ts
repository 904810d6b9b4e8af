/**
 * I13: one intent, one key, for ever. Every request that begins the same payment or payout at a
 * PSP carries the same idempotency key, over retries, restarts and processes, and no key is used
 * for two of them. A key that is made anew for each try protects nobody.
 */
import type { Exchange, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at } from './support.ts';

const BEGINS: ReadonlySet<string> = new Set(['create-payment', 'create-payout']);

export const stableKeys: Invariant = {
  id: 'I13',
  title: 'Stable keys',
  says: 'All requests that begin one payment at a PSP carry one idempotency key, and it belongs to that payment alone.',
  judge(run) {
    const findings = new Findings();
    const byReference = new Map<string, Exchange>();
    const byKey = new Map<string, Exchange>();
    for (const exchange of beginnings(run)) {
      findings.saw();
      const { psp, reference, idempotencyKey, operation, received } = exchange;
      const about = `${reference ?? ''} at ${psp}`;
      const report = (contradiction: string, witnesses: number[], facts: [string, string]): void => {
        const payment = run.ownerOf(reference);
        findings.violation({ contradiction, witnesses, facts, ...(payment === undefined ? {} : { payment }) });
      };
      if (idempotencyKey === null) {
        report(
          `The ${operation} of ${about} was sent ${at(received.t)} without an idempotency key.`,
          [received.index],
          ['one intent', 'no key'],
        );
        continue;
      }
      const first = byReference.get(`${operation} ${psp} ${reference ?? ''}`);
      if (first !== undefined && first.idempotencyKey !== idempotencyKey) {
        report(
          `The ${operation} of ${about} was sent ${at(first.received.t)} under the key ${first.idempotencyKey ?? 'none'} and ${at(received.t)} under the key ${idempotencyKey}.`,
          [first.received.index, received.index],
          ['one intent', 'two keys'],
        );
      }
      const other = byKey.get(`${psp} ${idempotencyKey}`);
      if (other !== undefined && (other.reference !== reference || other.operation !== operation)) {
        report(
          `The key ${idempotencyKey} was sent to ${psp} ${at(other.received.t)} for ${other.reference ?? ''} and ${at(received.t)} for ${reference ?? ''}.`,
          [other.received.index, received.index],
          ['one key', 'two intents'],
        );
      }
      byReference.set(`${operation} ${psp} ${reference ?? ''}`, first ?? exchange);
      byKey.set(`${psp} ${idempotencyKey}`, other ?? exchange);
    }
    return findings.judgement();
  },
};

/** Requests that begin something of which the PSP could tell what it is. */
export function beginnings(run: RunModel): Exchange[] {
  return run.exchanges.filter((exchange) => BEGINS.has(exchange.operation) && exchange.reference !== null);
}
