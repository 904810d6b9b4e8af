/**
 * Troubles: what can dominate a generated run. Each draws its own faults; a seed takes one to
 * four of them and leaves the others out (swarm testing: a run with everything in it hides
 * what a run with little in it shows).
 */
import type { Random } from '../../../kernel/index.ts';
import type { FaultEntry } from '../../dsl/index.ts';
import { durationOf, nearAnEdge, nearATimeout } from './moments.ts';

export interface Setting {
  psps: readonly string[];
  /** For how long things may go wrong, in milliseconds. */
  spanMs: number;
}

export type Trouble = (draw: Random, setting: Setting) => FaultEntry[];

/** What every PSP here says of itself at least: a status that lags longer would break its own promise. */
const DOCUMENTED_LAG = '5s';

const CREATE = ['create-payment', 'create-payout'];
const QUESTIONS = ['get-payment', 'list-payments', 'get-payout', 'list-payouts'];
const FINALS = ['captured', 'failed', 'paid'];

/** Strong enough to matter in a run of few payments. */
function often(draw: Random, label: string): number {
  return draw.pick([0.4, 0.6, 0.8, 1], label);
}

/** All PSPs, or one of them. */
function somewhere(draw: Random, label: string, { psps }: Setting): { psp?: string } {
  return draw.chance(0.3, label, 'one psp') ? { psp: draw.pick(psps, label, 'psp') } : {};
}

/** The whole time under faults, or a part of it. */
function sometime(draw: Random, label: string, { spanMs }: Setting): { from?: string; to?: string } {
  if (draw.chance(0.5, label, 'always')) return {};
  const fromMs = Math.floor((spanMs / 3) * draw.unit(label, 'from'));
  const toMs = fromMs + Math.ceil((spanMs / 2) * (0.1 + 0.9 * draw.unit(label, 'to')));
  return { from: durationOf(fromMs), to: durationOf(toMs) };
}

/** A fault of API calls at the calls that move money. */
function onCalls(fault: string, more?: (draw: Random) => Pick<FaultEntry, 'with' | 'operation'>): Trouble {
  return (draw, setting) => [
    {
      fault,
      ...somewhere(draw, fault, setting),
      operation: CREATE,
      ...sometime(draw, fault, setting),
      chance: often(draw, fault),
      ...more?.(draw),
    },
  ];
}

/** A fault of webhooks. */
function onEvents(
  fault: string,
  more?: (draw: Random, setting: Setting) => Pick<FaultEntry, 'with' | 'event' | 'chance'>,
): Trouble {
  return (draw, setting) => [
    { fault, ...somewhere(draw, fault, setting), chance: often(draw, fault), ...more?.(draw, setting) },
  ];
}

