/**
 * Traffic of a generated run: few operations, bunched in time, by clients that are impatient
 * and cardholders that are slow, quick, absent or unable.
 */
import type { Random } from '../../../kernel/index.ts';
import type { Card, CardholderEntry, ClientEntry, Traffic } from '../../dsl/index.ts';
import { durationOf } from './moments.ts';
import type { Setting } from './troubles.ts';

const CURRENCIES = ['EUR', 'EUR', 'SEK', 'JPY', 'KWD'];

type Weights = Partial<Record<Card, number>>;

const CARDS: readonly Weights[] = [
  { ok: 1 },
  { ok: 4, declined: 1, 'insufficient-funds': 1 },
  { '3ds': 3, ok: 1 },
  { ok: 2, '3ds': 2, '3ds-frictionless': 1, '3ds-declined': 1, declined: 1 },
];

/** Zero seconds of thought lets the webhook race the browser's return. */
const CARDHOLDERS: readonly CardholderEntry[] = [
  { action: 'approve', thinks: '20s' },
  { action: 'approve', thinks: '0s' },
  { action: 'fail', thinks: '5s' },
  { action: 'abandon' },
  { action: 'late', after: '899s' },
  { action: 'late', after: '20m' },
];

export function drawTraffic(draw: Random, setting: Setting): Traffic[] {
  const deposits = draw.integer({ min: 3, max: 8 }, 'deposits');
  const split =
    deposits > 4 && draw.chance(0.6, 'two groups') ? draw.integer({ min: 1, max: deposits - 1 }, 'split') : deposits;
  const traffic: Traffic[] = [drawDeposits(draw.fork('first'), setting, split)];
  if (split < deposits) traffic.push(drawDeposits(draw.fork('second'), setting, deposits - split));
  if (draw.chance(0.45, 'payouts')) traffic.push(drawPayouts(draw.fork('payouts'), setting));
  if (draw.chance(0.2, 'refunds')) {
    traffic.push({
      refunds: draw.integer({ min: 1, max: 2 }, 'refunds'),
      from: draw.pick(['40s', '6m'], 'refunds from'),
      every: '30s',
    });
  }
  return traffic;
}

function drawDeposits(draw: Random, setting: Setting, count: number): Traffic {
  const challenged = drawCards(draw);
  return {
    deposits: count,
    ...drawTiming(draw, count, setting),
    ...drawMoney(draw),
    ...drawPsps(draw, setting),
    card: challenged.card,
    ...(challenged.challenge ? { cardholder: draw.pick(CARDHOLDERS, 'cardholder') } : {}),
    client: drawClient(draw),
    players: draw.integer({ min: 1, max: 2 }, 'players'),
  };
}

function drawPayouts(draw: Random, setting: Setting): Traffic {
  const count = draw.integer({ min: 1, max: 3 }, 'count');
  return {
    payouts: count,
    ...drawTiming(draw, count, setting),
    fund: '100',
    amount: draw.pick(['40', '60', '100'], 'amount'),
    currency: draw.pick(['EUR', 'JPY'], 'currency'),
    ...drawPsps(draw, setting),
    destination: draw.chance(0.3, 'fails') ? 'fail' : 'ok',
    client: drawClient(draw),
    players: draw.integer({ min: 1, max: 2 }, 'players'),
  };
}

function drawCards(draw: Random): { card: Weights; challenge: boolean } {
  const card = draw.pick(CARDS, 'cards');
  return { card, challenge: card['3ds'] !== undefined };
}

/** All at once, in pairs at the same instant, or one after the other. */
function drawTiming(
  draw: Random,
  count: number,
  { spanMs }: Setting,
): { from: string; burst?: boolean; at?: string[]; every?: string } {
  const from = durationOf(draw.pick([0, 1_000, 30_000, Math.floor(spanMs / 8)], 'from'));
  switch (draw.pick(['burst', 'pairs', 'row', 'row'], 'timing')) {
    case 'burst':
      return { from, burst: true };
    case 'pairs': {
      const gapMs = draw.pick([50, 2_000, 60_000], 'pair gap');
      return { from, at: Array.from({ length: count }, (_, index) => durationOf(Math.floor(index / 2) * gapMs)) };
    }
    default:
      return { from, every: durationOf(draw.pick([400, 7_000, 45_000, Math.floor(spanMs / 12)], 'every')) };
  }
}

function drawMoney(draw: Random): { amount: { min: string; max: string }; currency: string } {
  return { amount: { min: '5', max: '250' }, currency: draw.pick(CURRENCIES, 'currency') };
}

function drawPsps(draw: Random, { psps }: Setting): { psp?: string | string[] } {
  if (draw.chance(0.3, 'any psp')) return {};
  return { psp: draw.chance(0.3, 'one psp') ? draw.pick(psps, 'psp') : [...psps] };
}

function drawClient(draw: Random): ClientEntry {
  const impatient = draw.chance(0.3, 'impatient');
  return {
    ...(impatient
      ? {
          timeout: draw.pick(['2s', '9s', '11s'], 'timeout'),
          retries: 4,
          retry_after: draw.pick(['500ms', '3s', '61s'], 'retry after'),
        }
      : {}),
    double_submit: draw.chance(0.3, 'double submit'),
    reuse_key_with_other_body: draw.chance(0.2, 'reuse key'),
  };
}
