/**
 * Deposits of a generated run, by every method and in one or two steps: impatient clients, two
 * tabs, cardholders who are slow, quick, absent or unable, methods that are kept and charged again.
 */
import type { Random } from '../../../kernel/index.ts';
import {
  ABILITIES,
  type Abilities,
  type Afterwards,
  type Card,
  type CardholderEntry,
  type ClientEntry,
  type DepositTraffic,
  type Dialect,
  type Method,
} from '../../dsl/index.ts';
import { durationOf, nearAnEdge, type Setting } from './setting.ts';
import { drawTiming } from './timing.ts';

const CURRENCIES = ['EUR', 'EUR', 'SEK', 'GBP', 'JPY', 'KWD'];

type Weights = Partial<Record<Card, number>>;

const CARDS: readonly Weights[] = [
  { ok: 1 },
  { ok: 4, declined: 1, 'insufficient-funds': 1 },
  { '3ds': 3, ok: 1 },
  { ok: 2, '3ds': 2, '3ds-frictionless': 1, '3ds-declined': 1, declined: 1 },
  { ok: 2, 'refund-fails-late': 1 },
];

const AFTERWARDS: readonly (readonly Afterwards[])[] = [
  ['capture'],
  ['capture', 'capture-part', 'void'],
  ['capture-part'],
  ['void', 'capture'],
  ['leave', 'capture'],
];

/** PSPs that can do what an entry asks for; the names go into the file. */
export function pspsThat({ psps, dialects }: Setting, can: (dialect: Dialect, able: Abilities) => boolean): string[] {
  return psps.filter((_, index) => {
    const dialect = dialects[index] as Dialect;
    return can(dialect, ABILITIES[dialect]);
  });
}

/** Currencies that all of these PSPs take; euros are always among them. */
export function drawCurrency(draw: Random, { dialects, psps }: Setting, asked: readonly string[]): string {
  const takes = (currency: string): boolean =>
    dialects.every((dialect, index) => {
      const { currencies } = ABILITIES[dialect];
      return !asked.includes(psps[index] ?? '') || currencies === null || currencies.includes(currency);
    });
  return draw.pick(CURRENCIES.filter(takes), 'currency');
}

export function drawClient(draw: Random, setting: Setting): ClientEntry {
  const timeout = draw.pick(['2s', '9s', '11s'], 'timeout');
  // Who gives up after two seconds and comes back at once has gone before any slow answer.
  const soon = timeout === '2s' ? ['3s', '61s'] : ['500ms', '3s', '61s'];
  const impatient = draw.chance(0.3, 'impatient')
    ? {
        timeout,
        retries: timeout === '2s' ? 4 : draw.pick([2, 4], 'retries'),
        retry_after: draw.chance(0.3, 'at an edge')
          ? durationOf(Math.max(3_000, nearAnEdge(draw, 'retry', setting)))
          : draw.pick(soon, 'retry after'),
      }
    : {};
  return {
    ...impatient,
    ...(draw.chance(0.3, 'double submit') ? { double_submit: true } : {}),
    ...(draw.chance(0.15, 'reuse key') ? { reuse_key_with_other_body: true } : {}),
  };
}

/** Zero seconds of thought lets the webhook race the browser's return. */
function drawCardholder(draw: Random, setting: Setting): CardholderEntry {
  switch (draw.pick(['slow', 'quick', 'quick', 'fail', 'abandon', 'late'], 'cardholder')) {
    case 'slow':
      return { action: 'approve', thinks: '20s' };
    case 'quick':
      return { action: 'approve', thinks: draw.pick(['0s', '1s'], 'thinks') };
    case 'fail':
      return { action: 'fail', thinks: '5s' };
    case 'abandon':
      return { action: 'abandon' };
    default:
      return { action: 'late', after: durationOf(Math.max(1_000, nearAnEdge(draw, 'late', setting))) };
  }
}

export type DepositStyle = 'plain' | 'two steps' | 'keep' | 'kept';

const USE = {
  plain: 'methods',
  'two steps': 'twoStepMethods',
  keep: 'storableMethods',
  kept: 'storableMethods',
} as const satisfies Record<DepositStyle, keyof Abilities>;

/** Undefined when none of the PSPs can do it. */
export function drawDeposits(
  draw: Random,
  setting: Setting,
  { style, count, fromMs }: { style: DepositStyle; count: number; fromMs: readonly number[] },
): DepositTraffic | undefined {
  const use = USE[style];
  const able = pspsThat(setting, (_, abilities) => abilities[use].length > 0);
  if (able.length === 0) return undefined;
  const lead = draw.pick(able, 'psp');
  const leadDialect = setting.dialects[setting.psps.indexOf(lead)] as Dialect;
  const method: Method = draw.pick(ABILITIES[leadDialect][use], 'method');
  const same = pspsThat(setting, (_, abilities) => abilities[use].includes(method));
  const asked = draw.chance(0.7, 'all of them') ? same : [lead];
  const card = draw.pick(CARDS, 'cards');
  return {
    deposits: count,
    ...drawTiming(draw, count, setting, fromMs),
    amount: { min: '5', max: '250' },
    currency: drawCurrency(draw, setting, asked),
    psp: asked,
    method,
    card,
    ...(card['3ds'] !== undefined || method !== 'card' ? { cardholder: drawCardholder(draw, setting) } : {}),
    ...(style === 'two steps' ? twoSteps(draw, setting) : {}),
    ...(style === 'keep' ? { keep: true } : {}),
    ...(style === 'kept' ? { pay_with: draw.pick(['kept', 'kept', 'removed'] as const, 'pay with') } : {}),
    client: drawClient(draw, setting),
    players: draw.integer({ min: 1, max: 2 }, 'players'),
  };
}

function twoSteps(draw: Random, setting: Setting): Pick<DepositTraffic, 'capture' | 'afterwards'> {
  const after = draw.chance(0.4, 'afterwards at an edge')
    ? durationOf(Math.max(1_000, nearAnEdge(draw, 'afterwards', setting)))
    : draw.pick(['10s', '2m', '10m'], 'afterwards after');
  return { capture: 'manual', afterwards: { action: [...draw.pick(AFTERWARDS, 'afterwards')], after } };
}