const error = (draw: Random) => ({
  with: { status: draw.pick([500, 502, 503, 504], 'status'), remembered: draw.chance(0.5, 'remembered') },
});

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'answers lost': onCalls('answer-lost'),
  'calls hang after the money moved': onCalls('hang'),
  'calls hang before anything happened': onCalls('hang-before-commit'),
  'errors after the money moved': onCalls('error-after-commit', error),
  'errors before anything happened': onCalls('error', error),
  'connections reset before anything happened': onCalls('reset-before-commit'),
  'answers cut off': onCalls('truncated', (draw) =>
    draw.chance(0.5, 'questions too') ? { operation: [...CREATE, ...QUESTIONS] } : {},
  ),
  'answers as late as a time-out': onCalls('slow-answer', (draw) => ({
    with: { fixed: durationOf(nearATimeout(draw, 'slow')) },
  })),
  'work as slow as a time-out': onCalls('latency', (draw) => ({
    with: { fixed: durationOf(nearATimeout(draw, 'latency')) },
  })),
  'rate limits': onCalls('rate-limited'),
  'an outage': (draw, setting) => [
    {
      fault: 'outage',
      ...somewhere(draw, 'outage', setting),
      ...sometime(draw, 'outage', setting),
      with: { as: draw.pick(['refused', 'reset', '503'], 'outage') },
    },
  ],
  'questions that find nothing yet': (draw, setting) => [
    { fault: 'answer-lost', ...somewhere(draw, 'lag', setting), operation: CREATE, chance: often(draw, 'lag') },
    {
      fault: 'error',
      operation: QUESTIONS,
      ...sometime(draw, 'lag', setting),
      chance: often(draw, 'lag error'),
      ...error(draw),
    },
  ],
  'status answers that lag behind': (draw, setting) => [
    { fault: 'answer-lost', ...somewhere(draw, 'behind', setting), operation: CREATE, chance: often(draw, 'behind') },
    { fault: 'lagging-status', ...sometime(draw, 'behind', setting), with: { lag: DOCUMENTED_LAG } },
  ],
  'webhooks lost and sent again': onEvents('webhook-lost', (draw) => ({
    with: { attempts: draw.pick([1, 2, 4], 'attempts') },
  })),
  'webhooks swallowed': onEvents('webhook-lost', () => ({ with: { silently: true } })),
  'webhooks late': onEvents('webhook-late', (draw, { spanMs }) => ({
    with: { delay: durationOf(nearAnEdge(draw, 'late', spanMs)) },
  })),
  'webhooks in bursts': onEvents('webhook-duplicate', (draw) => ({
    chance: 1,
    with: { copies: draw.integer({ min: 1, max: 5 }, 'copies'), mode: 'burst' },
  })),
  'webhooks again much later': onEvents('webhook-duplicate', (draw, { spanMs }) => ({
    chance: 1,
    with: { copies: draw.pick([1, 1, 2], 'copies'), mode: 'serial', gap: durationOf(nearAnEdge(draw, 'gap', spanMs)) },
  })),
  'webhooks out of order': onEvents('webhook-reorder', (draw) => ({
    chance: 1,
    with: { spread: draw.pick(['5s', '1m', '10m', '1h'], 'spread') },
  })),
  'webhooks before the answer': (draw, setting) => [
    { fault: 'webhook-before-response', ...somewhere(draw, 'early', setting), chance: often(draw, 'early') },
  ],
  'acknowledgements lost': onEvents('webhook-ack-lost', (draw) => ({
    with: { attempts: draw.pick([1, 2], 'attempts') },
  })),
  'forged webhooks': (draw) =>
    ['wrong-key', 'missing', 'malformed', 'altered-body']
      .filter((signature) => draw.chance(0.5, 'forger', signature))
      .map((signature) => ({
        fault: 'webhook-forged',
        chance: often(draw, signature),
        with: { signature, after: draw.pick(['0s', '200ms', '3s', '6m'], 'forged after', signature) },
      })),
  'old webhooks replayed': onEvents('webhook-stale', (draw) => ({
    with: { age: draw.pick(['6m', '1h', '26h'], 'age'), after: draw.pick(['0s', '2s', '10m'], 'stale after') },
  })),
  'wrong amounts': onEvents('webhook-wrong-amount', (draw) => ({
    with: { factor: draw.pick([0.01, 0.1, 10, 100], 'factor') },
  })),
  'wrong currencies': onEvents('webhook-wrong-currency', (draw) => ({
    with: { currency: draw.pick(['USD', 'JPY'], 'currency') },
  })),
  'finals that contradict': onEvents('webhook-contradictory', (draw, { spanMs }) => ({
    event: FINALS,
    with: { after: draw.chance(0.5, 'soon') ? '1s' : durationOf(nearAnEdge(draw, 'contradiction', spanMs)) },
  })),
};

/**
 * Troubles that do not go together: when the truth may never arrive, a signed lie is all that
 * the PSP says, and no service could know better.
 */
export const HIDES_THE_TRUTH: readonly string[] = ['webhooks swallowed', 'webhooks lost and sent again'];
export const LIES_UNDER_SIGNATURE = 'finals that contradict';
