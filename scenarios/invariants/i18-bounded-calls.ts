/**
 * I18: trouble at a PSP does not become more trouble by us. However long an outage lasts, the
 * calls about one payment stay few: retries back off, queries grow rare, and layers do not
 * multiply each other. Judged only where the target's clock runs as fast as the scenario's.
 */
import type { Exchange, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at } from './support.ts';

interface Policy {
  windowMs: number;
  /** Calls of any kind about one payment at one PSP. */
  most: number;
  words: string;
}

/**
 * Above everything that a patient client does: one that asks after 5 s, 10 s, 20 s and so on
 * makes eight calls in its first ten minutes, the reference service at most 30 with all its
 * retries, webhooks to confirm and returns. One that retries every second is far beyond.
 */
export const CALL_POLICY: readonly Policy[] = [
  { windowMs: 60_000, most: 20, words: 'one minute' },
  { windowMs: 600_000, most: 60, words: 'ten minutes' },
];

/** Made by people at their browsers, not by the target. */
const NOT_OURS: ReadonlySet<string> = new Set(['submit-challenge', 'read-other', 'read-settlement']);

export const boundedCalls: Invariant = {
  id: 'I18',
  title: 'Bounded amplification',
  says: 'The calls to a PSP about one payment stay within a policy, however long that PSP is in trouble.',
  judge(run) {
    const findings = new Findings();
    for (const [about, calls] of callsByPayment(run)) {
      findings.saw();
      for (const policy of CALL_POLICY) {
        const busiest = busiestWindow(calls, policy.windowMs);
        const [first, last] = [busiest[0], busiest.at(-1)];
        if (busiest.length <= policy.most || first === undefined || last === undefined) continue;
        const payment = run.ownerOf(first.reference);
        findings.violation({
          contradiction: `${about} was the subject of ${busiest.length} calls within ${policy.words} from ${at(first.received.t).slice(3)} on; ${policy.most} are the most.`,
          ...(payment === undefined ? {} : { payment }),
          witnesses: [first.received.index, last.received.index],
          facts: [`at most ${policy.most} calls in ${policy.words}`, `${busiest.length} calls`],
        });
        break;
      }
    }
    return findings.judgement();
  },
};

/** Whether the run's clocks allow to count calls per minute. */
export function countable(run: RunModel): boolean {
  return (run.note?.service_clock?.factor ?? 1) === 1 && callsByPayment(run).size > 0;
}

function callsByPayment(run: RunModel): Map<string, Exchange[]> {
  const calls = new Map<string, Exchange[]>();
  for (const exchange of run.exchanges) {
    if (exchange.reference === null || NOT_OURS.has(exchange.operation)) continue;
    const about = `Reference ${exchange.reference} at ${exchange.psp}`;
    const known = calls.get(about);
    if (known === undefined) calls.set(about, [exchange]);
    else known.push(exchange);
  }
  return calls;
}

/** The window of that length with most calls. Two pointers over calls that are in order. */
function busiestWindow(calls: readonly Exchange[], windowMs: number): readonly Exchange[] {
  let best: [from: number, to: number] = [0, 0];
  let from = 0;
  for (let to = 0; to < calls.length; to++) {
    while ((calls[to]?.received.t ?? 0) - (calls[from]?.received.t ?? 0) > windowMs) from += 1;
    if (to + 1 - from > best[1] - best[0]) best = [from, to + 1];
  }
  return calls.slice(...best);
}
