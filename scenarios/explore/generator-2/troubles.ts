/**
 * Troubles that generator 1 did not know: the payers, the issuers, settlement files, lasting
 * conditions of a PSP, strange answers and strange webhooks. With its troubles they are all kinds
 * of faults. A seed takes one to four of them and leaves the others out.
 */
import type { Random } from '../../../kernel/index.ts';
import type { FaultEntry } from '../../dsl/index.ts';
import { nearATimeout } from '../generator-1/moments.ts';
import { TROUBLES as FIRST_TROUBLES } from '../generator-1/troubles.ts';
import { durationOf, nearAnEdge, type Setting } from './setting.ts';

export type Trouble = (draw: Random, setting: Setting) => FaultEntry[];

type Parameters = (draw: Random, setting: Setting) => Partial<FaultEntry>;

const CREATE = ['create-payment', 'create-payout'];
/** The steps after the first one. */
const LATER_STEPS = ['capture', 'void', 'refund'];
const METHODS = ['save-method', 'remove-method'];

function often(draw: Random, label: string): number {
  return draw.pick([0.4, 0.6, 0.8, 1], label, 'often');
}

/** All PSPs or one of them, and the whole time under faults or a part of it. */
function whereAndWhen(draw: Random, label: string, { psps, spanMs }: Setting): Partial<FaultEntry> {
  const fromMs = Math.floor((spanMs / 3) * draw.unit(label, 'from'));
  const toMs = fromMs + Math.ceil((spanMs / 2) * (0.1 + 0.9 * draw.unit(label, 'to')));
  return {
    ...(draw.chance(0.3, label, 'one psp') ? { psp: draw.pick(psps, label, 'psp') } : {}),
    ...(draw.chance(0.5, label, 'always') ? {} : { from: durationOf(fromMs), to: durationOf(toMs) }),
  };
}

function one(fault: string, parameters: Parameters = () => ({})): Trouble {
  return (draw, setting) => [
    { fault, ...whereAndWhen(draw, fault, setting), chance: often(draw, fault), ...parameters(draw, setting) },
  ];
}

/** Holds for a stretch of time, whoever comes. */
function condition(fault: string, parameters: Parameters = () => ({})): Trouble {
  return (draw, setting) => [{ fault, ...whereAndWhen(draw, fault, setting), ...parameters(draw, setting) }];
}

/** Lines of settlements: one in each file, or as many as there are. */
function ofSettlements(fault: string, parameters: Parameters = () => ({})): Trouble {
  return (draw, setting) => [
    {
      fault,
      ...(draw.chance(0.5, fault, 'some lines') ? { chance: draw.pick([0.3, 0.6], fault, 'chance') } : {}),
      ...parameters(draw, setting),
    },
  ];
}

const NEW_TROUBLES: Readonly<Record<string, Trouble>> = {
  'calls slower and slower': one('latency-ramp', () => ({ chance: 1, with: { start: '200ms', end: '12s' } })),
  'answers that trickle': one('slow-drip', (draw) => ({
    operation: CREATE,
    with: { over: durationOf(nearATimeout(draw, 'drip')) },
  })),
  'a brown-out': condition('brown-out', (draw) => ({ with: { failing: draw.pick([0.4, 0.8], 'failing') } })),
  'a degradation': condition('degradation', (draw) => ({
    with: { failing: draw.pick([0.5, 0.9], 'failing'), slowest: durationOf(nearATimeout(draw, 'slowest')) },
  })),
  'a maintenance page': one('maintenance-page', (draw) => ({ with: { status: draw.pick([200, 503], 'page') } })),
  'errors of all kinds': one('error-mix', (draw) => ({ operation: draw.pick([CREATE, LATER_STEPS], 'operation') })),
  'bodies that make no sense': one('malformed-body', (draw) => ({
    operation: draw.pick([CREATE, [...CREATE, ...LATER_STEPS]], 'operation'),
    with: { as: draw.pick(['half', 'empty', 'garbage', 'empty-object'], 'as') },
  })),
  'wrong content types': one('wrong-content-type'),
  'a storm of rate limits': condition('rate-limit-storm', (draw) => ({
    with: { every: '2m', lasts: draw.pick(['15s', '70s'], 'lasts'), retry_after_s: draw.pick([1, 10], 'retry after') },
  })),
  'an expired API key': condition('api-key-expired'),
  'an expired certificate': condition('certificate-expired'),
  'payments processed twice': one('processed-twice', (draw) => ({
    operation: draw.pick([['create-payment'], ['create-payout'], CREATE], 'operation'),
  })),
  'stale answers about a status': one('stale-status', (draw) => ({ with: { lag: draw.pick(['5s', '1m'], 'lag') } })),
  'questions that find nothing': one('status-not-found', () => ({ chance: 0.2 })),
  'keys forgotten early': condition('key-expiry', (draw) => ({ with: { life: draw.pick(['30m', '2h'], 'life') } })),
  'a clock that is wrong': condition('clock-skew', (draw) => ({
    with: draw.chance(0.5, 'ahead') ? { ahead: '30s' } : { behind: draw.pick(['30s', '4m'], 'behind') },
  })),
  'webhooks signed with an old key': one('webhook-old-key'),
  'webhooks of unknown types': one('webhook-unknown-type', (draw) => ({
    with: { after: draw.pick(['0s', '3s'], 'after') },
  })),
  'webhooks of strangers': one('webhook-foreign-payment', (draw) => ({
    with: { reference: draw.pick(['foreign', 'own'], 'reference') },
  })),
  'webhooks of the test environment': one('webhook-wrong-environment'),
  'webhooks cut off': one('webhook-malformed-body', (draw) => ({ with: { attempts: draw.pick([1, 2], 'attempts') } })),
  'giant webhooks': one('webhook-giant-body', () => ({ chance: 0.4, with: { bytes: 200_000, attempts: 1 } })),
  'payers who walk away': one('cardholder-abandons'),
  'payers who fail': one('cardholder-fails'),
  'payers who are slow': one('cardholder-slow', (draw, setting) => ({
    with: { fixed: durationOf(Math.max(1_000, nearAnEdge(draw, 'slow', setting))) },
  })),
  'payers who come too late': one('cardholder-after-expiry'),
  'payers who return twice': one('cardholder-returns-twice'),
  'payers who return before the webhook': one('cardholder-before-webhook', (draw, setting) => ({
    with: { delay: durationOf(Math.max(1_000, nearAnEdge(draw, 'before', setting))) },
  })),
  'issuers out of reach': one('issuer-unavailable'),
  'issuers that do not take part': one('issuer-attempted'),
  'later steps whose answers are lost': one('answer-lost', () => ({ operation: LATER_STEPS })),
  'later steps that hang': one('hang', () => ({ operation: LATER_STEPS })),
  'later steps that fail after they worked': one('error-after-commit', (draw) => ({
    operation: LATER_STEPS,
    with: { status: draw.pick([500, 503], 'status'), remembered: draw.chance(0.5, 'remembered') },
  })),
  'later steps that never arrive': one('reset-before-commit', () => ({ operation: LATER_STEPS })),
  'trouble with kept methods': one('answer-lost', () => ({ operation: METHODS })),
};

const SETTLEMENT_TROUBLES: Readonly<Record<string, Trouble>> = {
  'settlement lines missing': ofSettlements('settlement-missing-line'),
  'settlement lines too many': ofSettlements('settlement-extra-line'),
  'settlements of wrong amounts': ofSettlements('settlement-wrong-amount', (draw) => ({
    with: { factor: draw.pick([0.9, 1.1, 10], 'factor') },
  })),
  'settlements of wrong currencies': ofSettlements('settlement-wrong-currency'),
  'settlements of wrong fees': ofSettlements('settlement-wrong-fee', (draw) => ({
    with: { more: draw.pick([1, 25], 'more') },
  })),
  'settlement lines twice': ofSettlements('settlement-duplicate-line'),
  'settlements of wrong references': ofSettlements('settlement-wrong-reference'),
  'settlement lines late': ofSettlements('settlement-late-line'),
  'settlement lines in two parts': ofSettlements('settlement-split-line'),
  'settlement lines in one': ofSettlements('settlement-merged-lines'),
  'chargebacks in settlements only': ofSettlements('settlement-unannounced-chargeback'),
  'transfers too small': ofSettlements('settlement-short-payout'),
};

/** Without a settlement nobody reads these. */
export const SETTLEMENT_NAMES: readonly string[] = Object.keys(SETTLEMENT_TROUBLES);

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  ...FIRST_TROUBLES,
  ...NEW_TROUBLES,
  ...SETTLEMENT_TROUBLES,
};
